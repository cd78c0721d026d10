"""Says what is inside of what is released: a bill of materials for each program and connector, as CycloneDX, and the licences of
all that is in them. `contents.py FOLDER [yes]` writes `NAME.cdx.json` and `THIRD-PARTY-LICENCES.txt` there; with `yes`, also for
Windows. Crates that run only while something is compiled, such as macros, are not inside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import uuid
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

REPOSITORY = Path(__file__).resolve().parent.parent
LINUX, WINDOWS, WEBASSEMBLY = "x86_64-unknown-linux-musl", "x86_64-pc-windows-gnu", "wasm32-unknown-unknown"
LICENCE_FILE = re.compile(r"(LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|UNLICENSE)", re.IGNORECASE)
# Some crates leave the text of their licence to their repository. These name no holder, so another crate's text is the same; and
# ours is Apache-2.0.
SAME_FOR_ALL = ["Apache-2.0 WITH LLVM-exception"]

Crate = tuple[str, str]


def output_of(*command: str) -> str:
    return subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True).stdout


def crates_in(package: str, target: str, *options: str) -> dict[Crate, set[Crate]]:
    """Each crate of a program or connector, the package first, with those that it depends on directly."""
    tree = output_of(
        *("cargo", "tree", "--locked", "--package", package, "--target", target, *options),
        *("--edges", "normal,no-proc-macro", "--prefix", "depth"),
    )
    crates: dict[Crate, set[Crate]] = {}
    above: list[Crate] = []
    for line in tree.splitlines():
        found = re.match(r"(\d+)(\S+) v(\S+)", line)
        if not found:
            continue
        depth, crate = int(found[1]), (found[2], found[3])
        crates.setdefault(crate, set())
        del above[depth:]
        if above:
            crates[above[-1]].add(crate)
        above.append(crate)
    return crates


def bill(name: str, crates: dict[Crate, set[Crate]], known: dict[Crate, Any], checksums: dict[Crate, str], rust: str) -> str:
    components = {crate: component(crate, known[crate], checksums.get(crate)) for crate in crates}
    root, *others = crates
    standard_library = Component(
        name="rust-std", version=rust, type=ComponentType.LIBRARY, bom_ref=f"rust-std@{rust}", licenses=[licence("MIT OR Apache-2.0")]
    )
    components[root].type = ComponentType.APPLICATION
    digest = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([name, sorted(crates), sorted(checksums.items()), rust]))
    created = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    whole = Bom(
        serial_number=digest,
        metadata=BomMetaData(component=components[root], timestamp=created),
        components=[*(components[crate] for crate in others), standard_library],
    )
    for crate, needed in crates.items():
        whole.register_dependency(components[crate], [components[it] for it in needed])
    whole.register_dependency(components[root], [standard_library])
    return JsonV1Dot6(whole).output_as_string(indent=2) + "\n"


def component(crate: Crate, package: Any, checksum: str | None) -> Component:
    name, version = crate
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{version}",
        description=package["description"],
        purl=PackageURL("cargo", None, name, version),
        licenses=[licence(package["license"])],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksum)] if checksum else [],
    )


def licence(expression: str) -> Any:
    # `/` between licences is how crates wrote `OR` long ago.
    return LicenseFactory().make_with_expression(re.sub(r"\s*/\s*", " OR ", expression))


def licences(crates: set[Crate], known: dict[Crate, Any], rust: str) -> str:
    """The text of each licence once, after what it is of."""
    texts_of = {crate: texts_beside(known[crate]) for crate in crates if known[crate]["source"]}
    of_licence = {known[crate]["license"]: texts for crate, texts in texts_of.items() if texts}
    ours = (REPOSITORY / "LICENSE").read_text(encoding="utf-8").strip()
    # What is in the programs and is no crate. Ours is the Apache License too.
    musl = (REPOSITORY / "release/musl.txt").read_text(encoding="utf-8").strip()
    crates_of = defaultdict(list, {ours: [f"rust-std {rust}"], musl: ["musl, the C library of the programs for Linux"]})
    for crate, texts in sorted(texts_of.items()):
        expression = known[crate]["license"]
        if not texts and expression in SAME_FOR_ALL:
            texts = of_licence[expression]
        if not texts and re.search(r"\bApache-2.0\b(?! WITH| AND)", expression):
            texts = [ours]
        if not texts:
            sys.exit(f"contents.py: no text of a licence of {crate[0]} {crate[1]} ({expression}): add one")
        for text in texts:
            crates_of[text].append(f"{crate[0]} {crate[1]}")
    parts = [
        f"{'=' * 100}\n{', '.join(names)}\n{'=' * 100}\n\n{text}\n"
        for text, names in sorted(crates_of.items(), key=lambda it: (-len(it[1]), it))
    ]
    return "\n".join(["Licences of what is in the programs and connectors of this release.\n", *parts])


def texts_beside(package: Any) -> list[str]:
    folder = Path(package["manifest_path"]).parent
    files = sorted(path for path in folder.iterdir() if path.is_file() and LICENCE_FILE.match(path.name))
    return [path.read_text(encoding="utf-8").replace("\r\n", "\n").strip() for path in files if path.suffix != ".rs"]


def main(folder: Path, with_windows: bool) -> None:
    packages = json.loads(output_of("cargo", "metadata", "--locked", "--format-version", "1"))["packages"]
    known = {(package["name"], package["version"]): package for package in packages}
    locked = tomllib.loads((REPOSITORY / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    checksums = {(it["name"], it["version"]): it["checksum"] for it in locked if "checksum" in it}
    rust = output_of("rustc", "--version").split()[1]
    inside = {
        "psa-host": crates_in("psa-cli", LINUX),
        "psa-relay": crates_in("psa-relay", LINUX),
        "psa-json": crates_in("psa-json", WEBASSEMBLY, "--features", "front,back"),
        "psa-wasi-http": crates_in("psa-wasi-http", WEBASSEMBLY),
        "psa-service": crates_in("psa-service", WEBASSEMBLY, "--features", "service"),
    }
    if with_windows:
        inside["psa-host-windows"] = crates_in("psa-cli", WINDOWS)
    for name in os.environ["CONNECTORS"].split():
        inside[f"{name}-psa"] = crates_in(f"{name}-psa", WEBASSEMBLY)
    for name, crates in inside.items():
        (folder / f"{name}.cdx.json").write_text(bill(name, crates, known, checksums, rust), encoding="utf-8")
    text = licences({crate for crates in inside.values() for crate in crates}, known, rust)
    (folder / "THIRD-PARTY-LICENCES.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), with_windows=sys.argv[2:] == ["yes"])
