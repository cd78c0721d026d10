"""Tickets, notes and limits, live against a server that cuts connections: nothing is lost and nothing is doubled."""

import json
import random
import threading
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

from support import HOST, Asked, Cut, Server, connector, response

from psa_connector import ConnectorError, Options, Retries, Tenant, TicketDraft
from psa_connector.live import tenants

CREATES = 1_000
SETTINGS = {
    "company-id": "examplemsp",
    "public-key": "ExamplePublicKey",
    "private-key": "ExamplePrivateKey",
    "client-id": "3e1c5a70-94d2-4b86-a0f7-5d6c2b8e9a41",
}


class Desk:
    """As much of ConnectWise PSA as a new ticket needs, on a bad line."""

    def __init__(self, cuts: float) -> None:
        self.tickets: list[dict[str, object]] = []
        self.cut: Counter[str] = Counter()
        self._cuts = cuts
        self._random = random.Random(4711)
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> bytes | Cut:
        with self._lock:
            moment = self._random.choice(["before", "after", "within"]) if self._random.random() < self._cuts else ""
            self.cut[f"{asked.method} {moment}"] += 1
            if moment == "before":
                return Cut()
            body = json.dumps(self._of(asked)).encode()
            whole = response(201 if asked.method == "POST" else 200, body, ("Content-Type", "application/json"))
            return {"after": Cut(), "within": Cut(whole[: len(whole) // 2])}.get(moment, whole)

    def _of(self, asked: Asked) -> object:
        url = urlsplit(asked.path)
        assert url.path.endswith("/service/tickets"), asked.path
        if asked.method == "POST":
            sent = json.loads(asked.body)
            ticket = {"id": len(self.tickets) + 1, "recordType": "ServiceTicket", "_info": {}, **sent}
            self.tickets.append(ticket)
            return ticket
        [condition] = parse_qs(url.query)["conditions"]
        reference = condition.removeprefix('externalXRef="').removesuffix('"')
        return [it for it in self.tickets if it["externalXRef"] == reference]


def tenant(server: Server, **options: object) -> Tenant:
    given: Options = server.options(retries=Retries(per_request=1, first_pause=0.001), **options)
    return connector("connectwise").tenant({"site": f"{HOST}:{server.port}", **SETTINGS}, given)


class Creates(unittest.TestCase):
    def test_creates_that_are_cut_and_repeated_open_exactly_one_ticket_each(self) -> None:
        desk = Desk(cuts=0.3)
        server = self.enterContext(Server(desk.answer))
        desk_of_tenant = tenant(server)
        self.addCleanup(tenants.DEFAULT.close)
        codes: Counter[str] = Counter()

        def create(number: int) -> str:
            draft = TicketDraft(company_id="250", summary=f"Alert {number}", reference=f"alert-{number}")
            for _ in range(100):
                try:
                    return desk_of_tenant.create_ticket(draft).ticket.id
                except ConnectorError as error:
                    codes[str(error.code)] += 1
            raise AssertionError(f"{draft.reference} was never opened")

        with ThreadPoolExecutor(8) as threads:
            ids = list(threads.map(create, range(CREATES)))
        references = Counter(it["externalXRef"] for it in desk.tickets)
        self.assertEqual(len(references), CREATES, "none is lost")
        self.assertEqual(set(references.values()), {1}, "none is doubled")
        self.assertEqual(len(set(ids)), CREATES)
        self.assertGreater(codes["outcome-unknown"], 0)
        for moment in ("POST before", "POST after", "POST within", "GET before"):
            self.assertGreater(desk.cut[moment], 10, moment)
        self.assertLessEqual(set(codes), {"outcome-unknown", "unavailable"})
        print(f"\n{CREATES} creates: {dict(desk.cut)}, {dict(codes)}")


if __name__ == "__main__":
    unittest.main()
