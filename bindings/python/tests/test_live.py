"""The duties of a host, against a server over TLS on this machine."""

import gzip
import socket
import threading
import time
import unittest
from collections.abc import Callable

from support import HOST, Asked, Cut, Server, response

from psa_connector import HttpLimits, Pools, Retries, Timeouts
from psa_connector.contract import Failure, Request, Response
from psa_connector.http import Answer
from psa_connector.live import Live


def ok(_: Asked) -> bytes:
    return response(200, b"{}")


class Duties(unittest.TestCase):
    def serve(self, answer: Callable[[Asked], bytes | Cut]) -> Server:
        return self.enterContext(Server(answer))

    def send(self, live: Live, *requests: Request, seconds: float = 10.0) -> list[Answer]:
        self.addCleanup(live.close)
        return live.send(requests, time.monotonic() + seconds)

    def one(self, live: Live, request: Request, seconds: float = 10.0) -> Answer:
        [answer] = self.send(live, request, seconds=seconds)
        return answer

    def test_there_is_one_answer_for_each_request_in_their_order(self) -> None:
        def answer(asked: Asked) -> bytes:
            number = int(asked.path.removeprefix("/"))
            time.sleep(0.02 * (number % 5))
            return response(400 + number, str(number).encode())

        server = self.serve(answer)
        live = server.live()
        self.assertEqual(self.send(live), [])
        found = self.send(live, *(Request(method="GET", url=f"{server.url}/{number}") for number in range(40)))
        self.assertEqual(
            [(it.status, it.body) for it in found if isinstance(it, Response)], [(400 + n, str(n)) for n in range(40)]
        )

    def test_requests_of_a_round_are_under_way_together_up_to_the_limit(self) -> None:
        running, most, lock = [0], [0], threading.Lock()

        def answer(_: Asked) -> bytes:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            time.sleep(0.1)
            with lock:
                running[0] -= 1
            return response(200)

        server = self.serve(answer)
        self.send(server.live(http=HttpLimits(in_flight=8)), *[Request(method="GET", url=server.url + "/")] * 16)
        self.assertEqual(most[0], 8)

    def test_headers_go_out_as_they_are_and_come_back_in_lower_case(self) -> None:
        server = self.serve(lambda _: response(200, b"", ("X-Name", "B\xfccher"), ("X-Name", "2"), ("Content-Type", "a/b")))
        request = Request(
            method="POST", url=f"{server.url}/a%20b?c=%2F", headers=[("X-Key", "J\xf6rg")], body="{}", is_write=True
        )
        answer = self.one(server.live(), request)
        assert isinstance(answer, Response), answer
        self.assertEqual(answer.headers, [("x-name", "B\xfccher"), ("x-name", "2"), ("content-type", "a/b")])
        self.assertEqual((answer.body, answer.age_seconds), ("", None))
        [asked] = server.asked
        self.assertEqual((asked.path, asked.body, asked.header("x-key")), ("/a%20b?c=%2F", b"{}", "J\xf6rg"))
        self.assertEqual(asked.header("host"), f"{HOST}:{server.port}")
        self.assertRegex(asked.header("user-agent") or "", r"^psa-connector-python/\S+ Example-PSA-connector/1$")
        names = [name for name, _ in asked.headers]
        self.assertEqual(sorted(names), sorted(set(names)))

    def test_no_body_is_none_and_an_empty_body_is_one(self) -> None:
        server = self.serve(ok)
        live = server.live()
        for body, expected in [(None, None), ("", "0"), (b"\xff", "1")]:
            self.one(live, Request(method="POST", url=server.url, body=body))
            self.assertEqual(server.asked[-1].header("content-length"), expected)

    def test_bodies_are_text_if_they_are_and_content_encodings_are_removed(self) -> None:
        text = "é" * 100_000
        for sent, header, expected in [
            (text.encode(), "", text),
            (b"\xff\xfe", "", b"\xff\xfe"),
            (b"\xef\xbb\xbfx", "", "\ufeffx"),
            (gzip.compress(text.encode()), "gzip", text),
            (b"", "gzip", ""),
        ]:
            more = [("Content-Encoding", header)] if header else []
            server = self.serve(lambda _, sent=sent, more=more: response(200, sent, *more))  # type: ignore[misc]
            answer = self.one(server.live(), Request(method="GET", url=server.url))
            assert isinstance(answer, Response), answer
            self.assertEqual((answer.body, answer.headers), (expected, []))

    def test_redirects_and_errors_are_responses(self) -> None:
        for status in (204, 301, 302, 307, 400, 401, 404, 418, 500, 501, 599):
            server = self.serve(lambda _, status=status: response(status, b"", ("Location", "https://evil.example/")))  # type: ignore[misc]
            answer = self.one(server.live(), Request(method="GET", url=server.url))
            assert isinstance(answer, Response), answer
            self.assertEqual((answer.status, len(server.asked)), (status, 1))

    def test_interim_responses_are_read_over(self) -> None:
        interim = b"HTTP/1.1 100 Continue\r\n\r\n" + b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 2
        server = self.serve(lambda _: interim + response(200, b"done", ("X-Name", "1")))
        for _ in range(2):
            answer = self.one(server.live(), Request(method="GET", url=server.url))
            assert isinstance(answer, Response), answer
            self.assertEqual((answer.status, answer.headers, answer.body), (200, [("x-name", "1")], "done"))

    def test_what_breaks_is_a_failure_that_says_whether_the_server_may_have_acted(self) -> None:
        whole = response(200, b"0123456789")
        for cut, kind in [
            (Cut(), "interrupted"),
            (Cut(b"HTTP/1.1 2"), "interrupted"),
            (Cut(b"HTTP/1.1 200 X\r\nContent-Type: te"), "interrupted"),
            (Cut(b"HTTP/1.1 200 X\r\nContent-Type: text/plain\r\n"), "interrupted"),
            (Cut(whole[:-5]), "interrupted"),
            (Cut(b"garbage\r\n\r\n"), "interrupted"),
            (Cut(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), "interrupted"),
            (Cut(response(200, gzip.compress(b"x" * 100)[:-9], ("Content-Encoding", "gzip"))), "interrupted"),
            (Cut(response(200, b"x", ("Content-Encoding", "br"))), "interrupted"),
        ]:
            server = self.serve(lambda _, cut=cut: cut)  # type: ignore[misc]
            answer = self.one(server.live(), Request(method="POST", url=server.url, body="s3cret", is_write=True))
            assert isinstance(answer, Failure), answer
            self.assertEqual((answer.kind, answer.may_have_acted), (kind, True), cut)
            self.assertNotIn("s3cret", answer.message)
            self.assertEqual(len(server.asked), 1, "a write is sent once")

    def test_where_no_connection_stands_nothing_can_have_happened(self) -> None:
        server = self.serve(ok)
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        refused = f"https://{HOST}:{port}/"
        write = Request(method="POST", url=server.url, is_write=True)
        for live, request, kind, part in [
            (
                server.live(allow_hosts=[f"{HOST}:{port}"]),
                Request(method="POST", url=refused, is_write=True),
                "unreachable",
                "connect",
            ),
            (server.live(certificate_authorities=[]), write, "unreachable", "certificate"),
            (server.live(allow_private_networks=False), write, "denied", "loopback"),
            (server.live(resolve={HOST: "169.254.169.254"}), write, "denied", "never allowed"),
            (server.live(), Request(method="TRACE", url=server.url), "denied", "TRACE"),
            (server.live(), Request(method="GET", url=server.url, headers=[("Connection", "x")]), "denied", "connection"),
            (server.live(), Request(method="GET", url="https://evil.example/"), "denied", "not approved"),
        ]:
            answer = self.one(live, request)
            assert isinstance(answer, Failure), answer
            self.assertEqual((answer.kind, answer.may_have_acted), (kind, False), answer)
            self.assertIn(part, answer.message)
        self.assertEqual(server.asked, [])

    def test_a_slow_server_is_given_up_even_if_it_sends_something_now_and_then(self) -> None:
        done = threading.Event()
        self.addCleanup(done.set)

        def drip() -> bytes:
            done.wait(5)
            return b""

        for seconds, timeouts in [(0.3, Timeouts()), (10.0, Timeouts(request=0.3))]:
            server = self.serve(lambda _: drip())
            started = time.monotonic()
            answer = self.one(server.live(timeouts=timeouts), Request(method="POST", url=server.url, is_write=True), seconds)
            assert isinstance(answer, Failure), answer
            self.assertEqual((answer.kind, answer.may_have_acted), ("timed-out", True))
            self.assertLess(time.monotonic() - started, 2)

    def test_sizes_are_limited(self) -> None:
        bomb = gzip.compress(b"\0" * 10_000_000)
        server = self.serve(lambda _: response(200, bomb, ("Content-Encoding", "gzip")))
        many = self.serve(lambda _: response(200, b"", *((f"X-{number}", "1") for number in range(90))))
        for live, url, part in [
            (server.live(http=HttpLimits(response_bytes=1_000_000)), server.url, "response_bytes"),
            (server.live(http=HttpLimits(call_bytes=1_000_000)), server.url, "call_bytes"),
            (many.live(http=HttpLimits(header_count=50)), many.url, "header_count"),
            (many.live(http=HttpLimits(header_bytes=200)), many.url, "header_bytes"),
        ]:
            answer = self.one(live, Request(method="GET", url=url))
            assert isinstance(answer, Failure), answer
            self.assertEqual((answer.kind, answer.may_have_acted), ("too-large", True))
            self.assertIn(part, answer.message)
        live = server.live(http=HttpLimits(call_bytes=10))
        answer = self.one(live, Request(method="POST", url=server.url, body="x" * 11))
        assert isinstance(answer, Failure), answer
        self.assertEqual((answer.kind, answer.may_have_acted), ("denied", False))

    def test_reads_share_a_connection_and_a_write_has_its_own(self) -> None:
        server = self.serve(ok)
        pools = Pools()
        self.addCleanup(pools.close)
        read, write = Request(method="GET", url=server.url), Request(method="POST", url=server.url, is_write=True)
        for request in (read, read, write, write, read):
            self.one(server.live(pools), request)
        numbers = [it.connection for it in server.asked]
        self.assertEqual(numbers[1], numbers[0])
        self.assertEqual(len({numbers[0], numbers[2], numbers[3]}), 3)
        self.one(server.live(pools, contact="a@b.example", allow_hosts=[f"{HOST}:{server.port}", "other.example"]), read)
        self.assertNotIn(server.asked[-1].connection, numbers, "other hosts are allowed, so it is another connection")

    def test_a_read_on_a_connection_that_was_closed_meanwhile_is_sent_again(self) -> None:
        server = self.serve(lambda asked: response(200) if asked.path == "/" else Cut())
        pools = Pools()
        self.addCleanup(pools.close)
        for path in ("/", "/x", "/"):
            self.one(server.live(pools, retries=Retries(per_request=0)), Request(method="GET", url=server.url + path))
        paths = [it.path for it in server.asked]
        self.assertEqual(paths, ["/", "/x", "/x", "/"])


