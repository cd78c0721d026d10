"""The HTTP that answers from a recording: each exchange once, whatever the order, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from psa_connector.contract import Request, Setting
from psa_connector.http import Answer, denied, refusal
from psa_connector.recording.exchange import Exchange
from psa_connector.recording.matching import differences
from psa_connector.recording.placeholders import Placeholders


class Replay:
    """Answers one call. It is not paced and keeps nothing."""

    def __init__(self, exchanges: Iterable[Exchange], settings: Iterable[Setting] = ()) -> None:
        self._exchanges = list(exchanges)
        self._used: set[int] = set()
        self._masks = Placeholders(settings)
        self._lock = threading.Lock()
        self.rounds: list[list[Request]] = []
        """The requests of every round, as they came."""
        self.unmatched: list[str] = []
        """What was asked for and is not recorded, each with the nearest exchange."""

    def send(self, requests: Sequence[Request], deadline: float = 0.0) -> list[Answer]:
        with self._lock:
            self.rounds.append(list(requests))
            return [self._answer(number, request) for number, request in enumerate(requests, 1)]

    def left_over(self) -> list[str]:
        """The exchanges that nothing asked for."""
        return [
            self._masks.mask(f"nothing asked for {self._name(at)}")
            for at in range(len(self._exchanges))
            if at not in self._used
        ]

    def _answer(self, number: int, request: Request) -> Answer:
        which = f"round {len(self.rounds)}, request {number}"
        if failure := refusal(request):
            self.unmatched.append(f"{which}: {failure.message}")
            return failure
        compared = [(at, differences(exchange.request, request)) for at, exchange in enumerate(self._exchanges)]
        for at, found in compared:
            if at not in self._used and not found:
                self._used.add(at)
                return self._exchanges[at].answer
        url = request.url.partition("?")[0]
        problem = f"{which}: no exchange is recorded for {request.method} {url}: {self._nearest(compared)}"
        self.unmatched.append(self._masks.mask(problem))
        return denied(self.unmatched[-1])

    def _nearest(self, compared: list[tuple[int, list[tuple[int, str]]]]) -> str:
        def weight(of: tuple[int, list[tuple[int, str]]]) -> float:
            # A used exchange explains a request only if it is the same one again.
            return float("inf") if of[0] in self._used and of[1] else sum(it[0] for it in of[1])

        if not compared:
            return "the recording is empty"
        at, found = min(compared, key=weight)
        if not found:
            return f"{self._name(at)} was used already"
        return f"the nearest is {self._name(at)}: {'; '.join(text for _, text in found)}"

    def _name(self, at: int) -> str:
        request = self._exchanges[at].request
        return f"exchanges[{at}], {request.method} {request.url}"
