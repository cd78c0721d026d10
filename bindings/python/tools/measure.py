"""How much computing a page of 1,000 companies takes, from the call to its dataclasses, against the Rust host's time of the last
`make bench`. Run both when nothing else uses the machine: `target/python/venv/bin/python bindings/python/tools/measure.py`."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from psa_connector import Connector, Request, Response
from psa_connector.http import Answer

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = {
    "site": "na.myconnectwise.net",
    "company-id": "examplemsp",
    "public-key": "ExamplePublicKey",
    "private-key": "ExamplePrivateKey",
    "client-id": "3e1c5a70-94d2-4b86-a0f7-5d6c2b8e9a41",
}
ROUNDS = 200


class OnePage:
    """Answers everything with the body that the benchmark of the Rust host has."""

    def __init__(self) -> None:
        link = "https://api-na.myconnectwise.net/v4_6_release/apis/3.0//company/companies/types/1"
        rows = (
            f'{{"id":{number},"identifier":"Customer{number}","name":"Customer {number} of Example & Söhne",'
            f'"status":{{"name":"Active"}},"deletedFlag":false,'
            f'"types":[{{"id":1,"name":"Client","_info":{{"type_href":"{link}"}}}}]}}'
            for number in range(1, 1_001)
        )
        self._body = f"[{','.join(rows)}]"

    def send(self, requests: Sequence[Request], deadline: float) -> list[Answer]:
        headers = [("content-type", "application/json; charset=utf-8")]
        return [Response(status=200, headers=headers, body=self._body) for _ in requests]


def main() -> None:
    page = OnePage()
    tenant = Connector("connectwise").tenant(SETTINGS, http=lambda: page)
    times = []
    for _ in range(ROUNDS):
        started = time.thread_time()
        assert len(tenant.list_companies().companies) == 1_000
        times.append(time.thread_time() - started)
    own = statistics.median(times) * 1e3
    print(f"1,000 companies: {own:.2f} ms, at best {min(times) * 1e3:.2f} ms")
    file = ROOT / "target" / "bench" / "speed.json"
    if file.is_file():
        goals = {it["what"]: it["measured"] for it in json.loads(file.read_text("utf-8"))["goals"]}
        rust = goals["1,000 companies, component"] / 1e3
        print(f"the Rust host: {rust:.2f} ms; {own / rust:.1f} times as long, of 6 at most")


if __name__ == "__main__":
    main()
