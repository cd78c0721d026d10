"""HTTP as a connector gets it, whatever answers: live, a replay, or your own. The rules of the contract that hold for all of
them are here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from psa_connector.contract import Failure, FailureKind, Request, Response

Answer = Response | Failure


class Http(Protocol):
    """One value serves one call."""

    def send(self, requests: Sequence[Request], deadline: float) -> list[Answer]:
        """One answer for each request, in their order. It ends at the deadline, a time of `time.monotonic`, and reports what
        is unfinished then as `timed-out`. It raises nothing."""
        ...


class NoHttp:
    """For `describe` and `origins`, which send nothing."""

    def send(self, requests: Sequence[Request], deadline: float) -> list[Answer]:
        return [denied("this call has no HTTP") for _ in requests]


def denied(problem: str) -> Failure:
    return Failure(kind=FailureKind.DENIED, message=problem, may_have_acted=False)


def interrupted(problem: str) -> Failure:
    return Failure(kind=FailureKind.INTERRUPTED, message=problem, may_have_acted=True)


def timed_out(problem: str, may_have_acted: bool) -> Failure:
    return Failure(kind=FailureKind.TIMED_OUT, message=problem, may_have_acted=may_have_acted)


def may_have_acted(answer: Answer) -> bool:
    return answer.may_have_acted if isinstance(answer, Failure) else True


def refusal(request: Request) -> Failure | None:
    """Why the contract forbids a request."""
    rule = _broken_rule(request)
    return None if rule is None else denied(f"the request was not sent: {rule}")


_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+\-.^_`|~]+\Z")
_HEADERS_OF_THE_HOST = frozenset({"host", "content-length", "accept-encoding"})
_LONGEST_REUSE_SECONDS = 3_600


def _broken_rule(request: Request) -> str | None:
    if not _TOKEN.match(request.method) or request.method != request.method.upper():
        return "the method is not an upper-case token"
    if rule := _broken_rule_of_url(request.url):
        return rule
    if request.reuse_seconds is not None:
        if request.is_write:
            return "a write asks for its response to be reused"
        if request.reuse_seconds > _LONGEST_REUSE_SECONDS:
            return f"it asks for a response to be reused for more than {_LONGEST_REUSE_SECONDS} seconds"
    for name, value in request.headers:
        if not _TOKEN.match(name):
            return "the name of a header is not a token"
        if name.lower() in _HEADERS_OF_THE_HOST:
            return f"the header {name} is written by the host"
        if any(letter in value for letter in "\r\n\0"):
            return f"the value of the header {name} holds a line break or NUL"
    return None


def _broken_rule_of_url(url: str) -> str | None:
    if not url.startswith("https://"):
        return "the URL does not start with https://"
    if not re.fullmatch(r"[!-~]+", url):
        return "the URL holds a space or a character that is not percent-encoded"
    if "#" in url:
        return "the URL has a fragment"
    authority = re.split(r"[/?\\]", url.removeprefix("https://"))[0]
    if not authority:
        return "the URL has no host"
    if "@" in authority:
        return "the URL holds user information"
    return None
