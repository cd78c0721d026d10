"""What the calls of a tenant share, and what they never share with another: kept responses, pacing, a hold after a 429."""

import logging
import time
import unittest
from dataclasses import replace
from typing import Any

from support import Asked, Server, response

from psa_connector import Pacing, Pools, Retries, Setting
from psa_connector.contract import Failure, Request, Response
from psa_connector.http import Answer
from psa_connector.live.tenants import of_request, of_tenant


def ok(_: Asked) -> bytes:
    return response(200, b"{}")


class SharedByATenant(unittest.TestCase):
    """Kept responses and pacing."""

    def tokens(self, status: int = 200) -> Server:
        counter = iter(range(1, 1_000))

        def answer(_: Asked) -> bytes:
            time.sleep(0.05)
            return response(status, f"token {next(counter)}".encode())

        return self.enterContext(Server(answer))

    def ask(self, server: Server, pools: Pools, seconds: int | None, tenant: bytes = b"1", count: int = 1) -> list[object]:
        live = server.live(pools, tenant)
        self.addCleanup(live.close)
        request = Request(method="POST", url=server.url + "/token", body="a", reuse_seconds=seconds, is_secret=True)
        found = live.send([request] * count, time.monotonic() + 10)
        return [(it.body, it.age_seconds) if isinstance(it, Response) else it.kind for it in found]

    def test_a_kept_response_answers_the_same_request_of_the_same_tenant_only(self) -> None:
        server, pools = self.tokens(), Pools()
        self.assertEqual(self.ask(server, pools, 60), [("token 1", None)])
        self.assertEqual(self.ask(server, pools, 60), [("token 1", 0)])
        self.assertEqual(self.ask(server, pools, 60, b"2"), [("token 2", None)])
        self.assertEqual(self.ask(server, pools, None), [("token 3", None)])
        self.assertEqual(self.ask(server, pools, 0), [("token 4", None)])
        self.assertEqual(self.ask(server, pools, 60), [("token 4", 0)])
        self.assertEqual(self.ask(server, Pools(), 60), [("token 5", None)])

    def test_a_tenant_and_a_request_are_all_that_they_consist_of(self) -> None:
        site, key = Setting(name="site", value="a"), Setting(name="key", value="k1")
        base = of_tenant(b"1", [site, key])
        self.assertEqual(base, of_tenant(b"1", [key, site]))
        others = [
            of_tenant(b"2", [site, key]),
            of_tenant(b"1", [site]),
            of_tenant(b"1", [site, Setting(name="keyk", value="1")]),
        ]
        self.assertNotIn(base, others)
        request = Request(method="POST", url="u", headers=[("a", "b")], body="c")
        found = of_request(base, request)
        self.assertEqual(found, of_request(base, replace(request, body=b"c", reuse_seconds=7)))
        changes: list[dict[str, Any]] = [{"method": "GET"}, {"url": "v"}, {"headers": [("ab", "")]}, {"headers": []}]
        for change in [*changes, {"body": None}, {"body": "d"}]:
            self.assertNotEqual(found, of_request(base, replace(request, **change)))
        self.assertNotEqual(found, of_request(others[0], request))

    def test_of_the_same_requests_at_once_one_is_sent(self) -> None:
        server = self.tokens()
        found = self.ask(server, Pools(), 60, count=8)
        self.assertEqual(sorted(map(str, found)), ["('token 1', 0)"] * 7 + ["('token 1', None)"])

    def test_only_a_success_is_kept_and_a_failed_renewal_forgets(self) -> None:
        statuses = iter([200, 401, 200])
        server = self.enterContext(Server(lambda _: response(next(statuses), b"x")))
        pools = Pools()
        ages = [self.ask(server, pools, seconds) for seconds in (60, 60, 0, 60, 60)]
        self.assertEqual(ages, [[("x", None)], [("x", 0)], [("x", None)], [("x", None)], [("x", 0)]])

    def test_pacing_holds_for_all_calls_of_a_tenant(self) -> None:
        server, pools = self.enterContext(Server(ok)), Pools()
        pacing = Pacing(requests=5, seconds=1)

        def call(tenant: bytes, seconds: float) -> list[Answer]:
            live = server.live(pools, tenant, pacing=pacing)
            self.addCleanup(live.close)
            return live.send([Request(method="GET", url=server.url)] * 4, time.monotonic() + seconds)

        started = time.monotonic()
        call(b"1", 5)
        self.assertLess(time.monotonic() - started, 0.9)
        call(b"2", 5)
        self.assertLess(time.monotonic() - started, 0.9, "another tenant does not wait")
        found = call(b"1", 0.2)
        kinds = [(it.kind, it.may_have_acted) for it in found if isinstance(it, Failure)]
        self.assertEqual(kinds, [("timed-out", False)] * 3, "what is not sent in time cannot have acted")
        call(b"1", 5)
        self.assertGreaterEqual(time.monotonic() - started, 1)

    def test_after_a_write_the_rest_of_a_call_does_not_wait(self) -> None:
        server = self.enterContext(Server(ok))
        live = server.live(pacing=Pacing(requests=1, seconds=5))
        self.addCleanup(live.close)
        started = time.monotonic()
        for request in (Request(method="POST", url=server.url, is_write=True), Request(method="GET", url=server.url)):
            self.assertIsInstance(live.send([request], started + 10)[0], Response)
        self.assertLess(time.monotonic() - started, 2)

    def test_a_429_holds_the_tenant_back(self) -> None:
        statuses = iter([429, 200])
        server, pools = self.enterContext(Server(lambda _: response(next(statuses), b"", ("Retry-After", "1")))), Pools()
        started = time.monotonic()
        for retries in (Retries(per_request=0), Retries()):
            live = server.live(pools, retries=retries)
            self.addCleanup(live.close)
            live.send([Request(method="GET", url=server.url)], time.monotonic() + 10)
        self.assertGreaterEqual(time.monotonic() - started, 1)

    def test_a_log_holds_no_key(self) -> None:
        server = self.enterContext(Server(ok))
        live = server.live()
        self.addCleanup(live.close)
        with self.assertLogs("psa_connector", logging.DEBUG) as logged:
            live.send(
                [Request(method="GET", url=server.url + "/?k=s3cret-key", headers=[("authorization", "s3cret-key")])],
                time.monotonic() + 10,
            )
        self.assertIn("{{key}}", "".join(logged.output))
        self.assertNotIn("s3cret-key", "".join(logged.output))


if __name__ == "__main__":
    unittest.main()
