"""What the calls of a process share: connections, and for each tenant its kept responses and its pacing. A tenant is a
component with all of its settings; what tells them apart is a keyed digest, whose key is drawn once in a process."""

from __future__ import annotations

import atexit
import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from psa_connector.contract import Request, Setting
from psa_connector.live.connection import Connection
from psa_connector.live.kept import KeptResponses
from psa_connector.live.pacing import Pacer

_KEY = secrets.token_bytes(32)
_MOST_TENANTS = 10_000
_TENANT_SECONDS = 2 * 3_600
_MOST_IDLE_CONNECTIONS = 256
# As many as a call uses at once. Each write leaves one.
_MOST_IDLE_OF_A_KIND = 16
_IDLE_SECONDS = 30.0


class Shared:
    """Of one tenant."""

    def __init__(self) -> None:
        self.kept = KeptResponses()
        self.pacer = Pacer()
        self.used = time.monotonic()


class Pools:
    """Share one among all connectors of a process: `DEFAULT` is used where none is given."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tenants: OrderedDict[bytes, Shared] = OrderedDict()
        self._idle: OrderedDict[int, tuple[object, Connection]] = OrderedDict()

    def tenant(self, fingerprint: bytes) -> Shared:
        with self._lock:
            now = time.monotonic()
            shared = self._tenants.pop(fingerprint, None) or Shared()
            shared.used = now
            self._tenants[fingerprint] = shared
            while self._tenants:
                oldest = next(iter(self._tenants.values()))
                if len(self._tenants) <= _MOST_TENANTS and now - oldest.used <= _TENANT_SECONDS:
                    break
                self._tenants.popitem(last=False)
            return shared

    def take(self, key: object) -> Connection | None:
        """An idle connection of this kind that still stands."""
        while True:
            with self._lock:
                place = next((place for place, (kind, _) in reversed(self._idle.items()) if kind == key), None)
                if place is None:
                    return None
                _, connection = self._idle.pop(place)
            if time.monotonic() - connection.idle_since <= _IDLE_SECONDS and connection.is_quiet:
                return connection
            connection.close()

    def put(self, key: object, connection: Connection) -> None:
        connection.idle_since = now = time.monotonic()
        closed = []
        with self._lock:
            self._idle[id(connection)] = (key, connection)
            of_this_kind = [place for place, (kind, _) in self._idle.items() if kind == key]
            if len(of_this_kind) > _MOST_IDLE_OF_A_KIND:
                closed.append(self._idle.pop(of_this_kind[0])[1])
            while self._idle:
                place, (_, oldest) = next(iter(self._idle.items()))
                if len(self._idle) <= _MOST_IDLE_CONNECTIONS and now - oldest.idle_since <= _IDLE_SECONDS:
                    break
                del self._idle[place]
                closed.append(oldest)
        for connection in closed:
            connection.close()

    def close(self) -> None:
        """Closes the idle connections, and forgets the tenants."""
        with self._lock:
            connections = [connection for _, connection in self._idle.values()]
            self._idle.clear()
            self._tenants.clear()
        for connection in connections:
            connection.close()


DEFAULT = Pools()
atexit.register(DEFAULT.close)


def of_tenant(component: bytes, settings: Sequence[Setting]) -> bytes:
    parts = [component]
    for setting in sorted(settings, key=lambda it: (it.name, it.value)):
        parts.extend((_bytes(setting.name), _bytes(setting.value)))
    return _digest(_KEY, parts)


def of_request(tenant: bytes, request: Request) -> bytes:
    parts = [_bytes(request.method), _bytes(request.url)]
    for name, value in request.headers:
        parts.extend((_bytes(name), _bytes(value)))
    # Parts come in pairs up to here, so that no header can pass for a body.
    if request.body is not None:
        parts.append(_bytes(request.body))
    return _digest(tenant, parts)


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def _digest(key: bytes, parts: Iterable[bytes]) -> bytes:
    """Each part with its length before it, so that no other division of the same bytes has the same digest."""
    digest = hashlib.blake2b(key=key, digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()
