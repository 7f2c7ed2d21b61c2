"""`archwatch alerts`: the rules, and what they would have sent."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from archwatch import bootstrap
from archwatch.alerter.policy import Policy
from archwatch.cli.items import item_at, lines_of
from archwatch.cli.options import CONFIG, MODEL, ConfigOption, ModelOption
from archwatch.cli.outcome import InputsFailed, report
from archwatch.contracts.alert import Alert
from archwatch.contracts.codec import decode_event
from archwatch.contracts.entry import Entry
from archwatch.contracts.envelope import Record
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.topics import EVENTS
from archwatch.errors import BadInput, BadMessage
from archwatch.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The rules of config/alerts.yaml, tried before they fire.")


@app.command(name="list")
def list_(config: ConfigOption = CONFIG) -> None:
    """The rules, with severity and meaning."""
    for rule in bootstrap.policy_of(load_settings(config)).rules:
        typer.echo(f"{rule.name:24} {rule.severity:9} {rule.meaning}")


@app.command(name="test")
def try_rule(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The name of a rule; `all`: all together.")],
    on: Annotated[
        str, typer.Option("--on", metavar="FILE", help="Items as for `classify`, or events of `tail --json`.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Alerts as JSON lines.")] = False,
    config: ConfigOption = CONFIG,
    model: ModelOption = MODEL,
) -> None:
    """Show what RULE would have sent over past items, and how many a day. Nothing is sent.

    Each story counts as heard of when it was published; those of a day without an hour are spread over it.
    """
    settings = load_settings(config)
    policy = _only(bootstrap.policy_of(settings), rule)
    stories: list[FlaggedStory] = []
    entries: list[Entry] = []
    total = failed = 0
    with lines_of(on) as lines:
        for number, line in enumerate(lines, start=1):
            total += 1
            found = _event(line, f"{on}:{number}") or item_at(on, number, line)
            if isinstance(found, BadInput):
                failed += 1
                report(found)
            elif isinstance(found, FlaggedStory):
                stories.append(found)
            else:
                entries.append(found)
    if entries:
        judge = bootstrap.stories_of(settings, model)
        for start in range(0, len(entries), 256):
            stories += judge(entries[start : start + 256])
    told = [alert for _, alert in bootstrap.rehearsal(policy, bootstrap.when_heard(stories))]
    _show(policy, told, total, as_json)
    if failed:
        raise InputsFailed(failed, total, "items")


def _only(policy: Policy, name: str) -> Policy:
    if name == "all":
        return policy
    chosen = tuple(rule for rule in policy.rules if rule.name == name)
    if not chosen:
        known = ", ".join(rule.name for rule in policy.rules)
        raise BadInput(name, "no such rule", mend=f"name one of {known}, or all")
    return policy.model_copy(update={"rules": chosen})


def _event(line: bytes, place: str) -> FlaggedStory | BadInput | None:
    """The story of a CloudEvent; None for what is no CloudEvent."""
    if b'"specversion"' not in line:
        return None
    try:
        return decode_event(Record(EVENTS.name, 0, 0, None, line, {}, datetime.now(UTC)))
    except BadMessage as error:
        return BadInput(place, str(error))


def _show(policy: Policy, alerts: Sequence[Alert], items: int, as_json: bool) -> None:
    days = Counter((f"{policy.local(alert.raised_at):%Y-%m-%d}", alert.outcome) for alert in alerts)
    for alert in alerts:
        if as_json:
            sys.stdout.write(json.dumps(alert.model_dump(mode="json"), ensure_ascii=False) + "\n")
        elif alert.outcome != "suppressed":
            when = f"{policy.local(alert.raised_at):%Y-%m-%d %H:%M}"
            how = "now" if alert.outcome == "sent" else f"digest: {alert.reason}"
            typer.echo(
                f"{when} {alert.severity:8} {alert.rule} ({how})\n    {alert.sentence}\n    {alert.why}"
            )
    told: Counter[str] = Counter()
    worst = 0
    for day in sorted({day for day, _ in days}):
        report(f"{day}: {days[day, 'sent']} at once, {days[day, 'digest']} in the digest")
        worst = max(worst, days[day, "sent"])
    for (_, outcome), count in days.items():
        told[outcome] += count
    report(
        f"{items} items: {told['sent']} alerts at once (at most {worst} a day), "
        f"{told['digest']} in the digest, {told['suppressed']} not told again"
    )
