"""What several tests need: where things are, recorded settings, and a server over TLS that does what a test says."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import tomllib
import trustme

from psa_connector import Connector, ConnectorDescription, Options, Pacing, Pools, Retries, Setting
from psa_connector.contract import SettingDescription, SettingKind, SettingSupplier
from psa_connector.live import Live
from psa_connector.policy import Policy

ROOT = Path(__file__).resolve().parents[3]
RECORDINGS = ROOT / "tests" / "recordings"
CONNECTORS = ("autotask", "connectwise", "halopsa")
HOST = "psa.example.com"


@cache
def connector(name: str) -> Connector:
    """The connector that is installed."""
    return Connector(name)


def recorded_settings(name: str) -> dict[str, str]:
    settings: dict[str, str] = tomllib.loads((RECORDINGS / name / "settings.toml").read_text("utf-8"))
    return settings


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int

    def header(self, name: str) -> str | None:
        return next((value for header, value in self.headers if header == name), None)


@dataclass
class Server:
    """A server for `psa.example.com` on this machine. `answer` gives the bytes to send for a request. `Cut` ends the
    connection after some bytes."""

    answer: Callable[[Asked], bytes | Cut]
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    pools: list[Pools] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Server:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        _certificate().configure_cert(tls)
        self._server = _Listener(("127.0.0.1", 0), _Handler)
        self._server.tls, self._server.owner = tls, self
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for pools in self.pools:
            pools.close()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    def options(self, **more: Any) -> Options:
        given: dict[str, Any] = {
            "allow_hosts": [f"{HOST}:{self.port}"],
            "allow_private_networks": True,
            "resolve": {HOST: "127.0.0.1"},
            "certificate_authorities": [authority().cert_pem.bytes().decode()],
            "pacing": Pacing(),
            "retries": Retries(first_pause=0.01, rate_limit_pause=0.05, longest_pause=1.0),
        }
        return Options(**given | more)

    def live(self, pools: Pools | None = None, tenant: bytes = b"tenant", **more: Any) -> Live:
        options = self.options(**more)
        settings = [Setting(name="site", value=f"{HOST}:{self.port}"), Setting(name="key", value="s3cret-key")]
        policy = Policy(DESCRIPTION, settings, options, trusts_domains=True)
        pools = pools or Pools()
        self.pools.append(pools)
        return Live(policy, tenant, DESCRIPTION, options, pools)


@dataclass
class Cut:
    """The connection ends after these bytes, without TLS's own end if `is_rude`."""

    before: bytes = b""


def response(status: int, body: bytes = b"", *headers: tuple[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _setting(name: str, kind: SettingKind) -> SettingDescription:
    return SettingDescription(
        name=name, label="", help="", kind=kind, is_required=True, supplied_by=SettingSupplier.CUSTOMER
    )


DESCRIPTION = ConnectorDescription(
    vendor="Example PSA",
    version="1",
    settings=[
        _setting("site", SettingKind.HOST),
        _setting("note", SettingKind.TEXT),
        _setting("key", SettingKind.SECRET),
    ],
    pacing=Pacing(),
    vendor_domains=["cloud.example"],
)


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@cache
def _certificate() -> trustme.LeafCert:
    return authority().issue_cert(HOST, "127.0.0.1")


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    tls: ssl.SSLContext
    owner: Server

    def handle_error(self, *_: object) -> None:
        """Connections that end in the middle are what the tests are about."""


class _Handler(socketserver.BaseRequestHandler):
    server: _Listener

    def handle(self) -> None:
        owner = self.server.owner
        with owner.lock:
            owner.connections += 1
            number = owner.connections
        self.request.settimeout(20)
        with self.server.tls.wrap_socket(self.request, server_side=True) as tls:
            reader = tls.makefile("rb")
            while line := reader.readline():
                method, path, _ = line.decode("latin-1").split()
                headers = []
                while (header := reader.readline().decode("latin-1").rstrip("\r\n")) != "":
                    name, _, value = header.partition(":")
                    headers.append((name.lower(), value.strip()))
                size = int(dict(headers).get("content-length", "0"))
                asked = Asked(method, path, headers, reader.read(size), number)
                with owner.lock:
                    owner.asked.append(asked)
                answer = owner.answer(asked)
                if isinstance(answer, Cut):
                    tls.sendall(answer.before)
                    return
                tls.sendall(answer)
