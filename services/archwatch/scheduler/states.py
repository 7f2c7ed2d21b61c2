"""How a poll can end, in words that a person understands; each is a metric label."""

from enum import StrEnum
from http import HTTPStatus
from typing import Final


class PollState(StrEnum):
    """The state of a feed after a poll. `ok`, `not_modified` and `silent` are answers that are well."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    SILENT = "silent"  # answers, but has had nothing new for far longer than is its habit
    DNS_ERROR = "dns_error"
    TLS_ERROR = "tls_error"
    CONNECT_TIMEOUT = "connect_timeout"
    READ_TIMEOUT = "read_timeout"
    CONNECTION_ERROR = "connection_error"
    HTTP_ERROR = "http_error"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BLOCKED_ADDRESS = "blocked_address"
    NOT_A_FEED = "not_a_feed"
    EMPTY = "empty"
    PARSE_ERROR = "parse_error"
    PARSER_KILLED = "parser_killed"  # took too long, or too much memory
    RETIRED = "retired"
    FILE_ERROR = "file_error"

    @property
    def good(self) -> bool:
        return self in (PollState.OK, PollState.NOT_MODIFIED, PollState.SILENT)


FINE: Final = tuple(state for state in PollState if state.good)
_CODES: Final = frozenset(code.value for code in HTTPStatus)


def label(state: str, status: int | None) -> str:
    """A PollState as a metric label: `http_404` for an HTTP error, `http_4xx` for a code nobody knows."""
    if state != PollState.HTTP_ERROR or status is None:
        return str(state)
    return f"http_{status}" if status in _CODES else f"http_{status // 100}xx"


def in_words(label: str) -> str:
    """A label as a person reads it: `not modified`, `DNS error`, `connect time-out`, `HTTP 404`."""
    words = {"dns": "DNS", "tls": "TLS", "http": "HTTP", "timeout": "time-out"}
    return " ".join(words.get(word, word) for word in label.split("_"))
