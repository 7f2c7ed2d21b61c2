"""`archwatch stories`: what is told as one story, how it stands, and what changed with each revision."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from archwatch import bootstrap
from archwatch.cli.options import CONFIG, STATE, ConfigOption, StateOption
from archwatch.contracts.event import FlaggedStory, Phase
from archwatch.contracts.wording import event_in_words
from archwatch.errors import BadInput
from archwatch.settings import load_settings
from archwatch.store.stories import Revision
from archwatch.stories.phase import phase
from archwatch.stories.revisions import State

app = typer.Typer(
    no_args_is_help=True, help="Stories: which outlets carry each, and what changed: list, show."
)

JsonOption = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]


@app.command("list")
def list_stories(
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")] = 20,
    wanted: Annotated[
        Phase | None,
        typer.Option("--phase", help="Of the latest so many, only the new, developing, sustained or fading."),
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """The stories that were last carried, newest first; those merged into others are left out."""
    with (
        bootstrap.opened_store(load_settings(config), state) as store,
        store.story_book(read_only=True) as book,
    ):
        states = [State.model_validate_json(kept) for kept in book.latest(limit)]
    found = [fields for one in states if (fields := _fields(one))["phase"] == (wanted or fields["phase"])]
    if as_json:
        for fields in found:
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
        return
    table = Table("story", "last", "phase", "sources", "independent", "revision", "title", box=None)
    for fields in found:
        table.add_row(*(str(fields[name]) for name in _COLUMNS))
    Console(width=None if sys.stdout.isatty() else 250, markup=False, highlight=False).print(table)


_COLUMNS = ("id", "last_at", "phase", "source_count", "independent_sources", "revision", "title")


@app.command()
def show(
    story: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")],
    as_json: JsonOption = False,
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """One story: outlets, what is coded and who contradicts whom, and what changed with each revision."""
    with (
        bootstrap.opened_store(load_settings(config), state) as store,
        store.story_book(read_only=True) as book,
    ):
        kept = book.state(story)
        revisions = book.revisions(story)
    if kept is None:
        raise BadInput(story, "there is no such story", mend="`archwatch stories list` shows them")
    one = State.model_validate_json(kept)
    fields = _fields(one) | {
        "url": one.data.story.url,
        "predecessor": one.data.story.predecessor,
        "merged_into": one.data.story.merged_into,
        "entries": [ref.model_dump(mode="json") for ref in one.data.story.entries],
        "events": [_event(one.data, position) for position in range(len(one.data.events))],
        "revisions": [_revision(revision) for revision in revisions],
        "waiting": [change.what for change in one.pending],
    }
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n" if as_json else _page(fields))


def _fields(state: State) -> dict[str, Any]:
    story = state.data.story
    return {
        "id": story.id,
        "title": story.title,
        "phase": phase(state.times, datetime.now(UTC)),
        "source_count": len(state.sources),
        "independent_sources": len(set(state.voices)),
        "revision": state.revision,
        "first_at": _instant(min(state.times)),
        "last_at": _instant(max(state.times)),
    }


def _event(data: FlaggedStory, position: int) -> dict[str, Any]:
    outlets = {ref.id: ref.source for ref in data.story.entries}
    event = data.events[position]
    teller = event.entry or data.story.coded_from or ""
    return {
        "what": event_in_words(event),
        "told_by": outlets.get(teller, teller),
        "contested_by": [outlets.get(entry, entry) for entry in event.contested_by],
    }


def _revision(revision: Revision) -> dict[str, Any]:
    data = FlaggedStory.model_validate_json(revision.data)
    changes = [f"{change.kind}: {change.what}" for change in data.story.changes] or ["first sight"]
    return {"revision": revision.revision, "at": _instant(revision.at), "changes": changes}


def _outlets(fields: dict[str, Any]) -> str:
    count = fields["source_count"]
    return "1 outlet" if count == 1 else f"{count} outlets"


def _page(fields: dict[str, Any]) -> str:
    lines = [
        f"{fields['title']}",
        f"  {fields['id']} · {fields['phase']} · {_outlets(fields)}, "
        f"{fields['independent_sources']} independent · {fields['first_at']} to {fields['last_at']}",
    ]
    for name in ("url", "predecessor", "merged_into"):
        lines += [f"  {name.replace('_', ' ')}: {fields[name]}"] if fields[name] else []
    lines += ["outlets", *(f"  {ref['source']}  {ref['url'] or ''}" for ref in fields["entries"])]
    if fields["events"]:
        lines.append("coded")
    for event in fields["events"]:
        contested = f", contested by {', '.join(event['contested_by'])}" if event["contested_by"] else ""
        lines.append(f"  {event['what']} ({event['told_by']}{contested})")
    lines.append("revisions")
    for one in fields["revisions"]:
        lines += [f"  {one['revision']}  {one['at']}  {change}" for change in one["changes"]]
    lines += [f"  waits  {what}" for what in fields["waiting"]]
    return "\n".join(lines) + "\n"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
