"""Calls: their limits, how they end, and what a program sees of them."""

import asyncio
import json
import tempfile
import threading
import time
import unittest
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from support import RECORDINGS, connector, recorded_settings

from psa_connector import (
    CallCancelled,
    Connector,
    ConnectorError,
    HostError,
    Limits,
    Options,
    PolicyError,
    Recording,
    RecordingError,
    Request,
    Response,
    Stopped,
    TicketDraft,
    Trapped,
)
from psa_connector.component import normalised
from psa_connector.http import Answer

SETTINGS = recorded_settings("connectwise")
DRAFT = TicketDraft(
    company_id="250",
    board_id="5",
    type_id="61",
    priority_id="6",
    severity=None,
    summary="Blocked domain",
    reference="alert-1",
)
TICKET = {"id": 7001, "summary": "Blocked domain", "externalXRef": "alert-1", "_info": {}}


class Scripted:
    """Answers look-ups with nothing and writes with a ticket, or does what it is told instead."""

    def __init__(self, on_write: Callable[[], Answer] | None = None, on_read: Callable[[], Answer] | None = None) -> None:
        self.sent: list[Request] = []
        self._on_write = on_write or (lambda: ok(TICKET))
        self._on_read = on_read or (lambda: ok([]))

    def send(self, requests: Sequence[Request], deadline: float) -> list[Answer]:
        self.sent.extend(requests)
        return [self._on_write() if request.is_write else self._on_read() for request in requests]


def ok(value: Any) -> Response:
    return Response(status=200, headers=[("content-type", "application/json")], body=json.dumps(value))


