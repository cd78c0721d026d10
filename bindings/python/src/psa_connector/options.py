"""What may be set of a connector's calls, with the defaults and the reason for each. Nothing is enforced here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from psa_connector.contract import Pacing


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one call of a connector may spend. Every call has its own."""

    memory_bytes: int = 128 << 20
    """Memory of each of the three parts of a component: the connector, and what converts in front of it and behind it."""
    fuel: int = 20_000_000_000
    """Computing, roughly one unit for each instruction of WebAssembly. Waiting costs none."""
    wall_clock: float = 120.0
    """Seconds from the start of the call, waiting included. After them nothing is sent, and what is under way is given up.
    Computing is limited by `fuel`."""
    reserve_for_lookup: float = 20.0
    """The end of `wall_clock` that is kept for finding out whether a write went through. At most half of it is used."""
    requests: int = 5_000
    """Requests of the call. Further ones are answered as `denied`."""


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    connect: float = 10.0
    """Seconds to connect and to agree on TLS, for each address."""
    request: float = 60.0
    """Seconds of one attempt, from connecting to the last byte of the response."""


@dataclass(frozen=True, kw_only=True)
class HttpLimits:
    """What one call may send and receive."""

    in_flight: int = 16
    """Requests under way at once."""
    response_bytes: int = 16 << 20
    """The body of a response, content encodings removed."""
    call_bytes: int = 128 << 20
    """All bodies of a call, sent and received."""
    header_count: int = 100
    """Headers of a request or a response."""
    header_bytes: int = 64 << 10
    """The URL and all headers of a request or a response."""


@dataclass(frozen=True, kw_only=True)
class Retries:
    """What is sent again. A request that is not a write: if the server was unreachable, answered 429, 502, 503 or 504, or
    answered 500 and says that its time ran out. A write: only if the server cannot have acted."""

    per_request: int = 3
    per_call: int = 20
    """In a whole call, after a 429 not counted."""
    first_pause: float = 0.5
    """Seconds. The first pause is at most this, the second at most twice, and so on; the length is drawn at random."""
    rate_limit_pause: float = 30.0
    """Seconds after a 429 whose Retry-After is missing or cannot be read. It doubles each time."""
    longest_pause: float = 60.0
    """Seconds. If a server asks for more, its answer is passed on."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the calls of a tenant work."""

    limits: Limits = field(default_factory=Limits)
    timeouts: Timeouts = field(default_factory=Timeouts)
    http: HttpLimits = field(default_factory=HttpLimits)
    retries: Retries = field(default_factory=Retries)
    allow_hosts: Sequence[str] = ()
    """Hosts that the connector may reach beside those of its settings: `psa.example.com`, with a port if it is not 443.
    `*.autotask.net` allows any one label."""
    allow_private_networks: bool = False
    """Whether the addresses of a private network may be reached: for a PSA in your own network."""
    pacing: Pacing | None = None
    """How fast all calls of the tenant together send, in this process. None: as the connector advises. `Pacing()` is no
    limit."""
    certificate_authorities: Sequence[str] = ()
    """Certificates in PEM to trust beside those of the machine."""
    resolve: Mapping[str, str] = field(default_factory=dict)
    """Addresses to use in place of those that the name has: `{"psa.example.com": "192.0.2.7"}`."""
    contact: str | None = None
    """An e-mail address or URL for the operator of the PSA, sent in User-Agent."""
