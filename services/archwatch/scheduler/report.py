"""What a poll came to, and who is told of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from archwatch.errors import BadInput, TransientError
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.states import PollState, label


@dataclass(frozen=True)
class PollReport:
    """What one poll came to. `problems` names the first of what was bad; `seconds` it took;
    `status` of HTTP; `notice` what a person should hear of, such as a feed that retired.

    `kept_back` counts entries remembered but not published, as store.Remembered says; those `updated` and
    `renamed` are among `entries_seen`.
    """

    feed: Feed
    state: PollState
    detail: str | None
    new_ids: tuple[str, ...]
    entries_seen: int
    entries_bad: int
    entries_skipped: int
    problems: tuple[BadInput, ...]
    seconds: float
    status: int | None = None
    notice: str | None = None
    kept_back: Mapping[str, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return label(self.state, self.status)

    @property
    def entries_new(self) -> int:
        return len(self.new_ids)


@dataclass(frozen=True)
class OutboxState:
    """How many messages wait for the log, whether polling pauses, and why the log does not take them."""

    waiting: int
    full: bool
    trouble: TransientError | None


@dataclass(frozen=True)
class Watchers:
    """Who is told what happens: each poll, faults of the feed list, the URLs it then holds, a store that is
    away, and what waits in the outbox after each attempt to publish."""

    on_poll: Callable[[PollReport], None] = lambda _: None
    on_list_problems: Callable[[Sequence[BadInput]], None] = lambda _: None
    on_list: Callable[[Sequence[str]], None] = lambda _: None
    on_trouble: Callable[[TransientError], None] = lambda _: None
    on_outbox: Callable[[OutboxState], None] = lambda _: None
