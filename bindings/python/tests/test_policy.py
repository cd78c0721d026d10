"""What a connector may reach."""

import unittest

from support import DESCRIPTION

from psa_connector import Options, PolicyError, Setting, _address
from psa_connector.contract import Request
from psa_connector.policy import Policy

CLOUD = "na.cloud.example"


def policy(site: str, allow: tuple[str, ...] = (), trusts_domains: bool = True, private: bool = False) -> Policy:
    settings = [Setting(name="site", value=site), Setting(name="key", value="s3cret-key")]
    settings.append(Setting(name="note", value="note.example"))
    options = Options(allow_hosts=allow, allow_private_networks=private)
    return Policy(DESCRIPTION, settings, options, trusts_domains)


class Approvals(unittest.TestCase):
    def test_only_what_was_entered_or_its_vendors_domain_or_what_is_allowed_is_approved(self) -> None:
        for site, allow, url, expected in [
            ("psa.acme.example", (), "https://psa.acme.example/x?y", True),
            (" HTTPS://PSA.acme.example/v4/apis/ ", (), "https://psa.acme.example/", True),
            ("psa.acme.example:8443", (), "https://psa.acme.example:8443/", True),
            ("psa.acme.example:8443", (), "https://psa.acme.example/", False),
            ("psa.acme.example", (), "https://psa.acme.example:8443/", False),
            ("psa.acme.example", (), "https://psa.acme.example:443/", True),
            ("psa.acme.example", (), "https://acme.example/", False),
            ("psa.acme.example", (), "https://x.psa.acme.example/", False),
            ("psa.acme.example", (), "https://psa.acme.example.evil.example/", False),
            ("psa.acme.example", (), "https://psa.acme.example./", False),
            ("psa.acme.example", (), "https://note.example/", False),
            ("psa.acme.example", (), "https://evil.example\\.psa.acme.example/", False),
            ("bücher.example", (), "https://xn--bcher-kva.example/", True),
            ("8.8.8.8", (), "https://8.8.8.8/", True),
            ("8.8.8.8", (), "https://0x08080808/", False),
            (CLOUD, (), "https://api-na.cloud.example/", True),
            (CLOUD, (), "https://cloud.example/", True),
            (CLOUD, (), "https://api-na.cloud.example:8443/", False),
            (CLOUD + ":8443", (), "https://api-na.cloud.example:8443/", True),
            (CLOUD, (), "https://evilcloud.example/", False),
            ("psa.acme.example", (), "https://na.cloud.example/", False),
            (CLOUD, ("b.example",), "https://b.example/", True),
            (CLOUD, ("b.example:8443",), "https://b.example/", False),
            ("", ("*.zones.example",), "https://zone5.zones.example/a", True),
            ("", ("*.zones.example",), "https://zones.example/", False),
            ("", ("*.zones.example",), "https://a.zone5.zones.example/", False),
            ("", (), "https://na.cloud.example/", False),
            ("user@na.cloud.example", (), "https://na.cloud.example/", False),
            ("*", (), "https://na.cloud.example/", False),
        ]:
            failure = policy(site, allow).check(Request(method="GET", url=url))
            self.assertEqual(failure is None, expected, f"{site} {url} {failure}")

    def test_a_connector_from_a_file_has_no_domains(self) -> None:
        request = Request(method="GET", url="https://api-na.cloud.example/")
        self.assertIsNotNone(policy(CLOUD, trusts_domains=False).check(request))
        self.assertIsNone(policy(CLOUD, trusts_domains=False).check(Request(method="GET", url=f"https://{CLOUD}/")))

    def test_a_request_is_checked_against_the_contract_and_its_address(self) -> None:
        strict = policy("psa.example", ("10.0.0.1", "[::1]", "s3cret-key.example.net"))
        for method, url, part in [
            ("get", "https://psa.example/", "upper-case"),
            ("GET", "http://psa.example/", "https://"),
            ("GET", "https://u:p@psa.example/", "user information"),
            ("GET", "https://psa.example:8443/", "`psa.example:8443` to `allow_hosts`"),
            ("GET", "https://s3cret-key.example/", "{{key}}"),
            ("GET", "https://10.0.0.1/", "`allow_private_networks`"),
            ("GET", "https://[::1]/", "`allow_private_networks`"),
        ]:
            failure = strict.check(Request(method=method, url=url))
            assert failure is not None, url
            self.assertEqual((failure.kind, failure.may_have_acted), ("denied", False))
            self.assertIn(part, failure.message)
            self.assertNotIn("s3cret-key", failure.message)
        self.assertIsNone(policy("10.0.0.1", private=True).check(Request(method="GET", url="https://10.0.0.1/")))

    def test_headers_of_the_host_and_line_breaks_are_refused(self) -> None:
        for header in [("Host", "b"), ("content-length", "1"), ("Accept-Encoding", "br"), ("x y", "b"), ("x", "b\r\nc: d")]:
            request = Request(method="GET", url=f"https://{CLOUD}/", headers=[header])
            self.assertIsNotNone(policy(CLOUD).check(request), header)

    def test_reuse_is_for_reads_and_for_an_hour(self) -> None:
        for is_write, seconds, is_refused in [(True, 5, True), (False, 3_601, True), (False, 3_600, False)]:
            request = Request(method="POST", url=f"https://{CLOUD}/", is_write=is_write, reuse_seconds=seconds)
            self.assertEqual(policy(CLOUD).check(request) is not None, is_refused)

    def test_what_is_no_host_cannot_be_allowed(self) -> None:
        for host in ("", "a b", "*.com", "user@a.example", "a.example:99999", "*.10.0.0.7", "*.*.a.example"):
            with self.assertRaises(PolicyError, msg=host):
                policy(CLOUD, (host,))

    def test_origins_that_would_be_denied_are_named(self) -> None:
        origins = ["https://api-na.cloud.example", "https://*.cloud.example", "https://*.example", "http://na.cloud.example"]
        self.assertEqual(policy(CLOUD).not_approved(origins), origins[2:])


class Addresses(unittest.TestCase):
    def test_addresses_are_judged_by_what_they_mean(self) -> None:
        for kind, addresses in {
            "global": "1.1.1.1 8.8.8.8 11.0.0.0 100.128.0.0 168.63.129.15 172.32.0.0 192.0.1.1 2606:4700::1111 ::ffff:8.8.8.8 "
            "64:ff9b::8.8.8.8 2002:808:808::1",
            "private": "10.0.0.0 172.16.0.1 172.31.255.255 192.168.0.1 127.0.0.1 100.64.0.0 192.0.2.1 198.18.0.1 ::1 "
            "::ffff:127.0.0.1 64:ff9b::10.0.0.1 2002:a00:1::1 fc00::1 fd12:3456::1 2001:db8::1 2001::1",
            "never": "0.0.0.0 169.254.169.254 168.63.129.16 100.100.100.200 192.0.0.192 224.0.0.1 240.0.0.1 255.255.255.255 :: "
            "::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::1 fd00:ec2::254 fe80::1 ff02::1 ::8.8.8.8 4000::1",
        }.items():
            for address in addresses.split():
                found = (_address.refusal(address, False) is None, _address.refusal(address, True) is None)
                self.assertEqual(
                    found, {"global": (True, True), "private": (False, True)}.get(kind, (False, False)), address
                )


if __name__ == "__main__":
    unittest.main()
