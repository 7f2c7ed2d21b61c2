"""Subscriptions with hubs, on either database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from archwatch.store import FeedState, Store, Subscription

NOW = datetime(2026, 3, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
WANTED = Subscription("f", "https://hub.example/", "topic", "token", "secret", NOW)


def test_what_is_agreed_is_kept_until_the_feed_names_another_hub(store: Store) -> None:
    store.enlist_feeds({"f": NOW})
    store.offer_subscription(WANTED)
    store.agree_subscription("token", NOW + HOUR, NOW + HOUR)
    store.ping_feed("token")
    store.offer_subscription(replace(WANTED, token="other", secret="other"))
    assert store.subscription("token") == replace(WANTED, until=NOW + HOUR, ask_at=NOW + HOUR, pinged=True)
    moved = replace(WANTED, hub="https://second.example/", token="other", secret="other")
    store.offer_subscription(moved)
    assert (store.subscription("token"), store.subscription("other")) == (None, moved)
    store.enlist_feeds({})
    assert store.subscription("other") is None
    assert store.claim_subscriptions(NOW, NOW + HOUR, 9) == []


def test_one_of_several_schedulers_asks_the_hub(store: Store) -> None:
    store.enlist_feeds({"f": NOW, "g": NOW})
    for wanted in (WANTED, replace(WANTED, feed="g", token="g", ask_at=NOW + HOUR)):
        store.offer_subscription(wanted)
    assert store.claim_subscriptions(NOW, NOW + 2 * HOUR, 9) == [WANTED]
    assert [one.feed for one in store.claim_subscriptions(NOW + HOUR, NOW + 2 * HOUR, 9)] == ["g"]


def test_a_pinged_feed_comes_due_unless_it_was_just_polled_may_be_polled_or_fails(store: Store) -> None:
    store.enlist_feeds({"f": NOW})
    store.offer_subscription(WANTED)
    well = FeedState("f", NOW + HOUR, state="ok", last_polled_at=NOW)
    soon, lease = timedelta(seconds=20), timedelta(seconds=40)

    def due(state: FeedState, now: datetime) -> int:
        store.record_poll([], NOW, lambda _: state)
        store.ping_feed("token")
        return store.make_pinged_due(now, now - soon, now + lease)

    assert due(well, NOW + soon / 2) == 0
    assert due(well, NOW + HOUR - lease) == 0
    assert due(replace(well, failures=1), NOW + soon) == 0
    assert due(well, NOW + soon) == 1
    assert store.make_pinged_due(NOW + soon, NOW, NOW + lease) == 0
    assert store.claim_due(NOW + soon, NOW + HOUR, 9) == ["f"]