class Ends(unittest.TestCase):
    def create(self, http: Scripted, **limits: Any) -> str:
        options = Options(limits=Limits(**limits))
        tenant = connector("connectwise").tenant(SETTINGS, options, http=lambda: http)
        return tenant.create_ticket(DRAFT).ticket.id

    def failure(self, http: Scripted, **limits: Any) -> ConnectorError:
        with self.assertRaises(ConnectorError) as caught:
            self.create(http, **limits)
        return caught.exception

    def test_a_ticket_is_opened(self) -> None:
        http = Scripted()
        self.assertEqual(self.create(http), "7001")
        self.assertEqual([it.is_write for it in http.sent], [False, True])

    def test_a_call_that_computes_too_long_is_stopped_and_after_a_write_it_is_in_doubt(self) -> None:
        enough = next(fuel for fuel in range(100_000, 50_000_000, 100_000) if self._is_enough(fuel))
        with self.assertRaises(Stopped) as caught:
            self.create(Scripted(), fuel=50_000)
        self.assertIn("`fuel`", str(caught.exception))
        # With all of it, the write is answered by something that takes longer to read.
        long = ok({**TICKET, "_info": {str(number): "x" * 100 for number in range(20_000)}})
        http = Scripted(on_write=lambda: long)
        error = self.failure(http, fuel=enough)
        self.assertEqual((error.code, error.retry_after_seconds), ("outcome-unknown", 60))
        self.assertIn("Repeat the same call", error.hint or "")
        self.assertIsInstance(error.__cause__, Stopped)
        self.assertEqual(sum(it.is_write for it in http.sent), 1)

    def _is_enough(self, fuel: int) -> bool:
        try:
            self.create(Scripted(), fuel=fuel)
        except Stopped:
            return False
        return True

    def test_a_connector_that_needs_too_much_memory_is_stopped(self) -> None:
        huge = Response(status=200, headers=[("content-type", "application/json")], body="[" + " " * 20_000_000 + "]")
        with self.assertRaises(Trapped) as caught:
            self.create(Scripted(on_read=lambda: huge), memory_bytes=8 << 20)
        self.assertIn("`memory_bytes`", str(caught.exception))
        error = self.failure(Scripted(on_write=lambda: huge), memory_bytes=8 << 20)
        self.assertEqual(error.code, "outcome-unknown")

    def test_requests_and_time_are_limited(self) -> None:
        http = Scripted()
        self.assertEqual(self.failure(http, requests=1).code, "denied")
        self.assertEqual(len(http.sent), 1)

        def slow() -> Answer:
            time.sleep(0.4)
            return ok([])

        http = Scripted(on_read=slow)
        error = self.failure(http, wall_clock=0.6, reserve_for_lookup=0.3)
        self.assertEqual(error.code, "unavailable", error)
        self.assertFalse(any(it.is_write for it in http.sent), "the time left is kept for reading")

    def test_an_http_that_raises_or_answers_too_little_is_a_request_in_doubt(self) -> None:
        def broken() -> Answer:
            raise ValueError("s3cret")

        with self.assertLogs("psa_connector", "ERROR") as logged:
            self.assertEqual(self.failure(Scripted(on_write=broken)).code, "outcome-unknown")
        self.assertNotIn("s3cret", "".join(logged.output))

        class Silent(Scripted):
            def send(self, requests: Sequence[Request], deadline: float) -> list[Answer]:
                return []

        self.assertEqual(self.failure(Silent()).code, "unavailable")

    def test_an_interrupt_from_the_keyboard_ends_the_call_and_sends_nothing_more(self) -> None:
        def interrupt() -> Answer:
            raise KeyboardInterrupt

        http = Scripted(on_write=interrupt)
        with self.assertRaises(KeyboardInterrupt):
            self.create(http)
        self.assertTrue(http.sent[-1].is_write)

    def test_wrong_arguments_are_named_without_their_values(self) -> None:
        tenant = connector("connectwise").tenant(SETTINGS, http=Scripted)
        with self.assertRaises(ConnectorError) as caught:
            tenant.get_ticket(7001)  # type: ignore[arg-type]
        self.assertEqual(caught.exception.code, "invalid-input")
        self.assertNotIn("7001", str(caught.exception))
        with self.assertRaises(ConnectorError) as caught:
            connector("connectwise").call("no-such-function", {}, Scripted())
        self.assertEqual(caught.exception.code, "unsupported")
        with self.assertRaises(HostError):
            tenant.get_ticket("\ud800")

    def test_a_request_to_an_origin_that_is_not_declared_is_not_sent(self) -> None:
        tenant = connector("connectwise").tenant(SETTINGS, http=Scripted)
        declared = Request(method="GET", url="https://api-na.myconnectwise.net/x")
        self.assertIsNone(tenant._check(declared))
        other = Request(method="GET", url="https://other.myconnectwise.net/x")
        self.assertIsNone(tenant.policy.check(other), "it is under the vendor's domain")
        refused = tenant._check(other)
        assert refused is not None
        self.assertIn("origins", refused.message)


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def test_calls_overlap(self) -> None:
        barrier = threading.Barrier(4, timeout=10)

        def together() -> Answer:
            barrier.wait()
            return ok([])

        tenant = connector("connectwise").tenant(SETTINGS, http=lambda: Scripted(on_read=together))
        created = await asyncio.gather(*[tenant.aio.create_ticket(DRAFT) for _ in range(4)])
        self.assertEqual([it.ticket.id for it in created], ["7001"] * 4)

    async def test_a_call_that_is_cancelled_says_whether_a_write_was_sent(self) -> None:
        for on_write in (False, True):
            reached, go_on = threading.Event(), threading.Event()

            answer = ok(TICKET if on_write else [])

            def wait(reached: threading.Event = reached, go_on: threading.Event = go_on, answer: Answer = answer) -> Answer:
                reached.set()
                go_on.wait(10)
                return answer

            http = Scripted(on_write=wait) if on_write else Scripted(on_read=wait)
            tenant = connector("connectwise").tenant(SETTINGS, http=lambda http=http: http)  # type: ignore[misc]
            task = asyncio.create_task(tenant.aio.create_ticket(DRAFT))
            await asyncio.to_thread(reached.wait, 10)
            task.cancel()
            with self.assertRaises(CallCancelled) as caught:
                await task
            go_on.set()
            self.assertEqual(caught.exception.error.code, "outcome-unknown" if on_write else "unavailable")
            await asyncio.sleep(0.3)
            self.assertEqual(sum(it.is_write for it in http.sent), int(on_write), "nothing more is sent")


