"""The recorded tenants: every function gives what the Rust host gives."""

import json
import os
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from support import CONNECTORS, RECORDINGS, ROOT, connector, recorded_settings

from psa_connector import ConnectorError, Recording, contract, from_json, to_json

PSA_HOST = Path(os.environ.get("PSA_HOST", ROOT / "target" / "debug" / "psa-host"))
CASES = ROOT / "tests" / "cases"

# What the demonstration of a vendor does not show, answered by cases.
MORE = {
    "autotask": """
        find --open-of-company 250 --replay tests/cases/autotask/find-tickets/open-of-company.json
        status --ticket 7001 --status-id 1 --status-id 5 --replay tests/cases/autotask/set-status/already-there.json
    """,
    "connectwise": "",
    "halopsa": """
        find --open-of-company 12 --replay tests/cases/halopsa/find-tickets/open-of-company.json
        status --ticket 9499 --status-id 9 --replay tests/cases/halopsa/set-status/answer-of-another-ticket.json
        contacts --company-id 12 --replay tests/cases/halopsa/list-contacts/filter-ignored.json
        assets --company-id 12 --replay tests/cases/halopsa/list-assets/filter-ignored.json
        sites --company-id 12 --replay tests/cases/halopsa/list-sites/filter-ignored.json
        attach --ticket 9499 --asset 3945 --replay tests/cases/halopsa/attach-asset/answer-without-it.json
    """,
}


def demo(vendor: str) -> list[list[str]]:
    """The commands to compare, each with its arguments."""
    lines = (RECORDINGS / vendor / "demo.txt").read_text("utf-8").splitlines() + MORE[vendor].splitlines()
    commands = [shlex.split(line.partition(": ")[2] if line[:2].isdigit() else line) for line in map(str.strip, lines)]
    return [it for it in commands if it and not it[0].startswith("#")]


class RecordedTenants(unittest.TestCase):
    maxDiff = None

    def test_each_command_of_the_demonstration_gives_the_same_as_the_rust_host(self) -> None:
        compared: dict[str, set[str]] = {vendor: set() for vendor in CONNECTORS}
        for vendor in CONNECTORS:
            for command in demo(vendor):
                with self.subTest(vendor=vendor, command=command):
                    call = as_call(command)
                    if call is None:
                        continue
                    self.assertEqual(by_python(vendor, *call), by_rust(vendor, command))
                    compared[vendor].add(call[0])
        functions = {it.value for it in contract.Operation} | {"describe", "origins"}
        for vendor in CONNECTORS:
            self.assertEqual(functions - compared[vendor], set(), f"{vendor}: not compared")

    def test_an_archive_that_psa_host_records_is_replayed(self) -> None:
        for vendor in CONNECTORS:
            with self.subTest(vendor=vendor), tempfile.TemporaryDirectory() as folder:
                archive = Path(folder) / "companies.har"
                expected = by_rust(vendor, ["companies", "--record", str(archive)])
                tenant = connector(vendor).tenant(recorded_settings(vendor), http=Recording.from_file(archive))
                self.assertEqual(to_json(tenant.list_companies()), expected)


