"""One recorded request and what came back, whatever the format of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psa_connector.http import Answer


@dataclass(frozen=True)
class RecordedBody:
    """What the body of a request must be."""

    kind: str
    """`absent`, `json` (by meaning), `form` (pairs in any order) or `bytes`."""
    value: Any = None


@dataclass(frozen=True)
class RecordedRequest:
    """What a request must be. Headers that are not named may be anything."""

    method: str
    url: str
    """Absolute, without a query. Compared segment by segment after percent-decoding."""
    query: list[tuple[str, str]]
    headers: list[tuple[str, str | None]]
    """None: the header must be absent."""
    body: RecordedBody


@dataclass(frozen=True)
class Exchange:
    request: RecordedRequest
    answer: Answer
