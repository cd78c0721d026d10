"""What is sent again, and after how long. Nothing is sent here."""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime

from psa_connector.contract import FailureKind, Request, Response
from psa_connector.live.connection import Fault
from psa_connector.options import Retries

Attempt = Response | Fault


def may_be_sent_again(request: Request, attempt: Attempt) -> bool:
    """Whether the request may be sent again after this attempt, budgets aside."""
    if isinstance(attempt, Fault):
        failure = attempt.failure
        may_repeat = not request.is_write or not failure.may_have_acted
        return attempt.is_passing and failure.kind == FailureKind.UNREACHABLE and may_repeat
    # A response to a write is an answer, whatever it says: a gateway's 503 does not tell what happened behind it.
    return not request.is_write and _is_passing(attempt)


def pause(attempt: Attempt, attempts: int, retries: Retries) -> float | None:
    """Seconds to wait before sending again, after this many attempts. None: the server asks for longer than is waited."""
    if isinstance(attempt, Response):
        asked = asked_for(attempt)
        if asked is not None:
            return asked if asked <= retries.longest_pause else None
        if attempt.status == 429:
            return _doubled(retries.rate_limit_pause, attempts, retries)
    # With full jitter: calls that failed together do not come back together.
    return random.uniform(0, _doubled(retries.first_pause, attempts, retries))  # noqa: S311


def hold(attempt: Attempt, attempts: int, retries: Retries) -> float | None:
    """Seconds for which all requests of the tenant are held back: the server counts them together."""
    if not isinstance(attempt, Response) or attempt.status != 429:
        return None
    asked = asked_for(attempt)
    return _doubled(retries.rate_limit_pause, attempts, retries) if asked is None else min(asked, retries.longest_pause)


def asked_for(response: Response) -> float | None:
    """What Retry-After asks for: seconds, or a date, which is compared with the server's own clock if that is known."""
    text = _header(response, "retry-after")
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    moment = _moment(text)
    if moment is None:
        return None
    now = _moment(_header(response, "date")) or time.time()
    return max(moment - now, 0.0)


def _is_passing(response: Response) -> bool:
    if response.status == 500:
        return _is_about_time(response)
    return response.status in (429, 502, 503, 504)


def _is_about_time(response: Response) -> bool:
    """Some servers answer 500 if their database took too long; only the words tell. A web page has them in its scripts."""
    body = response.body
    text = (body if isinstance(body, str) else body.decode("utf-8", "replace")).lower()
    words = ("timeout", "time-out", "time out", "timed out")
    return not text.lstrip().startswith("<") and any(word in text for word in words)


def _doubled(seconds: float, attempts: int, retries: Retries) -> float:
    """The pause, doubled with each attempt after the first."""
    return min(seconds * 2.0 ** min(max(attempts - 1, 0), 31), retries.longest_pause)


def _header(response: Response, name: str) -> str | None:
    return next((value.strip() for header, value in response.headers if header == name), None)


def _moment(text: str | None) -> float | None:
    try:
        return None if text is None else parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
