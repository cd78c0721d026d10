"""The connectors side by side with what people use for the same work: run.py HOST TASKS STAND_IN PEERS [VENDOR...].

HOST, TASKS and STAND_IN are programs of this workspace, PEERS is the folder in which run.sh has installed the packages.
One server of a vendor, in a process of its own, serves all of the clients over TLS on the loopback. Each run is a process
that starts, does one task, and ends. The clients take turns; what stands in the table is the median. The first turn does
not count: in it, each client keeps what it keeps for its next start (compiled code, of WebAssembly and of Python), and the
server its answers.

Measured from outside: wall time, CPU time and peak memory of the process (measure.py), requests and bytes of response
bodies as the server counts them, and the server's own CPU time. Linux only. The tables go to standard output, everything
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

from table import table
from tasks import BOARDS, COMPANIES, HERE, PSA, VENDORS, Places

HOST, TASKS, STAND_IN, PEERS, *CHOSEN = sys.argv[1:]
PEERS = Path(PEERS)
OUTPUT = PEERS / "output"
TURNS = 5


class Server:
    def __init__(self, vendor, places):
        command = [STAND_IN, vendor, str(COMPANIES), str(BOARDS)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        site = json.loads(self.process.stdout.readline())
        places.site.write_text(json.dumps(site))
        places.authority.write_text(site["ca-pem"])
        places.settings.touch(mode=0o600)
        places.settings.write_text("".join(f'{name} = "{value}"\n' for name, value in site["settings"].items()))

    def counts(self):
        print(file=self.process.stdin, flush=True)
        counts = json.loads(self.process.stdout.readline())
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        nanoseconds = sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)
        return counts | {"server-cpu-seconds": nanoseconds / 1e9}

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def measure(server, task, client, environment):
    before = server.counts()
    # Without the paths of the standard library it is smaller.
    command = [sys.executable, "-I", "-S", HERE / "measure.py", OUTPUT, *task.clients[client]]
    run = subprocess.run(command, stdout=subprocess.PIPE, env=environment, text=True)
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


def measure_all(server, tasks, environment):
    runs = defaultdict(lambda: defaultdict(list))
    for turn in range(TURNS + 1):
        for task in tasks:
            for client in task.clients:
                show(f"turn {turn} of {TURNS}: {task.name}: {client}")
                run = measure(server, task, client, environment)
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


def goals(tasks, results):
    """What is to be reached, and what was: the connector's share of the time and the memory of a package."""
    for task in tasks:
        ours, *_ = measured = results[task.name]
        for client, wanted in task.goals.items():
            shares = [measured[ours][name] / measured[client][name] for name in ("wall-seconds", "peak-bytes")]
            time, memory = (f"{share:.2f} (goal {goal})" for share, goal in zip(shares, wanted))
            yield f"{task.name}: {ours} : {client}: time {time}, peak memory {memory}"


def machine():
    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "date": date.today().isoformat(),
        "processor": f"{model[0] if model else platform.machine()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "node": version("node"),
        "python": version(PEERS / "python/bin/python"),
        "load average at the start": round(os.getloadavg()[0], 2),
    }


def version(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()


def main():
    about, measured = machine(), {}
    for vendor in VENDORS:
        if CHOSEN and vendor.name not in CHOSEN:
            continue
        places = Places(vendor.name, (HOST, TASKS), PEERS)
        tasks = vendor.tasks(places)
        server = Server(vendor.name, places)
        runs = measure_all(server, tasks, places.environment)
        server.stop()
        results = medians(runs)
        measured[vendor.name] = {"medians": results, "runs": runs}
        print(vendor.name, table(results), *goals(tasks, results), sep="\n", end="\n\n", flush=True)
    (PEERS / "peers.json").write_text(json.dumps({"machine": about, "vendors": measured}, indent=1))
    print(*(f"{name}: {value}" for name, value in about.items()), sep="\n")


main()
