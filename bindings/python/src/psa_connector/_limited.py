"""What stands between a connector and any HTTP: the contract's rules, the tenant's policy, and what a call may spend."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from psa_connector.contract import Failure, Request
from psa_connector.http import Answer, Http, denied, interrupted, may_have_acted, refusal, timed_out
from psa_connector.options import Limits

_LOG = logging.getLogger("psa_connector")


class LimitedHttp:
    """The HTTP of one call, whose time begins now."""

    def __init__(self, http: Http, limits: Limits, check: Callable[[Request], Failure | None] | None = None) -> None:
        self._http = http
        self._check = check
        self._requests_left = limits.requests
        self._limits = limits
        reserve = min(limits.reserve_for_lookup, limits.wall_clock / 2)
        self._ends = time.monotonic() + limits.wall_clock
        # Where the reserve for a look-up begins, and where the part of it begins in which the connector only ends.
        self._reserve_starts = self._ends - reserve
        self._sending_ends = self._ends - reserve / 10
        self._cancelled = threading.Event()
        self.may_have_written = False
        """Whether a write was handed on, and not shown to be without effect."""
        self.raised: BaseException | None = None
        """What stopped the program while the component ran, such as an interrupt from the keyboard."""

    def cancel(self) -> None:
        """Sends nothing any more."""
        self._cancelled.set()

    def send(self, requests: Sequence[Request]) -> list[Answer]:
        in_reserve = time.monotonic() >= self._reserve_starts
        answers: list[Answer | None] = [self._refusal(request, in_reserve) for request in requests]
        admitted = [request for request, answer in zip(requests, answers, strict=True) if answer is None]
        given = iter(self._send_admitted(admitted, in_reserve))
        return [next(given) if answer is None else answer for answer in answers]

    def _refusal(self, request: Request, in_reserve: bool) -> Failure | None:
        if self._cancelled.is_set():
            return timed_out("the request was not sent: the call was cancelled", False)
        if self._requests_left == 0:
            return denied(
                f"the request was not sent: this call has sent all of its {self._limits.requests} requests. Raise the limit "
                "`requests`, or ask for less at once"
            )
        if in_reserve and request.is_write:
            return timed_out("the request was not sent: the time left of this call is kept for reading", False)
        failure = refusal(request) or (self._check(request) if self._check else None)
        if failure is None:
            self._requests_left -= 1
        return failure

    def _send_admitted(self, requests: list[Request], in_reserve: bool) -> list[Answer]:
        if not requests:
            return []
        had_written = self.may_have_written
        # Set before waiting: the call may be stopped while it waits.
        self.may_have_written |= any(request.is_write for request in requests)
        deadline = self._sending_ends if in_reserve else self._reserve_starts
        try:
            answers = list(self._http.send(requests, deadline))
        except Exception as error:  # A defect of the HTTP is no reason to lose what the connector knows.
            _LOG.error("the HTTP of a call raised %s, which it must not", type(error).__name__)
            answers = []
        missing = len(requests) - len(answers)
        answers = answers[: len(requests)] + [interrupted("the host's HTTP gave no answer")] * missing
        self.may_have_written = had_written or any(
            request.is_write and may_have_acted(answer) for request, answer in zip(requests, answers, strict=True)
        )
        return answers
