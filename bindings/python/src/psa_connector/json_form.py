"""The types of the contract as JSON, under the contract's own names: what `psa-host … --json` prints."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

from psa_connector._readers import READERS, VARIANTS

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """The value as dictionaries, lists and plain values, for `json.dumps`."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, VARIANTS):
        return value.case if value.value is None else {value.case: to_json(value.value)}
    if is_dataclass(value):
        return {it.name.replace("_", "-"): to_json(getattr(value, it.name)) for it in fields(value)}
    if isinstance(value, list | tuple):
        return [to_json(it) for it in value]
    if isinstance(value, dict):
        return {name: to_json(it) for name, it in value.items()}
    return value


def from_json(kind: type[T], value: Any) -> T:
    """A record or variant of the contract from its JSON. What may be left out may be missing."""
    found: T = READERS[kind](value)
    return found
