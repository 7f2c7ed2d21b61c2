"""Connections to public addresses only, within a deadline.

The address is checked where the connection is made, and the checked address is the one connected
to: no redirect and no name that resolves differently the second time gets around it.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import httpcore

from archwatch.web.failure import Failure, FetchFailure, Stopped

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# what `ipaddress` takes for public: protocol assignments, 6to4 and its relays, site-local, local NAT64,
# segment routing, documentation (most can lead inside), and a cloud's service for the machines within it
_BLOCKED: Final = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "fec0::/10", "64:ff9b:1::/48", "5f00::/16",
         "3fff::/20", "168.63.129.16/32"),
    )
)  # fmt: skip
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_SLICE_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Deadline:
    """The moment when a fetch must be over, and the event that ends it before."""

    seconds: float
    stop: threading.Event
    _ends: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", time.monotonic() + self.seconds)

    def later(self, seconds: float) -> "Deadline":
        """The same, so many seconds later."""
        put_off = Deadline(self.seconds, self.stop)
        object.__setattr__(put_off, "_ends", self._ends + seconds)
        return put_off

    def left(self) -> float:
        """Seconds left, more than 0. Raises FetchFailure when there are none, Stopped when told to stop."""
        if self.stop.is_set():
            raise Stopped
        left = self._ends - time.monotonic()
        if left <= 0:
            raise FetchFailure(Failure.READ_TIMEOUT, f"not finished within {self.seconds:g} s")
        return left


def blocked(address: Address) -> bool:
    """Whether we have no business at `address`: private, loopback, link-local, multicast, reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return blocked(inner)
    usual = address.is_global and not address.is_multicast and not address.is_reserved
    return not usual or any(address in network for network in _BLOCKED)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects for httpcore; names in `allowed` may resolve to any address."""

    def __init__(self, allowed: Collection[str], deadline: Deadline) -> None:
        self._allowed, self._deadline = allowed, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises FetchFailure."""
        addresses = self._resolved(host, port)
        ends = time.monotonic() + (timeout or self._deadline.seconds)
        failure = FetchFailure(Failure.DNS_ERROR, f"{host} has no address")
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            share = max(0.1, min(ends - time.monotonic(), self._deadline.left()) / left)
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, port, share, local_address, socket_options
                )
                return _TimedStream(stream, self._deadline)
            except httpcore.ConnectTimeout:
                failure = FetchFailure(
                    Failure.CONNECT_TIMEOUT, f"{host} does not answer within {timeout:g} s"
                )
            except httpcore.ConnectError as error:
                failure = FetchFailure(Failure.CONNECTION_ERROR, f"{host} port {port}: {_why(error)}")
        raise failure

    def _resolved(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise FetchFailure(Failure.DNS_ERROR, f"{host}: {error.strerror}") from error
        except UnicodeError as error:
            raise FetchFailure(Failure.DNS_ERROR, f"{host} is no host name: {error}") from error
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        if host.lower() not in self._allowed:
            for address in addresses:
                if blocked(ipaddress.ip_address(address)):
                    raise FetchFailure(
                        Failure.BLOCKED_ADDRESS, f"{host} is at {address}, which is no public address"
                    )
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """Waits in slices, so that the deadline holds however slowly the bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        ends = time.monotonic() + (timeout or self._deadline.seconds)
        while True:
            left = min(self._deadline.left(), ends - time.monotonic())
            if left <= 0:
                raise FetchFailure(Failure.READ_TIMEOUT, f"silent for {timeout:g} s")
            try:
                return self._stream.read(max_bytes, min(left, _SLICE_SECONDS))
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, min(self._deadline.left(), timeout or self._deadline.seconds))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = min(self._deadline.left(), timeout or self._deadline.seconds)
        try:
            return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, wait), self._deadline)
        except httpcore.ConnectTimeout as error:
            detail = f"{server_hostname} does not finish the TLS handshake within {wait:.3g} s"
            raise FetchFailure(Failure.CONNECT_TIMEOUT, detail) from error
        except httpcore.ConnectError as error:
            secure = isinstance(error.__cause__, ssl.SSLError)
            state = Failure.TLS_ERROR if secure else Failure.CONNECTION_ERROR
            raise FetchFailure(state, f"{server_hostname}: {_why(error)}") from error

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _why(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return cause.verify_message
    if isinstance(cause, ssl.SSLError):
        return (cause.reason or str(cause)).replace("_", " ").lower()
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(error)
