"""A connector, and its tenants: `Connector("connectwise").tenant(settings).create_ticket(draft)`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TypeVar

from psa_connector import _cache, _readers
from psa_connector._functions import AsyncFunctions, Functions
from psa_connector._limited import LimitedHttp
from psa_connector.component import Component
from psa_connector.contract import ConnectorDescription, ConnectorError, ErrorCode, Failure, OriginList, Request, Setting
from psa_connector.errors import CallError, HostError, PolicyError
from psa_connector.http import Http, NoHttp, denied
from psa_connector.json_form import to_json
from psa_connector.live import tenants
from psa_connector.live.client import Live
from psa_connector.live.tenants import Pools
from psa_connector.options import Limits, Options
from psa_connector.policy import Policy
from psa_connector.recording import Recording

T = TypeVar("T")
Settings = Mapping[str, str] | Sequence[Setting]

ENTRY_POINTS = "psa_connector.components"
"""Packages that bring a component name themselves in this group: the connector's name, and the package that holds
`component.wasm.xz`."""

_FUNCTIONS_THAT_WRITE = frozenset({"create-ticket", "add-note", "set-status", "attach-asset"})
# The PSA may still be writing what is in doubt.
_RETRY_AFTER_DOUBT_SECONDS = 60


class Connector:
    """A connector. Load it once; threads may share it, and each call runs in a fresh sandbox."""

    def __init__(
        self,
        name: str | Path,
        *,
        cache: Path | None | bool = True,
        pools: Pools | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`name` is a connector that is installed, such as `connectwise`, or the file of its JSON edition. Compiled code is
        kept in `cache`: a folder, or True for that of the user, or None for no such thing."""
        data, self.is_installed = _data(name)
        folder = _cache.folder_of_the_user() if cache is True else cache or None
        self._component = Component(data, folder)
        self._pools = tenants.DEFAULT if pools is None else pools
        self._limits = limits or Limits()

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the component's file."""
        return self._component.digest

    @cached_property
    def description(self) -> ConnectorDescription:
        """What the connector can do, and which settings it needs: for the form that a tenant fills in. Sends nothing."""
        return _readers.connector_description(self.call("describe", {}, NoHttp()))

    def origins(self, settings: Settings) -> OriginList:
        """The https origins that the connector contacts with these settings. Sends nothing."""
        return _readers.origin_list(self.call("origins", {"settings": as_settings(settings)}, NoHttp()))

    def tenant(
        self, settings: Settings, options: Options | None = None, *, http: Callable[[], Http] | Recording | None = None
    ) -> Tenant:
        """The connector with the settings of one customer. Make it once and keep it: threads may share it. `http` is a
        recording from which each call is answered, or what makes your own HTTP for a call; without it, calls are live."""
        return Tenant(self, as_settings(settings), options or Options(), self._pools, http)

    def call(
        self,
        function: str,
        arguments: Mapping[str, Any],
        http: Http,
        *,
        limits: Limits | None = None,
        check: Callable[[Request], Failure | None] | None = None,
        started: Callable[[LimitedHttp], None] | None = None,
    ) -> Any:
        """One call of a function of the contract, by its name there, with its arguments. The result is as JSON. `Tenant` has
        a method for each function; this is for programs that take the name from elsewhere."""
        limits = limits or self._limits
        limited = LimitedHttp(http, limits, check)
        if started:
            started(limited)
        try:
            is_ok, result = self._component.run(function, to_json(dict(arguments)), limited, limits)
        except CallError as error:
            if limited.may_have_written and function in _FUNCTIONS_THAT_WRITE:
                raise _outcome_unknown(function, str(error), _is_repeatable(function, arguments)) from error
            raise
        if not is_ok:
            raise _readers.connector_error(result)
        return result


