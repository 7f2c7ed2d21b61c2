"""What the network can do to a request, in words that a person understands; each is a metric label."""

from enum import StrEnum


class Failure(StrEnum):
    """Why a request came to nothing."""

    DNS_ERROR = "dns_error"
    TLS_ERROR = "tls_error"
    CONNECT_TIMEOUT = "connect_timeout"
    READ_TIMEOUT = "read_timeout"
    CONNECTION_ERROR = "connection_error"
    HTTP_ERROR = "http_error"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BLOCKED_ADDRESS = "blocked_address"
    BROKEN_CODING = "broken_coding"
    UNWANTED_TYPE = "unwanted_type"
    ROBOTS_DISALLOWED = "robots_disallowed"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    LATE = "late"  # not asked: the time was over before it was its turn


class FetchFailure(Exception):
    """A request that came to nothing, and how."""

    def __init__(self, kind: Failure, detail: str) -> None:
        self.kind, self.detail = kind, detail
        super().__init__(f"{kind}: {detail}")


class Stopped(Exception):
    """The request was given up because the process ends: it says nothing about the other side."""
