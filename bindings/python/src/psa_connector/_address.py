"""Which addresses a connector may reach: globally routable unicast, judged by what an address means and not by how it is
written (IANA's special-purpose registries). Nothing is resolved here."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NEVER, _PRIVATE = "never", "private"

# The first network that holds the address counts.
_RULES_V4 = [
    ("255.255.255.255/32", _NEVER, "the broadcast address"),
    # Azure's, Alibaba's, and Oracle's; the others use link-local ones.
    ("168.63.129.16/32", _NEVER, "a cloud's metadata service"),
    ("100.100.100.200/32", _NEVER, "a cloud's metadata service"),
    ("192.0.0.192/32", _NEVER, "a cloud's metadata service"),
    ("169.254.0.0/16", _NEVER, "a link-local or metadata address"),
    ("0.0.0.0/8", _NEVER, "an address of no host"),
    ("224.0.0.0/4", _NEVER, "a multicast address"),
    ("240.0.0.0/4", _NEVER, "a reserved address"),
    ("127.0.0.0/8", _PRIVATE, "a loopback address"),
    ("10.0.0.0/8", _PRIVATE, "a private address"),
    ("172.16.0.0/12", _PRIVATE, "a private address"),
    ("192.168.0.0/16", _PRIVATE, "a private address"),
    ("100.64.0.0/10", _PRIVATE, "a shared address of a provider's network"),
    ("192.0.0.0/24", _PRIVATE, "an address for protocols"),
    ("192.0.2.0/24", _PRIVATE, "an address for documentation"),
    ("198.51.100.0/24", _PRIVATE, "an address for documentation"),
    ("203.0.113.0/24", _PRIVATE, "an address for documentation"),
    ("198.18.0.0/15", _PRIVATE, "an address for benchmarks"),
    ("192.88.99.0/24", _PRIVATE, "an address of a 6to4 relay"),
]
_RULES_V6 = [
    ("::/128", _NEVER, "an address of no host"),
    ("::1/128", _PRIVATE, "a loopback address"),
    ("64:ff9b:1::/48", _PRIVATE, "an address of a local NAT64"),
    ("fd00:ec2::254/128", _NEVER, "a cloud's metadata service"),
    ("fc00::/7", _PRIVATE, "a unique local address"),
    ("fe80::/10", _NEVER, "a link-local or metadata address"),
    ("fec0::/10", _PRIVATE, "a site-local address"),
    ("ff00::/8", _NEVER, "a multicast address"),
    ("2001:db8::/32", _PRIVATE, "an address for documentation"),
    ("3fff::/20", _PRIVATE, "an address for documentation"),
    ("2001::/23", _PRIVATE, "an address for protocols, or of Teredo"),
]
_NETWORKS_V4 = [(ip_network(network), reach, kind) for network, reach, kind in _RULES_V4]
_NETWORKS_V6 = [(ip_network(network), reach, kind) for network, reach, kind in _RULES_V6]
_GLOBAL_V6 = ip_network("2000::/3")
# Mapped and NAT64: the packets go to the IPv4 address inside.
_EMBEDDING = [ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96")]
_6TO4 = ip_network("2002::/16")


def refusal(address: str, allow_private: bool) -> str | None:
    """Why the address may not be connected to, in words that follow "its address is"."""
    reach, kind = _reach(ip_address(address.split("%")[0]))
    if reach == _NEVER:
        return f"{address}, {kind}: that is never allowed"
    if reach == _PRIVATE and not allow_private:
        return (
            f"{address}, {kind}: only globally routable addresses may be reached, unless the operator sets "
            "`allow_private_networks`"
        )
    return None


def _reach(address: IPv4Address | IPv6Address) -> tuple[str, str]:
    if isinstance(address, IPv4Address):
        rules = _NETWORKS_V4
        otherwise = ("global", "")
    else:
        if any(address in network for network in _EMBEDDING):
            return _reach(IPv4Address(int(address) & 0xFFFFFFFF))
        if address in _6TO4:
            return _reach(IPv4Address(int(address) >> 80 & 0xFFFFFFFF))
        rules = _NETWORKS_V6
        unassigned = (_NEVER, "an address that is not assigned to hosts")
        otherwise = ("global", "") if address in _GLOBAL_V6 else unassigned
    return next(((reach, kind) for network, reach, kind in rules if address in network), otherwise)
