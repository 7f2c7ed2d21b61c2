"""How each feed stands, as a table of 80 columns and as a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from archwatch.scheduler.after import arrivals_of
from archwatch.scheduler.arrivals import typical_gap
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.states import in_words, label
from archwatch.store import FeedState

_ENOUGH_DAYS: Final = 0.5  # watched, to say how many entries come in one


@dataclass(frozen=True)
class Standing:
    """A feed of the list and what is known of it: `state` as the metrics have it; `rhythm`, the usual time
    between two entries, and `a_day`, entries a day, None with too little history."""

    feed: Feed
    known: FeedState | None
    state: str
    why: str
    rhythm: timedelta | None = None
    a_day: float | None = None

    def record(self) -> dict[str, Any]:
        """For a pipe: durations in seconds, instants in ISO 8601."""
        known = self.known
        return {
            "url": self.feed.url,
            "title": self.feed.title,
            "group": self.feed.group,
            "language": self.feed.language,
            "state": self.state,
            "status": known.status if known else None,
            "last_success_at": _iso(known.last_success_at if known else None),
            "last_entry_at": _iso(known.last_entry_at if known else None),
            "rhythm_seconds": self.rhythm.total_seconds() if self.rhythm else None,
            "next_poll_at": _iso(known.next_poll_at if known and not self.feed.paused else None),
            "entries_a_day": round(self.a_day, 2) if self.a_day is not None else None,
            "failures": known.failures if known else 0,
            "asked_at": (known.location if known else None) or self.feed.url,
            "why": self.why,
        }


def standing(feed: Feed, known: FeedState | None, counts: tuple[float, float] = (0.0, 0.0)) -> Standing:
    """`why`: what is wrong, where it moved, and what decides when it is asked next. `counts`: entries that
    came, and the days in which they did."""
    if feed.paused:
        return Standing(feed, known, "paused", "paused in the feed list")
    if known is None or known.last_polled_at is None:
        return Standing(feed, known, "not_polled", "new in the feed list")
    moved = f"asked at {known.location}" if known.location else None
    why = "; ".join(filter(None, (known.detail, moved, known.why_then)))
    entries, days = counts
    return Standing(
        feed,
        known,
        label(known.state, known.status),
        why,
        typical_gap(arrivals_of(known)),
        entries / days if days >= _ENOUGH_DAYS else None,
    )


def as_table(rows: Sequence[Standing], now: datetime) -> Table:
    """Times are told from `now`: success `3 h` ago, next in `12 min`."""
    table = Table(box=None, pad_edge=False)
    table.add_column("state", max_width=13)
    table.add_column("feed", ratio=2, overflow="fold")
    for name in ("success", "rhythm", "next", "a day"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why", ratio=3, overflow="fold")
    for row in rows:
        known = row.known
        success = now - known.last_success_at if known and known.last_success_at else None
        later = known.next_poll_at - now if known and not row.feed.paused else None
        table.add_row(
            in_words(row.state),
            escape(row.feed.title),
            span(success),
            span(row.rhythm),
            span(later),
            f"{row.a_day:.3g}" if row.a_day is not None else "",
            escape(row.why),
        )
    return table


def span(time: timedelta | None) -> str:
    """`45 s`, `12 min`, `3 h`, `9 d`; `now` for what is past, nothing for None."""
    if time is None:
        return ""
    seconds = time.total_seconds()
    if seconds < 0.5:
        return "now"
    for unit, size, until in (("s", 1, 120), ("min", 60, 7_200), ("h", 3_600, 172_800)):
        if seconds < until:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} d"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