class Loading(unittest.TestCase):
    def test_a_file_that_is_no_json_edition_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "x.wasm"
            for content, part in [(b"no", "not a component"), (b"\0asm\r\0\1\0", "imports nothing")]:
                file.write_bytes(content)
                with self.assertRaises(HostError) as caught:
                    Connector(file, cache=None)
                self.assertIn(part, str(caught.exception))
            with self.assertRaises(HostError):
                Connector(Path(folder) / "missing.wasm")
        with self.assertRaises(PolicyError) as unknown:
            Connector("nothing")
        self.assertIn("connectwise", str(unknown.exception))

    def test_compiled_code_is_kept_where_nobody_else_can_write(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            ours, others = Path(folder) / "ours", Path(folder) / "others"
            others.mkdir()
            others.chmod(0o777)
            for cache, count in [(ours, 1), (ours, 1), (others, 0)]:
                started = time.monotonic()
                self.assertTrue(Connector("connectwise", cache=cache).description.operations)
                took = time.monotonic() - started
                self.assertEqual(len(list(cache.iterdir())), count)
            self.assertGreater(took, 0)
            [file] = ours.iterdir()
            file.write_bytes(b"damaged")
            self.assertTrue(Connector("connectwise", cache=ours).description.operations)
            file.chmod(0o666)
            self.assertTrue(Connector("connectwise", cache=ours).description.operations)

    def test_a_result_in_an_unknown_form_is_refused(self) -> None:
        for result in ("text", None, ("ok", "x")):
            with self.assertRaises(HostError):
                normalised(result)


class Recordings(unittest.TestCase):
    def test_an_archive_that_psa_host_wrote_is_replayed(self) -> None:
        token = "{{removed-1}}"
        entries = [
            entry(
                "POST",
                "https://psa.example.com/token?n={{removed-2}}",
                '{"access_token": "' + token + '"}',
                ("x-a", "{{removed-2}}"),
            ),
            entry("GET", "https://psa.example.com/a?b={{company-id}}", "[]", ("authorization", "Bearer " + token)),
        ]
        log = {"version": "1.2", "creator": {"name": "psa-host"}, "_scrubbedBy": "psa-host 0.2.0", "entries": entries}
        replay = Recording({"log": log}).replay(connector_settings())
        given, read = (
            replay.send([Request(method=method, url=url, headers=[header])])[0]
            for method, url, header in [
                ("POST", "https://psa.example.com/token?n=7", ("x-a", "anything")),
                ("GET", "https://psa.example.com/a?b=acme", ("Authorization", "Bearer removed-1")),
            ]
        )
        assert isinstance(given, Response), given
        assert isinstance(read, Response), read
        self.assertEqual((given.body, read.body, replay.left_over()), ('{"access_token": "removed-1"}', "[]", []))

    def test_what_is_not_recorded_is_denied_with_the_nearest_exchange_and_without_values(self) -> None:
        recording = Recording.from_file(RECORDINGS / "connectwise" / "tenant.json")
        recording.document["request-headers"]["authorization"] = "Basic of-another-key"
        tenant = connector("connectwise").tenant(SETTINGS, http=recording)
        with self.assertRaises(ConnectorError) as caught:
            tenant.list_companies()
        self.assertEqual(caught.exception.code, "denied")
        self.assertIn("header authorization: its value differs", str(caught.exception))
        for hidden in ("of-another-key", SETTINGS["private-key"]):
            self.assertNotIn(hidden, str(caught.exception))

    def test_a_file_that_is_no_recording_is_refused(self) -> None:
        documents: list[dict[str, Any]] = [{}, {"exchanges": [{}]}, {"log": {}}, {"exchanges": [{"shared": "token"}]}]
        for document in documents:
            with self.assertRaises(RecordingError):
                Recording(document).exchanges([])


def connector_settings() -> list[Any]:
    from psa_connector import Setting

    return [Setting(name="company-id", value="acme")]


def entry(method: str, url: str, body: str, header: tuple[str, str]) -> dict[str, Any]:
    request = {"method": method, "url": url, "headers": [{"name": header[0], "value": header[1]}]}
    content = {"text": body, "mimeType": "application/json"}
    return {"request": request, "response": {"status": 200, "headers": [], "content": content}}


if __name__ == "__main__":
    unittest.main()
