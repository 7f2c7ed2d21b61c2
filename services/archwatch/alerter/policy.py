"""config/alerts.yaml, checked when read: the rules, and when people are left in peace."""

import re
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from archwatch.alerter.rules import RANK, Rule
from archwatch.alerter.unreachable import Known, never
from archwatch.configfile import read_yaml
from archwatch.contracts.alert import Severity
from archwatch.errors import ConfigError


def _clock(given: object) -> object:
    if not isinstance(given, str) or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", given):
        raise ValueError('must be a time in quotes, such as "07:30"')
    return time.fromisoformat(given.zfill(5))


Clock = Annotated[time, BeforeValidator(_clock)]


class Quiet(BaseModel):
    """Hours in which only `through` and what is more severe is sent at once."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    through: Severity = "critical"

    @model_validator(mode="after")
    def _some_hours(self) -> "Quiet":
        if self.begin == self.end:
            raise ValueError("quiet hours that begin and end at one time are empty: leave them out")
        return self

    def holds(self, at: time) -> bool:
        if self.begin < self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


class Policy(BaseModel):
    """The whole file. `at_most` alerts a day are sent at once, `reserved` of them kept for critical ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: str = "UTC"
    quiet: Quiet | None = None
    digest: tuple[Clock, ...] = Field((time(7, 0),), min_length=1)
    at_most: int = Field(10, ge=1, le=10_000)
    reserved: int = Field(3, ge=0, le=10_000)
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _makes_sense(self) -> "Policy":
        if not self.rules:
            raise ValueError("holds no rule")
        if self.zone not in available_timezones():
            raise ValueError(f"unknown time zone {self.zone!r}: name one such as Europe/Brussels")
        if self.reserved > self.at_most:
            raise ValueError("more alerts are reserved than are sent at most")
        return self

    def local(self, now: datetime) -> datetime:
        return now.astimezone(ZoneInfo(self.zone))

    def day_began(self, now: datetime) -> datetime:
        """Midnight in the zone before `now`."""
        return self.local(now).replace(hour=0, minute=0, second=0, microsecond=0)

    def is_quiet(self, severity: Severity, now: datetime) -> bool:
        """Whether an alert so severe waits at `now` for the digest."""
        if self.quiet is None or RANK[severity] >= RANK[self.quiet.through]:
            return False
        return self.quiet.holds(self.local(now).time())

    def last_digest(self, now: datetime) -> datetime:
        """The newest digest time that is not after `now`."""
        today = self.local(now)
        times = [
            datetime.combine((today - timedelta(days=days)).date(), at, tzinfo=today.tzinfo)
            for days in (0, 1)
            for at in self.digest
        ]
        return max(one for one in times if one <= now)


def read_policy(path: Path, known: Known | None = None) -> tuple[Policy | None, list[ConfigError]]:
    """The file, if it holds, and every mistake in it with file and line; with `known` also what can never
    match."""
    file = read_yaml(path)
    if not isinstance(file.data, dict) or not isinstance(file.data.get("rules"), list):
        return None, [file.error((), "must hold a list named `rules`")]
    errors: list[ConfigError] = []
    policy: Policy | None = None
    try:
        policy = Policy.model_validate(file.data)
    except ValidationError as invalid:
        errors += [
            file.error(e["loc"], e["msg"].removeprefix("Value error, "), _mend(e))
            for e in invalid.errors(include_url=False, include_input=False)
        ]
    names: set[object] = set()
    valid: list[tuple[int, Rule]] = []
    for position, given in enumerate(file.data["rules"]):
        if not isinstance(given, dict):
            continue
        if given.get("name") in names:
            where = ("rules", position, "name")
            errors.append(file.error(where, f"a second rule named {given['name']!r}", "rename it"))
            continue
        names.add(given.get("name"))
        with suppress(ValidationError):  # told above
            valid.append((position, Rule.model_validate(given)))
    if known is not None:
        errors += [file.error(place, problem, mend) for place, problem, mend in never(valid, known)]
    return (policy if not errors else None), errors


def _mend(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        part = error["loc"][2:-1] if error["loc"][0] == "rules" else ()
        model = Policy if error["loc"][0] != "rules" else Rule
        return "" if part else f"known here: {', '.join(model.model_fields)}"
    if error["type"] == "literal_error" and error["loc"][-1] == "severity":
        return f"severities: {', '.join(get_args(Severity))}"
    return ""
