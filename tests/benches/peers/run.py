"""psa-host side by side with what people use for the same work: run.py HOST OPEN_TICKETS STAND_IN COMPONENT PEERS.

HOST, OPEN_TICKETS and STAND_IN are programs of this workspace, PEERS is the folder in which run.sh has installed the two
packages. One server, in a process of its own, serves all of them over TLS on the loopback. Each run is a process that
starts, does one task, and ends. The clients take turns; what stands in the table is the median. The first turn does not
count: in it, each client keeps what it keeps for its next start (compiled code, of WebAssembly and of Python), and the
server its answers.

Measured from outside: wall time, CPU time and peak memory of the process (measure.py), requests and bytes of response
bodies as the server counts them, and the server's own CPU time. Linux only. The table goes to standard output, everything
that was measured to PEERS/peers.json.
"""

import json
import os
import platform
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import median
from typing import Callable, NamedTuple

from table import table

HOST, OPEN_TICKETS, STAND_IN, COMPONENT, PEERS = sys.argv[1:]
HERE, PEERS = Path(__file__).parent, Path(PEERS)
TURNS = 5
COMPANIES, BOARDS, TICKETS = 20_000, 40, 1_000
# What the connector asks for of a company.
FIELDS = "id,identifier,name,status/name,deletedFlag,types"

SITE, AUTHORITY, SETTINGS, OUTPUT = (PEERS / name for name in ["site.json", "ca.pem", "settings.toml", "output"])
NODE_MODULES, PYTHON = PEERS / "node/node_modules", PEERS / "python/bin/python"
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    # Where psa-host keeps compiled code.
    "HOME": str(PEERS / "home"),
    "NODE_PATH": str(NODE_MODULES),
    "NODE_EXTRA_CA_CERTS": str(AUTHORITY),
    "REQUESTS_CA_BUNDLE": str(AUTHORITY),
}

PSA, REST, PYCW = "psa-host", "connectwise-rest", "pyconnectwise"


def psa(*arguments):
    live = ["--settings", SETTINGS, "--cacert", AUTHORITY, "--allow-private-networks", "--json"]
    return [HOST, arguments[0], COMPONENT, *arguments[1:], *live]


def rest(*arguments):
    return ["node", HERE / "connectwise_rest.js", SITE, *arguments]


def pycw(*arguments):
    return [PYTHON, HERE / "py_connectwise.py", SITE, *arguments]


def bare_loop(*arguments):
    return [PYTHON, HERE / "bare_loop.py", SITE, AUTHORITY, *arguments]


class Task(NamedTuple):
    name: str
    # How many records each client has in hand at its end, which is what it prints.
    records: int
    # The same in the JSON that psa-host prints.
    counted: Callable
    # The command of each client.
    clients: dict[str, list]


TASKS = [
    Task(
        f"{COMPANIES:,} companies",
        COMPANIES,
        lambda page: len(page["companies"]),
        {
            PSA: psa("companies", "--all"),
            REST: rest("companies"),
            PYCW: pycw("companies"),
            f"{REST}, `fields=`": rest("companies-fields", FIELDS),
            f"{PYCW}, `fields=`": pycw("companies-fields", FIELDS),
            "bare loop": bare_loop(),
            "bare loop, `fields=`": bare_loop(FIELDS),
        },
    ),
    Task(
        "verify",
        1,
        lambda verification: int(verification["is-complete"]),
        {PSA: psa("verify"), REST: rest("probes"), PYCW: pycw("probes")},
    ),
    Task(
        f"{BOARDS} boards' metadata",
        BOARDS,
        lambda metadata: len(metadata["boards"]),
        {PSA: psa("boards", "--all"), REST: rest("boards"), PYCW: pycw("boards")},
    ),
    Task(
        f"{TICKETS:,} tickets",
        TICKETS,
        lambda opened: opened,
        {
            PSA: [OPEN_TICKETS, COMPONENT, SITE, str(TICKETS)],
            REST: rest("tickets", str(TICKETS)),
            PYCW: pycw("tickets", str(TICKETS)),
        },
    ),
    Task(
        "start to first company",
        1,
        lambda page: len(page["companies"]),
        {PSA: psa("companies", "--limit", "1"), REST: rest("first-company"), PYCW: pycw("first-company")},
    ),
]


class Server:
    def __init__(self):
        command = [STAND_IN, str(COMPANIES), str(BOARDS)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        site = json.loads(self.process.stdout.readline())
        SITE.write_text(json.dumps(site))
        AUTHORITY.write_text(site["ca-pem"])
        SETTINGS.touch(mode=0o600)
        SETTINGS.write_text("".join(f'{name} = "{value}"\n' for name, value in site["settings"].items()))

    def counts(self):
        print(file=self.process.stdin, flush=True)
        counts = json.loads(self.process.stdout.readline())
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        nanoseconds = sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)
        return counts | {"server-cpu-seconds": nanoseconds / 1e9}

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def measure(server, task, client):
    before = server.counts()
    # Without the paths of the standard library it is smaller.
    command = [sys.executable, "-I", "-S", HERE / "measure.py", OUTPUT, *task.clients[client]]
    run = subprocess.run(command, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True)
    after = server.counts()
    if run.returncode != 0:
        sys.exit(f"{task.name}: {client} failed")
    printed = json.loads(OUTPUT.read_bytes())
    records = task.counted(printed) if client == PSA else printed
    if records != task.records:
        sys.exit(f"{task.name}: {client} has {records} records")
    wall, cpu, peak = map(float, run.stdout.split())
    served = {name: after[name] - before[name] for name in after}
    return {"wall-seconds": wall, "cpu-seconds": cpu, "peak-bytes": peak * 1024} | served


def measure_all(server):
    runs = defaultdict(lambda: defaultdict(list))
    for turn in range(TURNS + 1):
        for task in TASKS:
            for client in task.clients:
                show(f"turn {turn} of {TURNS}: {task.name}: {client}")
                run = measure(server, task, client)
                if turn > 0:
                    runs[task.name][client].append(run)
    show("")
    return runs


def show(progress):
    """One line that replaces itself, for a person at a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


def medians(runs):
    return {
        task: {client: {name: median(run[name] for run in each) for name in each[0]} for client, each in clients.items()}
        for task, clients in runs.items()
    }


def goals(companies):
    """What is to be reached in the listing, and what was: psa-host's share of the time and the memory of others."""
    for client, time_goal, memory_goal in [(REST, 0.2, 0.25), (f"{REST}, `fields=`", 1, 1)]:
        time, memory = (companies[PSA][name] / companies[client][name] for name in ("wall-seconds", "peak-bytes"))
        yield f"{PSA} : {client}: time {time:.2f} (goal {time_goal}), peak memory {memory:.2f} (goal {memory_goal})"


def machine():
    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "date": date.today().isoformat(),
        "processor": f"{model[0] if model else platform.machine()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "node": version("node"),
        "python": version(PYTHON),
        "load average at the start": round(os.getloadavg()[0], 2),
    }


def version(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()


def main():
    about = machine()
    server = Server()
    runs = measure_all(server)
    server.stop()
    results = medians(runs)
    (PEERS / "peers.json").write_text(json.dumps({"machine": about, "medians": results, "runs": runs}, indent=1))
    print(table(results), *goals(results[TASKS[0].name]), *(f"{name}: {value}" for name, value in about.items()), sep="\n")


main()
