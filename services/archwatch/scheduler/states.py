"""How a poll can end, in words that a person understands; each is a metric label."""

from enum import StrEnum


class PollState(StrEnum):
    """The state of a feed after a poll. `ok` and `not_modified` are the good ones."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
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
    GONE = "gone"
    FILE_ERROR = "file_error"

    @property
    def good(self) -> bool:
        return self in (PollState.OK, PollState.NOT_MODIFIED)
