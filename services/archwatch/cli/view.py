"""The live terminal view of `archwatch run`: what is polled, judged and published, and the last events."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from archwatch.cli.tail import story_lines
from archwatch.contracts.codec import decode_event
from archwatch.contracts.topics import EVENTS
from archwatch.errors import BadMessage, TransientError
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.states import FINE
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics

STORIES_SHOWN = 6


@dataclass
class View:
    """Reads the metrics and the events topic; changes neither. `after` is where the events shown begin."""

    metrics: Metrics
    health: Health
    log: EventLog
    log_file: Path
    after: dict[int, int]
    _stories: deque[list[Text]] = field(default_factory=lambda: deque(maxlen=STORIES_SHOWN))

    def render(self) -> RenderableType:
        """The whole view, of this moment."""
        problem = self._read_new()
        stories = [line for story in self._stories for line in story]
        if not stories:
            stories = [Text("no story flagged yet: the seeds feed brings some within seconds", style="dim")]
        foot = Text(f"log: {self.log_file} · Ctrl-C ends after the batch in hand", style="dim")
        _, problems = self.health.readiness()
        warnings = [Text(f"! {part}: {reason}", style="yellow") for part, reason in problems.items()]
        if problem:
            warnings.append(Text(f"! events: {problem}", style="yellow"))
        return Group(
            Panel(self._figures(), title="archwatch", border_style="blue"),
            Panel(Group(*stories), title="latest stories", border_style="green"),
            *warnings,
            foot,
        )

    def _figures(self) -> Table:
        total, stage = self.metrics.total, "archwatch_stage_records_total"
        polls = total("archwatch_polls_total")
        fine = sum(total("archwatch_polls_total", state=state) for state in FINE)
        states = sorted(
            (
                (sample.value, sample.labels["state"])
                for family in self.metrics.polls.collect()
                for sample in family.samples
                if sample.name.endswith("_total") and sample.labels["state"] not in FINE
            ),
            reverse=True,
        )
        why = ", ".join(f"{count:.0f} {state.replace('_', ' ')}" for count, state in states[:4])
        table = Table.grid(padding=(0, 2))
        rows = [
            ("polls", f"{fine:.0f} fine", f"{polls - fine:.0f} failed" + (f" ({why})" if why else "")),
            ("entries", f"{total('archwatch_entries_total'):.0f} new", self._waiting()),
            (
                "judged",
                f"{total(stage, stage='classifier', outcome='flagged'):.0f} flagged",
                f"{total(stage, stage='classifier', outcome='not_flagged'):.0f} not flagged",
            ),
            (
                "published",
                f"{total('archwatch_stories_published_total'):.0f} stories",
                f"{total('archwatch_events_total'):.0f} coded events",
            ),
            (
                "alerts",
                f"{total('archwatch_alerts_total', outcome='sent'):.0f} sent",
                f"{total('archwatch_dead_letters_total'):.0f} dead letters",
            ),
        ]
        for name, first, second in rows:
            table.add_row(Text(name, style="dim"), Text(first, style="bold"), Text(second))
        return table

    def _waiting(self) -> str:
        waiting = {
            sample.labels["stage"]: sample.value
            for family in self.metrics.stage_lag.collect()
            for sample in family.samples
            if sample.value
        }
        return ", ".join(f"{count:.0f} wait for the {stage}" for stage, count in waiting.items())

    def _read_new(self) -> str | None:
        try:
            records = self.log.read(EVENTS.name, after=self.after)
        except TransientError as error:
            return str(error)
        for record in records:
            self.after[record.partition] = record.offset
            try:
                self._stories.append(story_lines(decode_event(record)))
            except BadMessage as error:
                self._stories.append([Text(f"an event that cannot be read: {error}", style="red")])
        return None