class Again(unittest.TestCase):
    """What is sent again."""

    def after(self, statuses: list[int], request: Request, *headers: tuple[str, str]) -> tuple[Answer, Server]:
        left = list(statuses)

        def answer(_: Asked) -> bytes:
            return response(left.pop(0) if left else 200, b"Execution timed out", *headers)

        server = self.enterContext(Server(answer))
        live = server.live()
        self.addCleanup(live.close)
        request.url = server.url
        return live.send([request], time.monotonic() + 10)[0], server

    def test_a_read_is_sent_again_and_a_write_is_not(self) -> None:
        for statuses, method, is_write, expected, count in [
            ([503], "GET", False, 200, 2),
            ([502, 504, 429], "POST", False, 200, 4),
            ([500], "GET", False, 200, 2),
            ([503] * 9, "GET", False, 503, 4),
            ([501], "GET", False, 501, 1),
            ([503], "POST", True, 503, 1),
            ([429], "PATCH", True, 429, 1),
        ]:
            answer, server = self.after(statuses, Request(method=method, url="", is_write=is_write))
            assert isinstance(answer, Response), answer
            self.assertEqual((answer.status, len(server.asked)), (expected, count), statuses)

    def test_retry_after_is_kept_and_one_that_is_too_long_is_passed_on(self) -> None:
        started = time.monotonic()
        answer, _ = self.after([429], Request(method="GET", url=""), ("Retry-After", "1"))
        assert isinstance(answer, Response), answer
        self.assertEqual(answer.status, 200)
        self.assertGreaterEqual(time.monotonic() - started, 1)
        answer, server = self.after([503], Request(method="GET", url=""), ("Retry-After", "3600"))
        assert isinstance(answer, Response), answer
        self.assertEqual((answer.status, len(server.asked)), (503, 1))

    def test_the_budget_of_a_call_ends(self) -> None:
        server = self.enterContext(Server(lambda _: response(503)))
        live = server.live(retries=Retries(per_call=2, first_pause=0.001))
        self.addCleanup(live.close)
        live.send([Request(method="GET", url=server.url)] * 5, time.monotonic() + 10)
        self.assertEqual(len(server.asked), 7)


if __name__ == "__main__":
    unittest.main()
