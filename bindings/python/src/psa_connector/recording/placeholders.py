"""`{{setting-name}}`, and `{{base64:TEXT}}`, `{{percent:TEXT}}`, `{{json:TEXT}}` for encoded text, in recordings: they keep keys
and tenants out of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from psa_connector.contract import Setting
from psa_connector.errors import RecordingError

# In a recorded request: whatever was sent in this place was taken out, so anything may stand here.
REMOVED = "{{removed}}"
_BRACES = {"open-brace": "{", "close-brace": "}"}
_SHORTEST_MASKED = 4


class Placeholders:
    def __init__(self, settings: Iterable[Setting], words: dict[str, str] | None = None) -> None:
        self._values: dict[str, str] = {}
        for setting in settings:
            # The first of a repeated name counts.
            self._values.setdefault(setting.name, setting.value.strip())
        self._words = words or {}

    def expand(self, text: str) -> str:
        """The text with every placeholder replaced, inner ones first. A value that looks like one stays as it is."""
        expanded: list[str] = []
        rest = text
        while "{{" in rest:
            before, _, from_name = rest.partition("{{")
            inside, rest = _split_at_end(from_name)
            name, colon, plain = inside.partition(":")
            if colon and name in _ENCODINGS:
                expanded.extend((before, _ENCODINGS[name](self.expand(plain))))
            else:
                expanded.extend((before, self._value(inside)))
        return "".join([*expanded, rest])

    def expand_json(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.expand(value)
        if isinstance(value, list):
            return [self.expand_json(it) for it in value]
        if isinstance(value, dict):
            return {name: self.expand_json(it) for name, it in value.items()}
        return value

    def mask(self, text: str) -> str:
        """The reverse, for messages."""
        values = sorted(self._values.items(), key=lambda it: -len(it[1]))
        for name, value in values:
            if len(value) >= _SHORTEST_MASKED:
                text = text.replace(value, "{{" + name + "}}")
        return text

    def _value(self, name: str) -> str:
        for known in (self._values, self._words, _BRACES):
            if name in known:
                return known[name]
        names = ", ".join(self._values) or "none"
        raise RecordingError(
            f"the placeholder `{{{{{name}}}}}` stands for a setting that has no value; settings that have one: {names}"
        )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _percent(text: str) -> str:
    return quote(text, safe="")


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


_ENCODINGS = {"base64": _base64, "percent": _percent, "json": _json}


def _split_at_end(text: str) -> tuple[str, str]:
    """What is before the `}}` that closes an opened placeholder, and what is after."""
    depth, at = 1, 0
    while at < len(text):
        if text.startswith("{{", at):
            depth, at = depth + 1, at + 2
        elif text.startswith("}}", at):
            depth, at = depth - 1, at + 2
            if depth == 0:
                return text[: at - 2], text[at:]
        else:
            at += 1
    raise RecordingError(f"the placeholder `{{{{{text}` has no end")
