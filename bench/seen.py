"""What a look-up costs among 5,000 entries seen and among 5 million: `python bench/seen.py [ENTRIES]`.

A look-up is a poll of 30 entries that are all known, as nearly every poll is, on SQLite on disk.
"""

import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from archwatch.contracts.envelope import LogMessage
from archwatch.store import Found, Store, open_store

NOW = datetime(2026, 3, 4, tzinfo=UTC)
PER_FEED = 500
POLLED = 30
ROUNDS = 2_000


def found(feed: int, number: int) -> Found:
    place, name = (sha256(part.encode()).digest() for part in (str(feed), f"{feed}/{number}"))
    url = f"https://n{feed}.example/feed"
    names = (place[:6] + name[:14], place[:6] + name[14:28])
    return Found(url, name.hex()[:32], name.hex(), LogMessage("none", "", b"", {}), names)


def filled(store: Store, entries: int) -> None:
    for feed in range(entries // PER_FEED):
        store.record_found([found(feed, number) for number in range(PER_FEED)], NOW)
        if feed % 20 == 19:
            store.drain_outbox(lambda _id, _: None, batch=100_000)
    store.drain_outbox(lambda _id, _: None, batch=100_000)


def lookups(store: Store, entries: int) -> float:
    """Median seconds of a poll that finds nothing new."""
    rng = random.Random(1)
    took = []
    for _ in range(ROUNDS):
        feed, start = rng.randrange(entries // PER_FEED), rng.randrange(PER_FEED - POLLED)
        poll = [found(feed, start + number) for number in range(POLLED)]
        started = time.perf_counter()
        became = store.record_found(poll, NOW)
        took.append(time.perf_counter() - started)
        assert not became.new
    return statistics.median(took)


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        for entries in (5_000, many):
            store = open_store(f"sqlite:///{Path(folder) / f'{entries}.db'}")
            filled(store, entries)
            seconds[entries] = lookups(store, entries)
            store.close()
            print(f"{entries:>10,} entries seen: {seconds[entries] * 1e6:,.0f} us a poll of {POLLED} known")
    print(f"ratio {seconds[many] / seconds[5_000]:.2f}")


if __name__ == "__main__":
    main()
