"""The HTTP of one call: admits each request, answers it with a kept response or sends it, and sends again what may be."""

from __future__ import annotations

import hashlib
import logging
import re
import ssl
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from psa_connector.contract import ConnectorDescription, Failure, Pacing, Request, Response
from psa_connector.errors import PolicyError
from psa_connector.http import Answer, denied, interrupted, timed_out
from psa_connector.live import retry
from psa_connector.live.body import ACCEPTED_ENCODINGS
from psa_connector.live.connection import Connection, Fault, Sent, Target, connect
from psa_connector.live.tenants import Pools, of_request
from psa_connector.options import Options
from psa_connector.policy import Authority, Policy

_LOG = logging.getLogger("psa_connector")
_NOT_IN_TIME = "the request was not sent: its turn did not come within the time of this call"
# Headers that belong to the connection and not to the request.
_HEADERS_OF_THE_CONNECTION = frozenset(
    {"connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
)


class Live:
    """HTTPS for one call of a connector. Make a new one for each call: what a call may spend is counted here."""

    def __init__(
        self, policy: Policy, tenant: bytes, description: ConnectorDescription, options: Options, pools: Pools
    ) -> None:
        self._policy = policy
        self._fingerprint = tenant
        self._options = options
        self._pools = pools
        self._tenant = pools.tenant(tenant)
        self._pacing: Pacing = description.pacing if options.pacing is None else options.pacing
        self._user_agent = user_agent(description, options.contact)
        self._tls, authorities = tls_context(tuple(options.certificate_authorities))
        self._pool_key = (policy.key, authorities, tuple(sorted(options.resolve.items())))
        self._lock = threading.Lock()
        self._bytes_left = options.http.call_bytes
        self._retries_left = options.retries.per_call
        self._has_written = False
        self._threads: ThreadPoolExecutor | None = None

    def send(self, requests: Sequence[Request], deadline: float) -> list[Answer]:
        if len(requests) == 1:
            return [self._answer(requests[0], deadline)]
        if self._threads is None:
            self._threads = ThreadPoolExecutor(max(self._options.http.in_flight, 1), "psa-connector")
        return list(self._threads.map(lambda request: self._answer(request, deadline), requests))

    def close(self) -> None:
        """Ends the threads of this call."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, request: Request, deadline: float) -> Answer:
        """Raises nothing."""
        started = time.monotonic()
        try:
            answer = self._obtain(request, deadline)
        except Exception as error:
            # A defect here. Whether anything left is not known.
            answer = interrupted(f"the host failed: {type(error).__name__}")
        outcome = answer.kind if isinstance(answer, Failure) else answer.status
        milliseconds = round((time.monotonic() - started) * 1_000)
        _LOG.debug("%s %s: %s, %d ms", request.method, self._policy.without_secrets(request.url), outcome, milliseconds)
        return answer

    def _obtain(self, request: Request, deadline: float) -> Answer:
        admitted = self._admit(request)
        if isinstance(admitted, Failure):
            return admitted
        if request.reuse_seconds is None:
            return self._carry_out(request, *admitted, deadline)[0]
        answer = self._tenant.kept.obtain(
            of_request(self._fingerprint, request),
            request.reuse_seconds,
            deadline,
            lambda: self._carry_out(request, *admitted, deadline),
        )
        return timed_out(_NOT_IN_TIME, False) if answer is None else answer

    def _admit(self, request: Request) -> tuple[Target, Sent] | Failure:
        if failure := self._policy.check(request):
            return failure
        authority = Authority.of_url(request.url)
        limits = self._options.http
        if authority is None or request.method in ("CONNECT", "TRACE"):
            return denied(f"the request was not sent: the method {request.method} is not allowed")
        if rule := self._broken_rule(request.headers, len(request.url)):
            return self._policy.denied(rule)
        body = request.body.encode("utf-8") if isinstance(request.body, str) else request.body
        if not self._take(len(body or b"")):
            return denied(
                f"the request was not sent: the bodies of a call may have {limits.call_bytes} bytes, the limit `call_bytes`"
            )
        headers = [("host", str(authority)), ("accept-encoding", ACCEPTED_ENCODINGS), *request.headers]
        if not any(name.lower() == "user-agent" for name, _ in request.headers):
            headers.append(("user-agent", self._user_agent))
        if body is not None:
            headers.append(("content-length", str(len(body))))
        url = urlsplit(request.url)
        path = (url.path or "/") + (f"?{url.query}" if "?" in request.url else "")
        given = self._options.resolve.get(authority.host)
        target = Target(authority, self._policy.address_rule, self._tls, given)
        return target, Sent(request.method, path, headers, body, limits, self._take)

    def _broken_rule(self, headers: Sequence[tuple[str, str]], url_size: int) -> str | None:
        limits = self._options.http
        if len(headers) > limits.header_count:
            return f"it has {len(headers)} headers, and the limit `header_count` is {limits.header_count}"
        size = url_size + sum(len(name) + len(value) for name, value in headers)
        if size > limits.header_bytes:
            return f"its URL and headers have {size} bytes, and the limit `header_bytes` is {limits.header_bytes}"
        for name, value in headers:
            lower = name.lower()
            if lower in _HEADERS_OF_THE_CONNECTION or lower.startswith("proxy-"):
                return f"the header {lower} belongs to the host's connection"
            if not re.fullmatch(r"[\t -~\x80-\xff]*", value):
                return f"the value of the header {lower} holds a control character or a letter outside Latin-1"
        return None

    def _take(self, count: int) -> bool:
        """Takes so many of the bytes that a call may send and receive, if there are that many."""
        with self._lock:
            if count > self._bytes_left:
                self._bytes_left = 0
                return False
            self._bytes_left -= count
            return True

    def _carry_out(self, request: Request, target: Target, sent: Sent, deadline: float) -> tuple[Answer, float]:
        """Sends until there is an answer to pass on. With the time at which it was asked for."""
        answer: Answer = timed_out(_NOT_IN_TIME, False)
        acted, attempts, asked = False, 0, time.monotonic()
        while True:
            with self._turn(deadline) as has_turn:
                if not has_turn or time.monotonic() >= deadline:
                    return answer, asked
                attempts += 1
                if request.is_write:
                    self._has_written = True
                asked = time.monotonic()
                ends = min(deadline, asked + self._options.timeouts.request)
                attempt = self._attempt(request, target, sent, ends)
            held = retry.hold(attempt, attempts, self._options.retries)
            if held is not None:
                self._tenant.pacer.hold_until(time.monotonic() + held)
            if isinstance(attempt, Fault):
                answer = attempt.failure
                # What an earlier attempt may have done, a later one does not undo.
                answer.may_have_acted |= acted
                acted = answer.may_have_acted
            else:
                answer, acted = attempt, True
            pause = self._pause(request, attempt, attempts, deadline)
            if pause is None:
                return answer, asked
            time.sleep(pause)

    def _turn(self, deadline: float) -> AbstractContextManager[bool]:
        """The tenant's turn. After a write, the rest of the call does not wait for it: it finds out what became of it."""
        pacer = self._tenant.pacer
        return pacer.without_waiting(self._pacing) if self._has_written else pacer.turn(self._pacing, deadline)

    def _attempt(self, request: Request, target: Target, sent: Sent, ends: float) -> Response | Fault:
        key = (target.authority, self._pool_key)
        # A write goes on a connection of its own: one that the server closes while it is idle would leave it in doubt.
        connection = None if request.is_write else self._pools.take(key)
        while True:
            is_new = connection is None
            if connection is None:
                connected = connect(target, self._options.timeouts, ends)
                if isinstance(connected, Fault):
                    return connected
                connection = connected
            answer = self._exchange(key, connection, sent, ends)
            if isinstance(answer, Response):
                return answer
            if is_new or time.monotonic() >= ends or answer.kind != "interrupted":
                return Fault(answer)
            connection = None

    def _exchange(self, key: object, connection: Connection, sent: Sent, ends: float) -> Answer:
        answer, is_open = connection.exchange(sent, ends)
        if is_open:
            self._pools.put(key, connection)
        else:
            connection.close()
        return answer

    def _pause(self, request: Request, attempt: Response | Fault, attempts: int, deadline: float) -> float | None:
        """How long to wait before sending again. None: what came is the answer."""
        retries = self._options.retries
        if attempts > retries.per_request or not retry.may_be_sent_again(request, attempt):
            return None
        pause = retry.pause(attempt, attempts, retries)
        if pause is None or time.monotonic() + pause >= deadline:
            return None
        if not (isinstance(attempt, Response) and attempt.status == 429):
            with self._lock:
                if self._retries_left == 0:
                    return None
                self._retries_left -= 1
        return pause


def user_agent(description: ConnectorDescription, contact: str | None) -> str:
    """Such as `psa-connector-python/0.2.0 ConnectWise-PSA-connector/0.2.0 (psa@platform.example)`."""
    text = f"psa-connector-python/{_own_version()} {_word(description.vendor)}-connector/{_word(description.version)}"
    if contact and contact.strip():
        if not re.fullmatch(r"[ -'*-\[\]-~]{1,200}", contact.strip()):
            raise PolicyError("`contact` is not an e-mail address or a URL in printable ASCII without brackets")
        text += f" ({contact.strip()})"
    return text


def _word(text: str) -> str:
    return "-".join(re.findall(r"[A-Za-z0-9._]+", text))[:64] or "unknown"


def _own_version() -> str:
    try:
        return version("psa-connector")
    except PackageNotFoundError:
        return "0"


@lru_cache(maxsize=16)
def tls_context(authorities: tuple[str, ...]) -> tuple[ssl.SSLContext, bytes]:
    """TLS 1.2 or later that trusts the machine's authorities and these, with a digest of these."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for text in authorities:
        try:
            context.load_verify_locations(cadata=text)
        except (ssl.SSLError, ValueError):
            raise PolicyError("an entry of `certificate_authorities` is not a certificate in PEM") from None
    return context, hashlib.sha256("\n".join(authorities).encode()).digest()
