"""The exchanges of an HTTP archive (HAR), whatever program made it. Lenient: browsers and proxies leave out members, and add
some. Placeholders are replaced if the archive says that it was scrubbed; headers of requests must be as recorded only if
psa-host recorded them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from psa_connector.contract import Failure, FailureKind, Response, Setting
from psa_connector.errors import RecordingError
from psa_connector.http import Answer
from psa_connector.recording.exchange import Exchange, RecordedBody, RecordedRequest
from psa_connector.recording.matching import is_form, pairs_of
from psa_connector.recording.placeholders import REMOVED, Placeholders

_PROGRAM = "psa-host"
_NUMBERED = re.compile(r"\{\{(removed-\d+)\}\}")
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_MAY_HAVE_ACTED = {FailureKind.DENIED: False, FailureKind.TOO_LARGE: True, FailureKind.INTERRUPTED: True}


def exchanges(log: dict[str, Any], settings: Iterable[Setting]) -> list[Exchange]:
    reading = _Reading(log, settings)
    found = [exchange for entry in log.get("entries") or () if (exchange := reading.exchange(entry))]
    if not found:
        raise RecordingError("the archive has no request over https with its answer")
    return found


class _Reading:
    def __init__(self, log: dict[str, Any], settings: Iterable[Setting]) -> None:
        entries = log.get("entries") or []
        is_scrubbed = log.get("_scrubbedBy") is not None
        given, sent = _numbers(entries) if is_scrubbed else (set(), set())
        words = {"removed": REMOVED} | {name: name for name in given} | dict.fromkeys(sent, REMOVED)
        self._placeholders = Placeholders(settings, words) if is_scrubbed else None
        self._anything = [REMOVED, *("{{" + name + "}}" for name in sent)] if is_scrubbed else []
        self._compares_headers = (log.get("creator") or {}).get("name") == _PROGRAM

    def exchange(self, entry: dict[str, Any]) -> Exchange | None:
        request = self._request(entry.get("request") or {})
        answer = None if request is None else self._answer(entry)
        return None if request is None or answer is None else Exchange(request, answer)

    def _request(self, request: dict[str, Any]) -> RecordedRequest | None:
        url = self._expand(request.get("url") or "").split("#")[0]
        if not url.startswith("https://"):
            return None
        url, mark, query = url.partition("?")
        pairs = pairs_of(query) if mark else [self._pair(it) for it in request.get("queryString") or ()]
        headers: list[tuple[str, str | None]] = []
        if self._compares_headers:
            for header in request.get("headers") or ():
                if not header["name"].startswith(":") and not self._is_anything(header["value"]):
                    headers.append(self._pair(header))
        body = self._body(request.get("postData"))
        return RecordedRequest((request.get("method") or "").upper(), url, pairs, headers, body)

    def _body(self, data: dict[str, Any] | None) -> RecordedBody:
        if data is None:
            return RecordedBody("absent")
        text = data.get("text")
        if text is None:
            content = urlencode([self._pair(it) for it in data.get("params") or ()]).encode()
        elif data.get("encoding") == "base64":
            content = base64.b64decode(text)
        else:
            content = self._expand(text).encode()
        # A proxy notes a body for every POST, whether there was one or not.
        if not content and not self._compares_headers:
            return RecordedBody("absent")
        mime_type = (data.get("mimeType") or "").lower()
        if is_form(mime_type):
            return RecordedBody("form", pairs_of(content.decode("utf-8", "replace")))
        if "json" in mime_type:
            try:
                return RecordedBody("json", json.loads(content))
            except ValueError:
                pass
        return RecordedBody("bytes", content)

    def _answer(self, entry: dict[str, Any]) -> Answer | None:
        """None: what is no response, such as to the upgrade of a web socket."""
        if failure := entry.get("_failure"):
            kind = FailureKind(failure["kind"])
            may_have_acted = _MAY_HAVE_ACTED.get(kind, bool(failure.get("may-have-acted")))
            return Failure(kind=kind, message=self._expand(failure["message"]), may_have_acted=may_have_acted)
        response = entry.get("response") or {}
        status = response.get("status") or 0
        if status <= 0:
            why = self._expand(entry.get("_error") or "it does not say why")
            problem = f"the recording holds no response: {why}"
            return Failure(kind=FailureKind.INTERRUPTED, message=problem, may_have_acted=True)
        if not 200 <= status <= 599:
            return None
        headers = []
        for header in response.get("headers") or ():
            name = header["name"].lower()
            if not name.startswith(":") and name not in _OF_THE_WIRE and not self._is_anything(header["value"]):
                headers.append((name, self._expand(header["value"])))
        return Response(status=status, headers=headers, body=self._content(response.get("content") or {}))

    def _content(self, content: dict[str, Any]) -> str | bytes:
        text = content.get("text") or ""
        return base64.b64decode(text) if content.get("encoding") == "base64" else self._expand(text)

    def _is_anything(self, value: str) -> bool:
        return any(placeholder in value for placeholder in self._anything)

    def _pair(self, pair: dict[str, str]) -> tuple[str, str]:
        return self._expand(pair["name"]), self._expand(pair["value"])

    def _expand(self, text: str) -> str:
        return text if self._placeholders is None else self._placeholders.expand(text)


def _numbers(entries: list[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """The words for what was taken out: of values that a response gave, which a client sends as it got them; and of values
    that a request had first, which a client makes anew, so that they count as anything."""
    given: set[str] = set()
    sent: set[str] = set()
    for entry in entries:
        sent.update(set(_NUMBERED.findall(json.dumps(entry.get("request")))) - given)
        given.update(set(_NUMBERED.findall(json.dumps(entry.get("response")))) - sent)
    return given, sent | (set(_NUMBERED.findall(json.dumps(entries))) - given)