def as_call(command: list[str]) -> tuple[str, dict[str, Any], str | None] | None:
    """The function that a command calls, its arguments, and the file that answers it. None: a command that calls several."""
    name, given = command[0], options(command[1:])
    recording = given.pop("replay", None)
    names = {"companies": "list-companies", "boards": "list-board-metadata", "ticket": "get-ticket", "find": "find-tickets"}
    names |= {"note": "add-note", "status": "set-status", "contacts": "list-contacts", "assets": "list-assets"}
    names |= {"sites": "list-sites", "attach": "attach-asset"}
    function = names.get(name, name)
    match function:
        case "close":
            return None
        case "describe" | "origins":
            arguments: dict[str, Any] = {}
        case "verify":
            # What the command asks about unless it is told otherwise.
            needed = "verify list-companies list-board-metadata check-ticket create-ticket get-ticket"
            arguments = {"needed": [contract.Operation(it) for it in needed.split()]}
        case "list-companies":
            arguments = {"query": contract.CompanyQuery()}
        case "list-board-metadata":
            arguments = {"selection": contract.BoardSelection.all()}
        case "check-ticket" | "create-ticket":
            arguments = {"draft": draft(given)}
        case "get-ticket":
            arguments = {"id": given["ticket"]}
        case "find-tickets":
            arguments = {
                "query": contract.TicketQuery(selection=contract.TicketSelection.open_of_company(given["open-of-company"]))
            }
        case "add-note":
            audience = contract.NoteAudience.CUSTOMER if "customer" in given else contract.NoteAudience.STAFF
            note = contract.NoteDraft(
                ticket_id=given["ticket"], text=given["text"], audience=audience, reference=given.get("reference")
            )
            arguments = {"note": note}
        case "set-status":
            arguments = {
                "change": contract.StatusChange(ticket_id=given["ticket"], status_ids=given["status-id"].splitlines())
            }
        case "attach-asset":
            arguments = {"ticket-id": given["ticket"], "asset-id": given["asset"]}
        case "list-contacts" | "list-assets" | "list-sites":
            kinds = {
                "list-contacts": contract.ContactQuery,
                "list-assets": contract.AssetQuery,
                "list-sites": contract.SiteQuery,
            }
            arguments = {"query": kinds[function](company_id=given["company-id"])}
        case _:
            raise AssertionError(f"the demonstration has the command {command}, which this test does not know")
    return function, arguments, recording


def options(arguments: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    while arguments:
        name = arguments.pop(0).removeprefix("--")
        has_value = bool(arguments) and not arguments[0].startswith("--")
        value = arguments.pop(0) if has_value else ""
        found[name] = f"{found[name]}\n{value}" if name in found else value
    return found


def draft(given: dict[str, str]) -> contract.TicketDraft:
    value: dict[str, Any] = {name: it for name, it in given.items() if name not in ("detail", "link")}
    pairs = [it.split("=", 1) for it in given.get("detail", "").splitlines()]
    value["details"] = [{"label": label, "value": it} for label, it in pairs]
    links = [it.split("=", 1) for it in given.get("link", "").splitlines()]
    value["links"] = [{"label": label, "url": it} for label, it in links]
    return from_json(contract.TicketDraft, value)


def by_python(vendor: str, function: str, arguments: dict[str, Any], recording: str | None) -> Any:
    file = ROOT / recording if recording else RECORDINGS / vendor / "tenant.json"
    settings = settings_of(vendor, file)
    if function == "describe":
        return to_json(connector(vendor).description)
    tenant = connector(vendor).tenant(settings, http=Recording.from_file(file))
    method = getattr(tenant, function.replace("-", "_"))
    try:
        return to_json(method(*arguments.values()))
    except ConnectorError as error:
        return {"error": to_json(error)}


def settings_of(vendor: str, file: Path) -> dict[str, str]:
    """A case has its own."""
    is_case = CASES in file.parents
    found: dict[str, str] = json.loads(file.read_text("utf-8"))["settings"] if is_case else recorded_settings(vendor)
    return found


def by_rust(vendor: str, command: list[str]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "settings.toml"
        replay = command[command.index("--replay") + 1] if "--replay" in command else "none"
        given = settings_of(vendor, ROOT / replay)
        settings.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in given.items()), encoding="utf-8")
        settings.chmod(0o600)
        arguments = [str(PSA_HOST), command[0], str(ROOT / "target" / f"{vendor}-psa.wasm"), *command[1:], "--json"]
        if command[0] != "describe":
            arguments += ["--settings", str(settings)]
            if "--replay" not in command and command[0] != "origins":
                arguments += ["--replay", str(RECORDINGS / vendor / "tenant.json")]
        run = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    return json.loads(run.stdout)


if __name__ == "__main__":
    unittest.main()
