"""The responses of one tenant that its connector asks the host to reuse, and who of several that ask the same thing sends it.
What is kept may be a credential: it is in memory only, and never shown."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from psa_connector.contract import Response
from psa_connector.http import Answer

# Of one tenant. A connector needs one or two: an access token, the server that serves the tenant.
_MOST_RESPONSES = 8
_MOST_BYTES = 32 << 10


@dataclass
class _Kept:
    response: Response
    size: int
    asked: float


class KeptResponses:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._under_way: dict[bytes, threading.Event] = {}

    def obtain(
        self, request: bytes, reuse_seconds: int, deadline: float, send: Callable[[], tuple[Answer, float]]
    ) -> Answer | None:
        """A kept response that is at most so many seconds old, or what `send` gives with the time at which it asked. If the
        same request is under way, its end is awaited, once: after one that failed, all that waited are sent, so that a slow
        failure is not gone through one by one. 0 seconds never wait, and what is kept goes at once. None: the deadline
        passed."""
        waits = reuse_seconds > 0
        own: threading.Event | None = None
        while True:
            with self._lock:
                if reuse_seconds == 0:
                    self._kept.pop(request, None)
                elif (found := self._find(request, reuse_seconds)) is not None:
                    return found
                end = self._under_way.get(request)
                if end is None:
                    own = self._under_way[request] = threading.Event()
                    break
                if not waits:
                    break
            if not end.wait(max(deadline - time.monotonic(), 0)):
                return None
            waits = False
        try:
            answer, asked = send()
            self._end(request, reuse_seconds, answer, asked)
            return answer
        finally:
            if own is not None:
                with self._lock:
                    del self._under_way[request]
                own.set()

    def _find(self, request: bytes, reuse_seconds: int) -> Response | None:
        kept = self._kept.get(request)
        if kept is None:
            return None
        age = time.monotonic() - kept.asked
        if age > reuse_seconds:
            return None
        self._kept.move_to_end(request)
        return replace(kept.response, age_seconds=int(age))

    def _end(self, request: bytes, reuse_seconds: int, answer: Answer, asked: float) -> None:
        with self._lock:
            if isinstance(answer, Response) and 200 <= answer.status <= 299:
                self._keep(request, answer, asked)
            elif reuse_seconds == 0:
                self._kept.pop(request, None)

    def _keep(self, request: bytes, response: Response, asked: float) -> None:
        self._kept.pop(request, None)
        body = response.body.encode() if isinstance(response.body, str) else response.body
        size = len(body) + sum(len(name) + len(value) for name, value in response.headers)
        if size > _MOST_BYTES:
            return
        while len(self._kept) >= _MOST_RESPONSES or sum(it.size for it in self._kept.values()) + size > _MOST_BYTES:
            self._kept.popitem(last=False)
        self._kept[request] = _Kept(response, size, asked)
