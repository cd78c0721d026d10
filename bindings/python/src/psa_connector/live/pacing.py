"""How fast the calls of one tenant send, all together: so many requests at once, so many within a window of time. Nothing is
sent here."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psa_connector.contract import Pacing

# Into how many spans a window is divided: how much is remembered of a tenant, and by which part of a window a request may
# wait longer than it must.
_SPANS_OF_A_WINDOW = 64


@dataclass
class _Span:
    """Requests that were sent shortly after one another."""

    first: float
    last: float
    count: int


class Pacer:
    """Paces one tenant."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._in_flight = 0
        self._sent: deque[_Span] = deque()
        self._held_until = 0.0

    @contextmanager
    def turn(self, pacing: Pacing, deadline: float) -> Iterator[bool]:
        """Waits until a request may be sent, in the order of asking, and counts it. False: that would be after the
        deadline."""
        with self._changed:
            has_turn = self._wait(pacing, deadline)
        try:
            yield has_turn
        finally:
            if has_turn:
                self._end()

    @contextmanager
    def without_waiting(self, pacing: Pacing) -> Iterator[bool]:
        """Counts a request that is sent at once."""
        with self._changed:
            self._begin(pacing)
        try:
            yield True
        finally:
            self._end()

    def hold_until(self, moment: float) -> None:
        """Holds back all requests that wait for their turn: the server said that it had too many."""
        with self._changed:
            self._held_until = max(self._held_until, moment)

    def _wait(self, pacing: Pacing, deadline: float) -> bool:
        place = object()
        self._waiting.append(place)
        try:
            while True:
                blocked_until = self._blocked_until(pacing) if self._waiting[0] is place else float("inf")
                now = time.monotonic()
                if now >= deadline:
                    return False
                if blocked_until <= now:
                    self._begin(pacing)
                    return True
                if blocked_until != float("inf") and blocked_until >= deadline:
                    return False
                self._changed.wait(min(blocked_until, deadline) - now)
        finally:
            self._waiting.remove(place)
            self._changed.notify_all()

    def _blocked_until(self, pacing: Pacing) -> float:
        """Infinite: until one that is in flight ends."""
        # None at all would be no pacing but a ban.
        if pacing.concurrent_requests is not None and self._in_flight >= max(pacing.concurrent_requests, 1):
            return float("inf")
        return max(self._held_until, self._full_until(pacing))

    def _full_until(self, pacing: Pacing) -> float:
        """When the last request of the oldest span is as old as the window, if the window is full."""
        if pacing.requests is None or not pacing.seconds:
            return 0.0
        now = time.monotonic()
        while self._sent and now - self._sent[0].last >= pacing.seconds:
            self._sent.popleft()
        if sum(span.count for span in self._sent) < pacing.requests:
            return 0.0
        return self._sent[0].last + pacing.seconds if self._sent else 0.0

    def _begin(self, pacing: Pacing) -> None:
        self._in_flight += 1
        if pacing.requests is None or not pacing.seconds:
            return
        now = time.monotonic()
        if self._sent and now - self._sent[-1].first < pacing.seconds / _SPANS_OF_A_WINDOW:
            self._sent[-1].last = now
            self._sent[-1].count += 1
        else:
            self._sent.append(_Span(now, now, 1))

    def _end(self) -> None:
        with self._changed:
            self._in_flight -= 1
            self._changed.notify_all()
