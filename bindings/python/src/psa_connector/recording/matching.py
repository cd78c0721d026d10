"""Whether a request is the recorded one, and if not, what differs. Never shows the value of a header or of a form's field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

from psa_connector.contract import Request
from psa_connector.recording.exchange import RecordedBody, RecordedRequest
from psa_connector.recording.placeholders import REMOVED

_OTHER_METHOD, _OTHER_PATH, _OTHER_DETAIL = 20, 30, 1


def differences(recorded: RecordedRequest, request: Request) -> list[tuple[int, str]]:
    """Each with how far apart it makes the two. Empty: it is the recorded one."""
    found = []
    if recorded.method != request.method:
        found.append((_OTHER_METHOD, f"method: recorded {recorded.method}, sent {request.method}"))
    url, _, query = request.url.partition("?")
    if not _is_same_path(recorded.url, url):
        found.append((_OTHER_PATH, f"path: recorded {recorded.url}, sent {url}"))
    details = [
        *_of_query(recorded.query, query),
        *(text for header in recorded.headers for text in _of_header(header, request)),
        *_of_body(recorded.body, request),
    ]
    return found + [(_OTHER_DETAIL, text) for text in details]


def is_form(content_type: str) -> bool:
    return content_type.split(";")[0].strip().lower() == "application/x-www-form-urlencoded"


def pairs_of(encoded: str) -> list[tuple[str, str]]:
    return parse_qsl(encoded, keep_blank_values=True)


def _is_same_path(recorded: str, sent: str) -> bool:
    ours, theirs = recorded.split("/"), sent.split("/")
    return len(ours) == len(theirs) and all(
        _is_same(unquote(our), unquote(their)) for our, their in zip(ours, theirs, strict=True)
    )


def _is_same(recorded: str, sent: str) -> bool:
    """What was taken out of a recording counts as anything."""
    return recorded == sent or REMOVED in recorded


def _of_query(recorded: list[tuple[str, str]], query: str) -> Iterator[str]:
    sent = pairs_of(query)
    missing = []
    for name, value in recorded:
        at = next((at for at, other in enumerate(sent) if other[0] == name and _is_same(value, other[1])), None)
        if at is None:
            missing.append((name, value))
        else:
            del sent[at]
    for name, value in missing:
        actual = next((other for other in sent if other[0] == name), None)
        if actual:
            sent.remove(actual)
        yield f"query `{name}`: recorded `{value}`, sent " + (f"`{actual[1]}`" if actual else "none")
    for name, value in sent:
        yield f"query `{name}`: recorded none, sent `{value}`"


def _of_header(recorded: tuple[str, str | None], request: Request) -> Iterator[str]:
    name, value = recorded
    sent = [other for header, other in request.headers if header.lower() == name.lower()]
    if value is None:
        if sent:
            yield f"header {name}: must not be sent"
    elif len(sent) != 1:
        yield f"header {name}: sent {len(sent)} times" if sent else f"header {name}: not sent"
    elif sent[0] != value:
        yield f"header {name}: its value differs"


def _of_body(recorded: RecordedBody, request: Request) -> Iterator[str]:
    body = request.body.encode() if isinstance(request.body, str) else request.body
    if recorded.kind == "absent":
        if body is not None:
            yield f"body: recorded none, sent {len(body)} bytes"
    elif body is None:
        yield "body: not sent"
    elif recorded.kind == "bytes":
        if recorded.value != body and REMOVED.encode() not in recorded.value:
            yield f"body: recorded {len(recorded.value)} bytes, sent {len(body)} others"
    elif recorded.kind == "json":
        try:
            sent = json.loads(body)
        except ValueError:
            yield "body: recorded JSON, sent something else"
        else:
            yield from _of_json("body", recorded.value, sent, request.is_secret)
    else:
        yield from _of_form(recorded.value, body, request)


def _of_json(path: str, recorded: Any, sent: Any, is_secret: bool) -> Iterator[str]:
    if isinstance(recorded, dict) and isinstance(sent, dict):
        for name in {**recorded, **sent}:
            if name not in sent:
                yield f"{path}.{name}: not sent"
            elif name not in recorded:
                yield f"{path}.{name}: recorded none, sent one"
            else:
                yield from _of_json(f"{path}.{name}", recorded[name], sent[name], is_secret)
    elif isinstance(recorded, list) and isinstance(sent, list) and len(recorded) == len(sent):
        for at, (ours, theirs) in enumerate(zip(recorded, sent, strict=True)):
            yield from _of_json(f"{path}[{at}]", ours, theirs, is_secret)
    elif isinstance(recorded, str) and isinstance(sent, str) and _is_same(recorded, sent):
        return
    elif recorded != sent or isinstance(recorded, bool) != isinstance(sent, bool):
        values = "" if is_secret else f": recorded {_shown(recorded)}, sent {_shown(sent)}"
        yield f"{path}{values or ': its value differs'}"


def _of_form(recorded: list[tuple[str, str]], body: bytes, request: Request) -> Iterator[str]:
    types = [value for name, value in request.headers if name.lower() == "content-type"]
    if not any(is_form(value) for value in types):
        yield "body: recorded a form, sent a body that Content-Type does not call one"
        return
    sent = pairs_of(body.decode("utf-8", "replace"))
    for name in dict.fromkeys(name for name, _ in [*recorded, *sent]):
        ours = Counter(value for other, value in recorded if other == name)
        theirs = Counter(value for other, value in sent if other == name)
        is_anything = any(REMOVED in value for value in ours) and ours.total() == theirs.total()
        if ours != theirs and not is_anything:
            yield f"form field `{name}`: " + ("its value differs" if theirs else "not sent")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + " …"
