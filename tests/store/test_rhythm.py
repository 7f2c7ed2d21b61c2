"""What is known of a feed's rhythm, and feeds held by leases."""

from datetime import UTC, datetime, timedelta

from archwatch.store import FeedState, History, Store, open_store

NOW = datetime(2026, 3, 4, tzinfo=UTC)
HISTORY = History(NOW, 12.5, 3.25, 0.5, tuple(float(hour) for hour in range(24)))


def test_a_rhythm_is_kept_across_restarts(store_url: str) -> None:
    first = open_store(store_url)
    first.enlist_feeds({"https://a.example/": NOW, "https://b.example/": NOW})
    polled = FeedState("https://a.example/", NOW)
    first.record_poll([], NOW, lambda _: polled, lambda _: History(NOW))
    first.record_poll([], NOW, lambda _: polled, lambda _: HISTORY)
    first.close()
    again = open_store(store_url)
    assert again.history("https://a.example/") == HISTORY
    assert again.history("https://b.example/") is None
    assert again.arrival_counts() == {"https://a.example/": (12.5, 3.25), "https://b.example/": (0.0, 0.0)}
    again.enlist_feeds({"https://b.example/": NOW})
    assert again.arrival_counts() == {"https://b.example/": (0.0, 0.0)}
    again.close()


def test_a_lease_is_extended_only_by_who_holds_it(store: Store) -> None:
    lease = timedelta(seconds=40)
    urls = [f"https://{n}.example/" for n in range(3)]
    store.enlist_feeds(dict.fromkeys(urls, NOW))
    assert sorted(store.claim_due(NOW, NOW + lease, 9)) == urls
    polled, renewed, lost = urls
    store.record_poll([], NOW, lambda _: FeedState(polled, NOW + timedelta(hours=3)))
    store.extend_leases([polled, renewed], NOW + lease, NOW + 2 * lease)
    assert store.claim_due(NOW + lease, NOW + 3 * lease, 9) == [lost]
    store.extend_leases([lost], NOW + lease, NOW + 2 * lease)
    due = {url: state.next_poll_at for url, state in store.feed_states().items()}
    assert due == {polled: NOW + timedelta(hours=3), renewed: NOW + 2 * lease, lost: NOW + 3 * lease}
