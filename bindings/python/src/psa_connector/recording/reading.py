"""Reads recordings in JSON, cases, and HTTP archives. CONTRIBUTING.md of the project describes the fields of the first two."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from psa_connector.contract import Failure, FailureKind, Response, Setting
from psa_connector.errors import RecordingError
from psa_connector.http import Answer
from psa_connector.recording import archive
from psa_connector.recording.exchange import Exchange, RecordedBody, RecordedRequest
from psa_connector.recording.placeholders import Placeholders
from psa_connector.recording.replay import Replay

_SHARED = "_shared"


class Recording:
    """A file, its placeholders not yet replaced."""

    def __init__(self, document: dict[str, Any], path: Path | None = None) -> None:
        self.document = document
        self._path = path

    @classmethod
    def from_file(cls, path: str | Path) -> Recording:
        path = Path(path)
        try:
            document = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise RecordingError(f"{path} cannot be read as a recording: {error}") from None
        if not isinstance(document, dict):
            raise RecordingError(f"{path} is not a recording: it holds no object")
        return cls(document, path)

    def replay(self, settings: Iterable[Setting]) -> Replay:
        """What answers one call."""
        settings = list(settings)
        return Replay(self.exchanges(settings), settings)

    def exchanges(self, settings: Iterable[Setting]) -> list[Exchange]:
        """The exchanges, with these values in the places of the placeholders."""
        try:
            if "log" in self.document:
                return archive.exchanges(self.document["log"], settings)
            placeholders = Placeholders(settings)
            return [self._exchange(it, placeholders) for it in self.document["exchanges"]]
        except (KeyError, TypeError, AttributeError) as error:
            raise RecordingError(f"{self._path or 'the text'} is not a recording: {error!r}") from None
        except ValueError as error:
            raise RecordingError(f"{self._path or 'the text'}: {error}") from None

    def _exchange(self, listed: dict[str, Any], placeholders: Placeholders) -> Exchange:
        own = _answer(listed, placeholders)
        if "shared" in listed:
            [exchange] = self._shared(listed["shared"])._all(placeholders)
            return exchange if own is None else Exchange(exchange.request, own)
        if own is None:
            raise RecordingError("exactly one of `response` and `failure` is required")
        return Exchange(self._request(listed["request"], placeholders), own)

    def _all(self, placeholders: Placeholders) -> list[Exchange]:
        return [self._exchange(it, placeholders) for it in self.document["exchanges"]]

    def _shared(self, name: str) -> Recording:
        """From the nearest folder `_shared`, beside the file or in a folder above it."""
        if self._path is None or not name.replace("-", "").replace("_", "").isalnum():
            raise RecordingError(f"the shared exchange `{name}` cannot be looked for")
        for folder in self._path.resolve().parents:
            file = folder / _SHARED / f"{name}.json"
            if file.is_file():
                return Recording.from_file(file)
        raise RecordingError(f"neither the file's folder nor one above it has `{_SHARED}/{name}.json`")

    def _request(self, request: dict[str, Any], placeholders: Placeholders) -> RecordedRequest:
        path = placeholders.expand(request["path"])
        url = path if path.startswith("https://") else placeholders.expand(self.document["base-url"]) + path
        headers = {name.lower(): value for name, value in _pairs(self.document.get("request-headers"))}
        headers.update({name.lower(): value for name, value in _pairs(request.get("headers"))})
        return RecordedRequest(
            method=request["method"],
            url=url,
            query=_expanded(request.get("query"), placeholders),
            headers=[(name, None if value is None else placeholders.expand(value)) for name, value in headers.items()],
            body=_request_body(request, placeholders),
        )


def _request_body(request: dict[str, Any], placeholders: Placeholders) -> RecordedBody:
    if "json" in request:
        return RecordedBody("json", placeholders.expand_json(request["json"]))
    if "form" in request:
        return RecordedBody("form", _expanded(request["form"], placeholders))
    if "text" in request:
        return RecordedBody("bytes", placeholders.expand(request["text"]).encode())
    if "base64" in request:
        return RecordedBody("bytes", base64.b64decode(request["base64"], validate=True))
    return RecordedBody("absent")


def _answer(listed: dict[str, Any], placeholders: Placeholders) -> Answer | None:
    if "failure" in listed:
        failure = listed["failure"]
        return Failure(
            kind=FailureKind(failure["kind"]),
            message=placeholders.expand(failure["message"]),
            may_have_acted=failure["may-have-acted"],
        )
    if "response" not in listed:
        return None
    response = listed["response"]
    headers = [(name.lower(), value) for name, value in _expanded(response.get("headers"), placeholders)]
    return Response(status=response["status"], headers=headers, body=_response_body(response, placeholders))


def _response_body(response: dict[str, Any], placeholders: Placeholders) -> str | bytes:
    if "json" in response:
        value = placeholders.expand_json(response["json"])
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if "base64" in response:
        return base64.b64decode(response["base64"], validate=True)
    return placeholders.expand(response.get("text", ""))


def _pairs(value: dict[str, Any] | list[list[Any]] | None) -> list[tuple[str, Any]]:
    """An object, or a list if a name is repeated."""
    items = value.items() if isinstance(value, dict) else value or ()
    return [(name, it) for name, it in items]


def _expanded(value: dict[str, Any] | list[list[Any]] | None, placeholders: Placeholders) -> list[tuple[str, str]]:
    return [(name, placeholders.expand(it)) for name, it in _pairs(value)]
