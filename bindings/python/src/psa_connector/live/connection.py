"""One connection, and one exchange on it. Connecting is apart from sending: until a connection stands, the server cannot have
acted; from then on, it may have."""

from __future__ import annotations

import http
import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from psa_connector.contract import Failure, FailureKind, Response
from psa_connector.http import Answer, denied, interrupted, timed_out
from psa_connector.live.body import TooLarge, read_body
from psa_connector.options import HttpLimits, Timeouts
from psa_connector.policy import Authority


@dataclass(frozen=True)
class Target:
    """Where a connection goes."""

    authority: Authority
    address_rule: Callable[[str], str | None]
    tls: ssl.SSLContext
    given_address: str | None


@dataclass
class Fault:
    """A failure, and whether the same request may fare better a moment later."""

    failure: Failure
    is_passing: bool = False


class Connection:
    """A connection over TLS that stands."""

    def __init__(self, authority: Authority, tls: ssl.SSLSocket) -> None:
        self.authority = authority
        self._socket = _Timed(tls)
        self.idle_since = time.monotonic()

    @property
    def is_quiet(self) -> bool:
        """Whether the server has neither closed the connection nor sent what nobody asked for."""
        return self._socket.is_quiet()

    def close(self) -> None:
        self._socket.end()

    def exchange(self, sent: Sent, deadline: float) -> tuple[Answer, bool]:
        """The answer, and whether the connection can take another request."""
        self._socket.deadline = deadline
        connection = http.client.HTTPConnection(str(self.authority))
        connection.sock = self._socket
        try:
            connection.putrequest(sent.method, sent.path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.headers:
                connection.putheader(name, value.encode("latin-1"))
            connection.endheaders(sent.body)
            with connection.getresponse() as response:
                while 100 <= response.status <= 199 and response.status != http.HTTPStatus.SWITCHING_PROTOCOLS:
                    # http.client reads on after a 100 alone.
                    response.headers = response.msg = None  # type: ignore[assignment]
                    response.begin()
                if self._socket.has_ended:
                    # http.client takes headers that break off for all of them.
                    return interrupted(f"the connection to https://{self.authority} broke within the headers"), False
                return self._read(response, sent)
        except TooLarge as error:
            return Failure(kind=FailureKind.TOO_LARGE, message=str(error), may_have_acted=True), False
        except http.client.LineTooLong:
            problem = "the headers of the response pass the limit `header_bytes`"
            return Failure(kind=FailureKind.TOO_LARGE, message=problem, may_have_acted=True), False
        except TimeoutError:
            return timed_out(f"https://{self.authority} gave no complete response in time", True), False
        except http.client.HTTPException as error:
            problem = type(error).__name__
            return interrupted(f"the response of https://{self.authority} cannot be read: {problem}"), False
        except (OSError, ValueError) as error:
            return interrupted(f"the connection to https://{self.authority} broke: {_reason(error)}"), False

    def _read(self, response: http.client.HTTPResponse, sent: Sent) -> tuple[Answer, bool]:
        limits = sent.limits
        if not 200 <= response.status <= 599:
            return interrupted(f"https://{self.authority} answered with status {response.status}, which is none"), False
        received = response.getheaders()
        if len(received) > limits.header_count or sum(len(n) + len(v) for n, v in received) > limits.header_bytes:
            raise TooLarge("the headers of the response pass the limits `header_count` or `header_bytes`")
        body = read_body(response, limits, sent.take)
        # A value that was folded over several lines is one line.
        received = [(name.lower(), " ".join(value.split("\r\n"))) for name, value in received]
        headers = [(name, value) for name, value in received if name not in _OF_THE_WIRE]
        answer = Response(status=response.status, headers=headers, body=body)
        return answer, not response.will_close


@dataclass(frozen=True)
class Sent:
    """A request as it goes out."""

    method: str
    path: str
    headers: Sequence[tuple[str, str]]
    body: bytes | None
    limits: HttpLimits
    take: Callable[[int], bool]


# What a response says of its form on the wire: the body is handed on whole and decoded.
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def connect(target: Target, timeouts: Timeouts, deadline: float) -> Connection | Fault:
    """A new connection. Every failure is one in which the server cannot have acted."""
    where = f"https://{target.authority}"
    try:
        addresses = _addresses(target)
    except OSError as error:
        return _unreachable(f"cannot find the address of {where}: {_reason(error)}", True)
    rules = [(address, target.address_rule(address)) for address in addresses]
    admitted = [address for address, rule in rules if rule is None]
    if not admitted:
        rule = next((rule for _, rule in rules if rule), "none that can be used")
        return Fault(denied(f"the request was not sent: the address of {where} is {rule}"))
    fault = _unreachable(f"cannot connect to {where}", True)
    for address in admitted:
        left = min(timeouts.connect, deadline - time.monotonic())
        if left <= 0:
            return Fault(timed_out("the request was not sent: its time was over before a connection stood", False))
        try:
            plain = socket.create_connection((address, target.authority.port), timeout=left)
        except OSError as error:
            fault = _unreachable(f"cannot connect to {where}: {_reason(error)}", True)
            continue
        try:
            plain.settimeout(max(min(timeouts.connect, deadline - time.monotonic()), 0.001))
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            tls = target.tls.wrap_socket(plain, server_hostname=target.authority.host)
            return Connection(target.authority, tls)
        except ssl.SSLCertVerificationError as error:
            plain.close()
            problem = error.verify_message
            return _unreachable(f"cannot agree on TLS with {where}: its certificate is not accepted: {problem}", False)
        except (OSError, ValueError) as error:
            plain.close()
            fault = _unreachable(f"cannot agree on TLS with {where}: {_reason(error)}", not isinstance(error, ssl.SSLError))
    return fault


def _addresses(target: Target) -> list[str]:
    if target.given_address is not None:
        return [target.given_address]
    found = socket.getaddrinfo(target.authority.host, target.authority.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(it[4][0]) for it in found))


def _unreachable(problem: str, is_passing: bool) -> Fault:
    failure = Failure(kind=FailureKind.UNREACHABLE, message=problem, may_have_acted=False)
    return Fault(failure, is_passing)


def _reason(error: BaseException) -> str:
    """What the system says, without what was sent."""
    if isinstance(error, ssl.SSLError):
        return error.reason or "TLS failed"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


class _Timed:
    """A socket all of whose waits end at one deadline. `http.client` knows only a limit for each single wait."""

    def __init__(self, tls: ssl.SSLSocket) -> None:
        self._tls = tls
        self.deadline = 0.0
        self.has_ended = False
        """Whether more was asked for than the server sent."""

    def is_quiet(self) -> bool:
        try:
            self._tls.settimeout(0)
            self._tls.recv(1)
            return False
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False

    def sendall(self, data: Any, *_: Any) -> None:
        view = memoryview(data).cast("B")
        while view:
            self._set_timeout()
            view = view[self._tls.send(view) :]

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self), 65_536)

    def receive_into(self, buffer: Any) -> int:
        self._set_timeout()
        count = self._tls.recv_into(buffer)
        self.has_ended |= count == 0
        return count

    def close(self) -> None:
        """What http.client calls before it has read a response that ends the connection."""

    def end(self) -> None:
        self._tls.close()

    def _set_timeout(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._tls.settimeout(left)


class _Reader(io.RawIOBase):
    def __init__(self, timed: _Timed) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._timed.receive_into(buffer)
