"""Every case of the three vendors: what is sent and what comes back is as recorded."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from support import CONNECTORS, ROOT, connector

from psa_connector import ConnectorError, to_json
from psa_connector.connector import as_settings
from psa_connector.contract import Failure, FailureKind, Response
from psa_connector.http import Answer
from psa_connector.recording import Exchange, Replay
from psa_connector.recording.exchange import RecordedBody, RecordedRequest

PSA_HOST = Path(os.environ.get("PSA_HOST", ROOT / "target" / "debug" / "psa-host"))


class Cases(unittest.TestCase):
    maxDiff = None

    def test_every_case_gives_the_expected_result(self) -> None:
        total = 0
        for vendor in CONNECTORS:
            cases = ROOT / "tests" / "cases" / vendor
            files = [it for it in cases.rglob("*.json") if "_shared" not in it.parts]
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch) / "exported"
                subprocess.run([str(PSA_HOST), "case", str(cases), "--export", str(folder)], check=True, capture_output=True)
                exported = sorted(folder.rglob("*.json"))
                wrong = {}
                for path in exported:
                    if problems := run(vendor, json.loads(path.read_text("utf-8"))):
                        wrong[str(path.relative_to(folder))] = problems
            self.assertEqual(len(exported), len(files), "every file is a case, and every case was run")
            self.assertEqual(wrong, {})
            total += len(exported)
        print(f"\n{total} cases of {len(CONNECTORS)} connectors")


def run(vendor: str, case: dict[str, Any]) -> list[str]:
    """What is not as the case has it."""
    settings = as_settings([])
    replay = Replay([exchange(it) for it in case["exchanges"]], settings)
    given = {} if case["function"] == "describe" else {"settings": case["settings"]}
    try:
        outcome = {"ok": connector(vendor).call(case["function"], {**given, **case["arguments"]}, replay)}
    except ConnectorError as error:
        outcome = {"err": to_json(error)}
    problems = [*replay.unmatched, *replay.left_over(), *mismatches("result", case["expect"], outcome)]
    if len(replay.rounds) != case["rounds"]:
        problems.append(f"expected {case['rounds']} rounds, found {len(replay.rounds)}")
    return problems


def exchange(value: dict[str, Any]) -> Exchange:
    request, answer = value["request"], value["answer"]
    recorded = RecordedRequest(
        method=request["method"],
        url=request["url"],
        query=[(name, text) for name, text in request["query"]],
        headers=[(name, text) for name, text in request["headers"]],
        body=recorded_body(request["body"]),
    )
    return Exchange(recorded, response(answer["ok"]) if "ok" in answer else failure(answer["err"]))


def recorded_body(value: dict[str, Any] | None) -> RecordedBody:
    if value is None:
        return RecordedBody("absent")
    if "json" in value:
        return RecordedBody("json", value["json"])
    if "form" in value:
        return RecordedBody("form", [(name, text) for name, text in value["form"]])
    content = body(value)
    return RecordedBody("bytes", content.encode() if isinstance(content, str) else content)


def response(value: dict[str, Any]) -> Answer:
    headers = [(name, text) for name, text in value["headers"]]
    return Response(status=value["status"], headers=headers, body=body(value["body"]))


def failure(value: dict[str, Any]) -> Answer:
    kind, acted = FailureKind(value["kind"]), value["may-have-acted"]
    return Failure(kind=kind, message=value["message"], may_have_acted=acted)


def body(value: dict[str, str]) -> str | bytes:
    import base64

    return value["text"] if "text" in value else base64.b64decode(value["base64"])


def mismatches(path: str, expected: Any, actual: Any) -> list[str]:
    """Every member that is expected must match; one that is not mentioned must be absent, null or empty. Text between two `…`
    must be contained."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        found = []
        for name, value in expected.items():
            if name in actual or value not in (None, []):
                found.extend(mismatches(f"{path}.{name}", value, actual.get(name, "nothing")))
        unmentioned = [name for name, value in actual.items() if name not in expected and value is not None and value != []]
        return found + [f"{path}.{name}: expected nothing, found {actual[name]!r}" for name in unmentioned]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [problem for at, (ours, theirs) in pairs for problem in mismatches(f"{path}[{at}]", ours, theirs)]
    if isinstance(expected, str) and isinstance(actual, str) and len(expected) > 1 and expected[0] == expected[-1] == "…":
        return [] if expected[1:-1] in actual else [f"{path}: expected {expected!r}, found {actual!r}"]
    same = expected == actual and isinstance(expected, bool) == isinstance(actual, bool)
    return [] if same else [f"{path}: expected {expected!r}, found {actual!r}"]


if __name__ == "__main__":
    unittest.main()
