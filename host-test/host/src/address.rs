//! Which addresses a connector may reach: globally routable unicast, judged by what an address means and not by how it is
//! written (IANA's special-purpose registries). Nothing is resolved here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Globally routable unicast.
    Global,
    /// Somebody's own network: for those whom the operator allows it. What kind of address it is.
    Private(&'static str),
    /// Nothing that a connector has any business with: not one host, or one that hands out a machine's credentials.
    Never(&'static str),
}

/// Why the address may not be connected to, in words that follow "its address is".
pub(crate) fn refusal(address: IpAddr, allow_private: bool) -> Option<String> {
    match reach(address) {
        Reach::Global => None,
        Reach::Private(_) if allow_private => None,
        Reach::Private(kind) => Some(format!(
            "{address}, {kind}: only globally routable addresses may be reached, unless the operator sets \
             `allow_private_networks`"
        )),
        Reach::Never(kind) => Some(format!("{address}, {kind}: that is never allowed")),
    }
}

/// What the address is.
pub(crate) fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

const METADATA: &str = "a cloud's metadata service";

fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [255, 255, 255, 255] => Reach::Never("the broadcast address"),
        // 168.63.129.16 is Azure's, 100.100.100.200 Alibaba's, 192.0.0.192 Oracle's; the others use link-local ones.
        [168, 63, 129, 16] | [100, 100, 100, 200] | [192, 0, 0, 192] => Reach::Never(METADATA),
        [169, 254, ..] => Reach::Never("a link-local or metadata address"),
        [0, ..] => Reach::Never("an address of no host"),
        [224..=239, ..] => Reach::Never("a multicast address"),
        [240..=255, ..] => Reach::Never("a reserved address"),
        [127, ..] => Reach::Private("a loopback address"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Reach::Private("a private address"),
        [100, 64..=127, ..] => Reach::Private("a shared address of a provider's network"),
        [192, 0, 0, _] => Reach::Private("an address for protocols"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Reach::Private("an address for documentation")
        }
        [198, 18..=19, ..] => Reach::Private("an address for benchmarks"),
        [192, 88, 99, _] => Reach::Private("an address of a 6to4 relay"),
        _ => Reach::Global,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Reach::Never("an address of no host"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Private("a loopback address"),
        // Mapped, NAT64 and 6to4: the packets go to the IPv4 address inside.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            reach_v4(embedded(high, low))
        }
        [0x2002, high, low, ..] => reach_v4(embedded(high, low)),
        [0x64, 0xff9b, 1, ..] => Reach::Private("an address of a local NAT64"),
        [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254] => Reach::Never(METADATA),
        [0xfc00..=0xfdff, ..] => Reach::Private("a unique local address"),
        [0xfe80..=0xfebf, ..] => Reach::Never("a link-local or metadata address"),
        [0xfec0..=0xfeff, ..] => Reach::Private("a site-local address"),
        [0xff00..=0xffff, ..] => Reach::Never("a multicast address"),
        [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => {
            Reach::Private("an address for documentation")
        }
        [0x2001, 0..=0x01ff, ..] => Reach::Private("an address for protocols, or of Teredo"),
        [0x2000..=0x3fff, ..] => Reach::Global,
        _ => Reach::Never("an address that is not assigned to hosts"),
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged_by_what_they_mean() {
        for (kind, addresses) in [
            (
                "global",
                "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 \
                 168.63.129.15 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.1 192.167.255.255 \
                 192.169.0.0 198.17.255.255 198.20.0.0 203.0.112.1 223.255.255.255 2606:4700::1111 2001:200::1 \
                 2001:4860:4860::8888 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b::808:808 2002:808:808::1 3ffe::1",
            ),
            (
                "private",
                "10.0.0.0 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255 127.0.0.1 127.255.0.1 \
                 100.64.0.0 100.127.255.255 192.0.0.1 192.0.2.1 198.51.100.7 203.0.113.9 198.18.0.1 198.19.255.255 \
                 192.88.99.1 ::1 ::ffff:127.0.0.1 ::ffff:10.1.2.3 ::ffff:a01:203 64:ff9b::10.0.0.1 64:ff9b::7f00:1 \
                 64:ff9b:1::1 2002:a00:1::1 2002:7f00:1:: fc00::1 fd12:3456::1 fec0::1 2001:db8::1 3fff:fff::1 \
                 2001::1 2001:0:4136:e378::1 2001:10::1 2001:1ff::1",
            ),
            (
                "never",
                "0.0.0.0 0.1.2.3 169.254.169.254 169.254.170.2 169.254.0.1 168.63.129.16 100.100.100.200 192.0.0.192 \
                 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.254 255.255.255.255 :: ::ffff:169.254.169.254 \
                 ::ffff:0.0.0.0 ::ffff:224.0.0.1 64:ff9b::169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::1 \
                 fd00:ec2::254 fe80::1 febf::1 ff02::1 ff0e::1 ::8.8.8.8 ::2 ::ffff:0:8.8.8.8 100::1 5f00::1 4000::1 \
                 64:ff9b:2::1 64:ff9b::1:0:0",
            ),
        ] {
            for address in addresses.split_whitespace() {
                let found = match reach(address.parse().expect("an address")) {
                    Reach::Global => "global",
                    Reach::Private(_) => "private",
                    Reach::Never(_) => "never",
                };
                assert_eq!(found, kind, "{address}");
            }
        }
    }

    #[test]
    fn private_networks_are_the_operators_to_allow_and_metadata_is_not() {
        for (address, allow_private, part) in [
            ("8.8.8.8", false, ""),
            ("10.0.0.1", false, "`allow_private_networks`"),
            ("10.0.0.1", true, ""),
            ("::1", true, ""),
            ("::ffff:10.0.0.1", false, "private address"),
            ("169.254.169.254", true, "never"),
            ("fd00:ec2::254", true, "metadata"),
            ("0.0.0.0", true, "no host"),
            ("224.0.0.1", true, "multicast"),
        ] {
            let found = refusal(address.parse().expect("an address"), allow_private);
            match found {
                None => assert_eq!(part, "", "{address}"),
                Some(message) => assert!(
                    !part.is_empty() && message.contains(part),
                    "{address}: {message}"
                ),
            }
        }
    }
}
