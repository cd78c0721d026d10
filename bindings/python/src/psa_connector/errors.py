"""What a call can raise. The error of a connector is `contract.ConnectorError`; the others are of the host."""

from __future__ import annotations

from typing import Any


class CallError(Exception):
    """A call did not give a result. `ConnectorError` says why in the contract's terms; the other classes mean that the
    connector was stopped and that nothing was written."""

    def __str__(self) -> str:
        # Of a ConnectorError, whose fields are not the arguments of an exception.
        message, hint = getattr(self, "message", None), getattr(self, "hint", None)
        if message is None:
            return super().__str__()
        return f"{message} ({hint})" if hint else str(message)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, dict(self.__dict__))


class Stopped(CallError):
    """The connector passed a limit. Nothing was written. Raise the limit that is named, or ask for less."""


class Trapped(CallError):
    """The connector has a defect. Nothing was written. Report it to the connector's author."""


class HostError(CallError):
    """The host cannot run the connector. Nothing was sent."""


class PolicyError(ValueError):
    """What was given to a tenant cannot be used. The text says what to correct."""


class RecordingError(ValueError):
    """A file is no recording, or it has a placeholder that no setting stands for. The text says where."""


def _restored(kind: type[CallError], arguments: tuple[Any, ...], state: dict[str, Any]) -> CallError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(state)
    return error