class Tenant(Functions):
    """A connector with the settings of one customer. Its methods are the functions of the contract. They raise
    `ConnectorError`, whose `code` says what to do next, and else a `CallError`. `aio` has the same for asyncio."""

    def __init__(
        self,
        connector: Connector,
        settings: list[Setting],
        options: Options,
        pools: Pools,
        http: Callable[[], Http] | Recording | None,
    ) -> None:
        self.connector = connector
        self.settings = settings
        self.options = options
        self._pools = pools
        self._http = http
        self._fingerprint = tenants.of_tenant(connector.digest, settings)
        self.policy = Policy(connector.description, settings, options, trusts_domains=connector.is_installed)
        self.aio = AsyncTenant(self)
        if http is None:
            # What would fail in every call fails here.
            self._live().close()

    def origins(self) -> OriginList:
        """The https origins that the connector contacts with these settings. Sends nothing."""
        return self.connector.origins(self.settings)

    def not_approved(self) -> list[str]:
        """Those of the origins to which requests would be denied: see `Options.allow_hosts`."""
        return self.policy.not_approved(self.origins().origins)

    def _live(self) -> Live:
        return Live(self.policy, self._fingerprint, self.connector.description, self.options, self._pools)

    def _call(self, function: str, arguments: dict[str, Any], read: Callable[[Any], T]) -> T:
        return self.run(function, arguments, read, None)

    def run(
        self,
        function: str,
        arguments: Mapping[str, Any],
        read: Callable[[Any], T],
        started: Callable[[LimitedHttp], None] | None,
    ) -> T:
        """One call, whatever the function. `started` is told its HTTP, by which it can be cancelled."""
        given = {"settings": self.settings, **arguments}
        limits = self.options.limits
        if self._http is not None:
            recorded = isinstance(self._http, Recording)
            http = self._http.replay(self.settings) if isinstance(self._http, Recording) else self._http()
            check = None if recorded else self._check
            return read(self.connector.call(function, given, http, limits=limits, check=check, started=started))
        live = self._live()
        try:
            return read(self.connector.call(function, given, live, limits=limits, check=self._check, started=started))
        finally:
            live.close()

    def _check(self, request: Request) -> Failure | None:
        return self.policy.check(request) or self._undeclared(request)

    def _undeclared(self, request: Request) -> Failure | None:
        """A connector sends to the origins that it names, and to no other."""
        origin = "/".join(request.url.split("?")[0].split("/")[:3]).removesuffix(":443")
        if any(_is_origin(declared, origin) for declared in self._origins):
            return None
        return denied(
            f"the request was not sent: {self.policy.without_secrets(origin)} is not among the connector's origins"
        )

    @cached_property
    def _origins(self) -> list[str]:
        try:
            return self.origins().origins
        except ConnectorError:
            return []


class AsyncTenant(AsyncFunctions):
    """The functions of a tenant for asyncio: `await tenant.aio.create_ticket(draft)`. Each runs in a thread."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    async def _call(self, function: str, arguments: dict[str, Any], read: Callable[[Any], T]) -> T:
        running: list[LimitedHttp] = []
        try:
            return await asyncio.to_thread(self._tenant.run, function, arguments, read, running.append)
        except asyncio.CancelledError:
            for http in running:
                http.cancel()
            writes = function in _FUNCTIONS_THAT_WRITE and any(http.may_have_written for http in running)
            repeatable = _is_repeatable(function, arguments)
            error = _outcome_unknown(function, "it was cancelled", repeatable) if writes else _cancelled(function)
            raise CallCancelled(error) from None


@dataclass(eq=False)
class CallCancelled(asyncio.CancelledError):
    """A call was cancelled. `error` says what that means: `outcome-unknown` if a write had been sent, and `unavailable` if
    not. What is under way in its thread then ends by itself, and nothing more is sent."""

    error: ConnectorError


def as_settings(settings: Settings) -> list[Setting]:
    if isinstance(settings, Mapping):
        return [Setting(name=name, value=value) for name, value in settings.items()]
    return list(settings)


def _is_origin(declared: str, origin: str) -> bool:
    if not declared.startswith("https://*."):
        return declared.lower() == origin.lower()
    _, _, rest = origin.lower().removeprefix("https://").partition(".")
    return rest == declared.lower().removeprefix("https://*.")


def _data(name: str | Path) -> tuple[bytes, bool]:
    """The component, and whether an installed package brought it."""
    if isinstance(name, Path) or name.endswith(".wasm"):
        try:
            return Path(name).read_bytes(), False
        except OSError as error:
            raise HostError(f"cannot read {name}: {error.strerror}") from None
    installed = entry_points(group=ENTRY_POINTS)
    for found in installed:
        if found.name == name:
            return resources.files(found.value).joinpath("component.wasm.xz").read_bytes(), True
    names = ", ".join(sorted(it.name for it in installed)) or "none"
    raise PolicyError(
        f"no connector `{name}` is installed; installed: {names}. Install the package of the connector, or name a file"
    )


def _outcome_unknown(function: str, cause: str, is_repeatable: bool) -> ConnectorError:
    if is_repeatable:
        hint = "Repeat the same call after the time given: it finds what was written."
    else:
        hint = "Look in the PSA first: without a reference, a repeated call may write a second time."
    return ConnectorError(
        code=ErrorCode.OUTCOME_UNKNOWN,
        message=f"{function}: a write was sent to the PSA, then {cause}",
        hint=hint,
        retry_after_seconds=_RETRY_AFTER_DOUBT_SECONDS,
    )


def _cancelled(function: str) -> ConnectorError:
    return ConnectorError(code=ErrorCode.UNAVAILABLE, message=f"{function} was cancelled; nothing was written")


def _is_repeatable(function: str, arguments: Mapping[str, Any]) -> bool:
    given = arguments.get("draft", arguments.get("note"))
    reference = given.get("reference") if isinstance(given, Mapping) else getattr(given, "reference", None)
    return function in ("set-status", "attach-asset") or bool(reference)
