"""What is measured: each vendor's tasks, and the command of each client for each of them."""

import os
from pathlib import Path
from typing import Callable, NamedTuple

HERE = Path(__file__).parent
COMPANIES, BOARDS, TICKETS, TICKETS_WITH_REFERENCE = 20_000, 40, 1_000, 200
# What the connector for ConnectWise asks for of a company.
FIELDS = "id,identifier,name,status/name,deletedFlag,types"

PSA, LIBRARY = "psa-host", "psa-host as a library"
REST, PYCW, HALO, APIGRATE = "connectwise-rest", "pyconnectwise", "HaloPSA", "@apigrate/autotask-restapi"


class Task(NamedTuple):
    name: str
    # How many records each client has in hand at its end, which is what it prints.
    records: int
    # The same in the JSON that psa-host prints.
    counted: Callable
    # The command of each client.
    clients: dict[str, list]
    # The package with which the connector is compared, and what is to be reached: its share of time and of peak memory.
    goals: dict[str, tuple[float, float]] = {}


class Vendor(NamedTuple):
    name: str
    tasks: Callable[["Places"], list[Task]]


class Places:
    """The programs and files of one vendor."""

    def __init__(self, vendor, programs, peers):
        self.host, self.through_library = programs
        self.component = f"target/{vendor}-psa.wasm"
        self.python = peers / "python/bin/python"
        folder = peers / vendor
        folder.mkdir(exist_ok=True)
        self.site, self.authority, self.settings = (folder / name for name in ["site.json", "ca.pem", "settings.toml"])
        self.environment = {
            "PATH": os.environ["PATH"],
            # Where psa-host keeps compiled code.
            "HOME": str(peers / "home"),
            "NODE_PATH": str(peers / "node/node_modules"),
            "NODE_EXTRA_CA_CERTS": str(self.authority),
            "REQUESTS_CA_BUNDLE": str(self.authority),
        }

    def psa(self, command, *arguments):
        live = ["--settings", self.settings, "--cacert", self.authority, "--allow-private-networks", "--json"]
        return [self.host, command, self.component, *arguments, *live]

    def library(self, *arguments):
        return [self.through_library, self.component, self.site, *arguments]

    def node(self, script, *arguments):
        return ["node", HERE / script, self.site, *arguments]

    def py(self, script, *arguments):
        return [self.python, HERE / script, self.site, *arguments]


def of_connectwise(at):
    def rest(*arguments):
        return at.node("connectwise_rest.js", *arguments)

    def pycw(*arguments):
        return at.py("py_connectwise.py", *arguments)

    return [
        Task(
            f"{COMPANIES:,} companies",
            COMPANIES,
            lambda page: len(page["companies"]),
            {
                PSA: at.psa("companies", "--all"),
                REST: rest("companies"),
                PYCW: pycw("companies"),
                f"{REST}, `fields=`": rest("companies-fields", FIELDS),
                f"{PYCW}, `fields=`": pycw("companies-fields", FIELDS),
                "bare loop": at.py("bare_loop.py", at.authority),
                "bare loop, `fields=`": at.py("bare_loop.py", at.authority, FIELDS),
            },
            {REST: (0.2, 0.25), f"{REST}, `fields=`": (1, 1)},
        ),
        Task(
            "verify",
            1,
            lambda verification: int(verification["is-complete"]),
            {PSA: at.psa("verify"), REST: rest("probes"), PYCW: pycw("probes")},
        ),
        Task(
            f"{BOARDS} boards' metadata",
            BOARDS,
            lambda metadata: len(metadata["boards"]),
            {PSA: at.psa("boards", "--all"), REST: rest("boards"), PYCW: pycw("boards")},
        ),
        Task(
            f"{TICKETS:,} tickets",
            TICKETS,
            lambda opened: opened,
            {
                LIBRARY: at.library("tickets", str(TICKETS)),
                REST: rest("tickets", str(TICKETS)),
                PYCW: pycw("tickets", str(TICKETS)),
            },
        ),
        Task(
            "start to first company",
            1,
            lambda page: len(page["companies"]),
            {PSA: at.psa("companies", "--limit", "1"), REST: rest("first-company"), PYCW: pycw("first-company")},
        ),
    ]


def of_halopsa(at):
    def halo(*arguments):
        return at.py("py_halopsa.py", *arguments)

    goals = {HALO: (1, 1)}
    return [
        Task(
            f"{COMPANIES:,} clients",
            COMPANIES,
            lambda page: len(page["companies"]),
            {
                PSA: at.psa("companies", "--all", "--include-inactive"),
                HALO: halo("companies"),
                f"{HALO}, `get_all`": halo("companies-at-once"),
            },
            goals,
        ),
        Task(
            "verify (package: 8 of 11 reads)",
            1,
            lambda verification: int(verification["is-complete"]),
            {PSA: at.psa("verify"), HALO: halo("verify")},
            goals,
        ),
        Task(
            "teams' metadata (package: 3 of 6 lists)",
            2,
            lambda metadata: len(metadata["boards"]),
            {PSA: at.psa("boards", "--all"), HALO: halo("boards")},
            goals,
        ),
        Task(
            f"{TICKETS_WITH_REFERENCE} tickets with reference",
            TICKETS_WITH_REFERENCE,
            lambda opened: opened,
            {
                LIBRARY: at.library("tickets", str(TICKETS_WITH_REFERENCE)),
                HALO: halo("tickets", str(TICKETS_WITH_REFERENCE)),
            },
            goals,
        ),
    ]


def of_autotask(at):
    def apigrate(*arguments):
        return at.node("autotask_restapi.js", *arguments)

    goals = {APIGRATE: (1, 1)}
    number = str(TICKETS_WITH_REFERENCE)
    tasks = [
        (f"{COMPANIES:,} companies", COMPANIES, ["companies"]),
        ("verify (package: 8 of 10 reads)", 1, ["verify"]),
        ("queues' metadata", 2, ["boards"]),
        (f"{number} tickets with reference", TICKETS_WITH_REFERENCE, ["tickets", number]),
    ]
    return [
        Task(name, records, lambda count: count, {LIBRARY: at.library(*task), APIGRATE: apigrate(*task)}, goals)
        for name, records, task in tasks
    ]


VENDORS = [Vendor("connectwise", of_connectwise), Vendor("halopsa", of_halopsa), Vendor("autotask", of_autotask)]
