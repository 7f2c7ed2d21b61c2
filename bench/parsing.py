"""Feeds a second from body to entries, beside feedparser: `python bench/parsing.py FEEDS`.

FEEDS is a folder of feed documents as served, or a tar archive of one. Every body that is read fast is
compared with what feedparser makes of it.
"""

import io
import resource
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from archwatch.scheduler.bounds import Refused, refuse_entities
from archwatch.scheduler.decoding import decode, without_xml_declaration
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.jsonfeed import looks_like_json
from archwatch.scheduler.parse import ParsedFeed, parse_feed
from archwatch.scheduler.parsers import Parsers
from archwatch.scheduler.plainfeed import read_plain
from archwatch.scheduler.syndication import NotAFeed, Unparsable, read_syndication

NOW = datetime(2026, 3, 4, tzinfo=UTC)
FEED = Feed("https://n.example/feed", "Norland Wire")
MAX_ENTRIES = 2_000
ROUNDS = 3


def bodies_in(place: Path) -> Iterator[bytes]:
    if place.is_dir():
        yield from (path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file())
        return
    with tarfile.open(place) as archive:
        for member in archive:
            if member.isfile() and (stream := archive.extractfile(member)):
                yield stream.read()


def measured(name: str, bodies: list[bytes], work: Callable[[list[bytes]], object], rounds: int = 1) -> None:
    """Prints the best of some rounds, and the processor time of this process."""
    took, cpu = [], time.process_time()
    for _ in range(rounds):
        started = time.perf_counter()
        work(bodies)
        took.append(time.perf_counter() - started)
    cpu = (time.process_time() - cpu) / rounds / len(bodies)
    print(f"{name:<44} {len(bodies) / min(took):>8.1f} bodies/s {cpu * 1e3:>8.1f} ms CPU a body here")


def by_feedparser(bodies: list[bytes]) -> None:
    for body in bodies:
        with suppress(Exception):  # it raises on some
            feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml"})


def here(body: bytes) -> ParsedFeed:
    return parse_feed(body, feed=FEED, content_type=None, fetched_at=NOW, max_entries=MAX_ENTRIES)


def in_processes(number: int, bodies: list[bytes]) -> None:
    parsers = Parsers(number, seconds=60)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    def parse(body: bytes) -> ParsedFeed:
        return parsers.parse(body, feed=FEED, content_type=None, fetched_at=NOW, max_entries=MAX_ENTRIES)

    with ThreadPoolExecutor(2 * number) as pool:
        list(pool.map(parse, bodies[: 2 * number]))  # they start
        measured(
            f"archwatch, {number} processes", bodies, lambda bodies: list(pool.map(parse, bodies)), ROUNDS
        )
    parsers.close()
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    print(f"{'':<44} {cpu / ROUNDS / len(bodies) * 1e3:>27.1f} ms CPU a body there")


def compared(bodies: list[bytes]) -> Counter[str]:
    became: Counter[str] = Counter()
    for body in bodies:
        text = without_xml_declaration(decode(body, None)[0]).lstrip()
        try:
            refuse_entities(text)
            plain = None if looks_like_json(text) else read_plain(text, MAX_ENTRIES)
            if plain is None:
                became["left to feedparser, or JSON"] += 1
            else:
                became["read fast, equal" if plain == read_syndication(text) else "read fast, DIFFERENT"] += 1
        except (Refused, NotAFeed, Unparsable) as error:
            became[type(error).__name__] += 1
    return became


def main() -> None:
    bodies = list(bodies_in(Path(sys.argv[1])))
    print(f"{len(bodies)} bodies, {sum(map(len, bodies)) / 1e6:.0f} MB")
    print(", ".join(f"{count} {what}" for what, count in sorted(compared(bodies).items())))
    print(f"{sum(len(here(body).entries) for body in bodies)} entries")
    measured("feedparser alone, as it comes, 1 process", bodies, by_feedparser)
    measured("archwatch, in this process", bodies, lambda bodies: list(map(here, bodies)), ROUNDS)
    for number in (1, 2):
        in_processes(number, bodies)


if __name__ == "__main__":
    main()
