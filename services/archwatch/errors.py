"""Three kinds of failure, so that a caller can act: mend the input, try again later, or stop.

Everything that is not one of these is a fault of ours and must be heard (exit code 1).
"""


class ArchwatchError(Exception):
    """Root of the errors that archwatch raises on purpose."""


class BadInput(ArchwatchError):
    """Some input cannot be used: says which, where in it, and how to mend it."""

    def __init__(self, source: str, problem: str, *, place: str = "", mend: str = "") -> None:
        self.source, self.place, self.problem, self.mend = source, place, problem, mend
        where = f"{source}:{place}" if place else source
        super().__init__(f"{where}: {problem}" + (f" ({mend})" if mend else ""))


class ConfigError(BadInput):
    """A mistake in config/: the command cannot start (exit code 2)."""


class BadMessage(ArchwatchError):
    """A message on a topic that no retry will mend: it goes to the dead letters.

    `reason` is a short label from a closed set, fit for a metric: see `REASONS`.
    """

    REASONS = ("not_json", "wrong_schema", "newer_version", "invalid", "handler_failed", "too_large")

    def __init__(self, reason: str, detail: str) -> None:
        if reason not in self.REASONS:
            raise ValueError(f"unknown dead-letter reason {reason!r}")
        self.reason = reason
        super().__init__(detail)


class TransientError(ArchwatchError):
    """Something outside is away (broker, database, network): waiting may help."""


class Fenced(TransientError):
    """Another instance took over this consumer's partition; nothing of the batch was published."""
