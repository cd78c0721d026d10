"""Which requests the connector of one tenant may send. What an address is, `_address.py` knows. Nothing here knows a vendor."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from psa_connector import _address
from psa_connector.contract import ConnectorDescription, Failure, Request, Setting, SettingKind
from psa_connector.errors import PolicyError
from psa_connector.http import denied, refusal
from psa_connector.options import Options

_HTTPS_PORT = 443
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\Z")


@dataclass(frozen=True)
class Authority:
    """Host and port of an https origin."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _HTTPS_PORT else f"{host}:{self.port}"

    @property
    def is_address(self) -> bool:
        return _as_address(self.host) is not None

    @staticmethod
    def of_url(url: str) -> Authority | None:
        """Of an https URL. None if its host is written in a way that clients could read differently."""
        if not url.startswith("https://"):
            return None
        return _parsed(re.split(r"[/?#]", url.removeprefix("https://"))[0])

    @staticmethod
    def typed(text: str) -> Authority | None:
        """Of what a person typed or pasted: a host, with or without a port, `https://` before it or a path behind it."""
        text = text.strip()
        if text[:8].lower() == "https://":
            text = text[8:]
        text = re.split(r"[/?#\\]", text)[0].rstrip(".")
        if not text.isascii():
            try:
                host, colon, port = text.partition(":")
                text = host.encode("idna").decode("ascii") + colon + port
            except UnicodeError:
                return None
        return _parsed(text)


class Policy:
    """Approved are: an origin that was entered in a setting of kind `host`; a host under a domain of the vendor which also
    covers an entered one, on port 443 or the port entered; an entry of `Options.allow_hosts`. A vendor's domains count only
    for a connector that was installed as a package: whoever can hand over a file could name any domain in it."""

    def __init__(
        self, description: ConnectorDescription, settings: Sequence[Setting], options: Options, trusts_domains: bool
    ) -> None:
        kinds = {it.name: it.kind for it in description.settings}
        entered = (Authority.typed(it.value) for it in settings if kinds.get(it.name) == SettingKind.HOST)
        self._typed = [it for it in entered if it is not None]
        domains = description.vendor_domains if trusts_domains else ()
        self._domains = [covered for domain in domains if (covered := _covering(domain, self._typed))]
        self._allowed, self._parents = _allowed(options.allow_hosts)
        self._allow_private_networks = options.allow_private_networks
        self._secrets = _secrets(it for it in settings if kinds.get(it.name) == SettingKind.SECRET)

    def check(self, request: Request) -> Failure | None:
        """Why the request may not be sent. To what addresses a name leads is for whoever connects: `address_rule`."""
        if failure := refusal(request):
            return failure
        authority = Authority.of_url(request.url)
        if authority is None:
            return self.denied("its URL has no host that is written plainly")
        if not self._approves(authority):
            return self.denied(
                f"the origin https://{authority} is not approved: it is neither entered in a setting nor under a domain of "
                f"the vendor that covers what is entered. The operator can allow it: add `{authority}` to `allow_hosts`"
            )
        if authority.is_address and (rule := self.address_rule(authority.host)):
            return self.denied(f"its address is {rule}")
        return None

    def address_rule(self, address: str) -> str | None:
        """Why an address may not be connected to, in words that follow "its address is"."""
        return _address.refusal(address, self._allow_private_networks)

    def not_approved(self, origins: Iterable[str]) -> list[str]:
        """Those of a connector's origins to which requests would be denied."""
        return [origin for origin in origins if not self._approves_origin(origin)]

    def denied(self, rule: str) -> Failure:
        """A host name can be made of a secret, and the rule repeats it."""
        return denied(f"the request was not sent: {self.without_secrets(rule)}")

    def without_secrets(self, text: str) -> str:
        for value, shown in self._secrets:
            text = text.replace(value, shown)
        return text

    @property
    def key(self) -> object:
        """Connections are shared between equal ones only."""
        domains = tuple((domain, tuple(ports)) for domain, ports in self._domains)
        return tuple(self._typed), domains, self._allowed, self._parents, self._allow_private_networks

    def _approves(self, authority: Authority) -> bool:
        return (
            authority in self._typed
            or authority in self._allowed
            or any(_is_one_label_under(parent, authority) for parent in self._parents)
            or any(authority.port in ports and _is_under(domain, authority) for domain, ports in self._domains)
        )

    def _approves_origin(self, origin: str) -> bool:
        if origin.startswith("https://*."):
            parent = Authority.of_url("https://" + origin.removeprefix("https://*."))
            return parent is not None and (
                parent in self._parents
                or any(parent.port in ports and _is_under(domain, parent) for domain, ports in self._domains)
            )
        authority = Authority.of_url(origin)
        return authority is not None and self._approves(authority)


def _parsed(authority: str) -> Authority | None:
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]@*\s%]+)(?::(\d{1,5}))?", authority)
    if match is None:
        return None
    host, port = match[1].lower(), int(match[2] or _HTTPS_PORT)
    if not 0 < port < 65_536:
        return None
    if host.startswith("["):
        address = _as_address(host.strip("[]"))
        return None if address is None else Authority(str(address), port)
    return Authority(host, port) if _HOST.match(host) else None


def _as_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _covering(domain: str, typed: Sequence[Authority]) -> tuple[str, frozenset[int]] | None:
    """The domain with the ports to which it extends what was entered, if it covers any of it."""
    found = Authority.typed(domain)
    if found is None or found.is_address or "." not in found.host:
        return None
    ports = {it.port for it in typed if _is_under(found.host, it)}
    return (found.host, frozenset(ports | {_HTTPS_PORT})) if ports else None


def _is_under(domain: str, authority: Authority) -> bool:
    return not authority.is_address and (authority.host == domain or authority.host.endswith("." + domain))


def _is_one_label_under(parent: Authority, authority: Authority) -> bool:
    label, _, rest = authority.host.partition(".")
    return authority.port == parent.port and not authority.is_address and bool(label) and rest == parent.host


def _allowed(hosts: Iterable[str]) -> tuple[frozenset[Authority], frozenset[Authority]]:
    allowed: set[Authority] = set()
    parents: set[Authority] = set()
    for host in hosts:
        under = host.strip().startswith("*.")
        authority = Authority.typed(host.strip().removeprefix("*."))
        if authority is None or (under and (authority.is_address or "." not in authority.host)):
            raise PolicyError(
                f"`{host}` in `allow_hosts` is not a host: enter a host name, and a port if it is not {_HTTPS_PORT}"
            )
        (parents if under else allowed).add(authority)
    return frozenset(allowed), frozenset(parents)


def _secrets(settings: Iterable[Setting]) -> list[tuple[str, str]]:
    """Each secret as it is, and as it stands in a URL or in a host name."""
    found: list[tuple[str, str]] = []
    for setting in settings:
        value = setting.value.strip()
        if len(value) >= 4:
            shown = "{{" + setting.name + "}}"
            found.extend((form, shown) for form in (value, quote_plus(value), value.lower()))
    return found
