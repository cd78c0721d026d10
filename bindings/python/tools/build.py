"""Builds the wheels: the library, and one for each connector in its JSON edition. `python tools/build.py FOLDER` writes to
FOLDER; it takes the components from target/json/."""

from __future__ import annotations

import lzma
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
COMPONENTS = HERE.parent.parent / "target" / "json"
# What a user downloads for one connector, without wasmtime.
MOST_BYTES = 320_000


def main(folder: Path) -> int:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    components = sorted(COMPONENTS.glob("*.wasm"))
    if not components:
        print(f"there is no component in {COMPONENTS}: build it with `component/json/build.sh`", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        library = Path(scratch) / "library"
        shutil.copytree(HERE, library, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info", "tests"))
        projects = [library]
        for component in components:
            project = Path(scratch) / component.stem
            package = project / f"psa_connector_{component.stem}"
            package.mkdir(parents=True)
            template = (HERE / "connector" / "pyproject.toml").read_text(encoding="utf-8")
            (project / "pyproject.toml").write_text(template.replace("NAME", component.stem), encoding="utf-8")
            (package / "__init__.py").touch()
            packed = lzma.compress(component.read_bytes(), preset=9 | lzma.PRESET_EXTREME)
            (package / "component.wasm.xz").write_bytes(packed)
            projects.append(project)
        for project in projects:
            wheel(project, folder)
    return report(folder)


def wheel(project: Path, folder: Path) -> None:
    # The same files give the same wheel.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(project)], check=True, env=environment)


def report(folder: Path) -> int:
    sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.whl"))}
    [library] = [size for name, size in sizes.items() if name.startswith("psa_connector-")]
    largest = library + max(size for name, size in sizes.items() if not name.startswith("psa_connector-"))
    for name, size in sizes.items():
        print(f"{name}: {size:,} bytes")
    print(f"for one connector, without wasmtime: at most {largest:,} bytes of {MOST_BYTES:,}")
    return 0 if largest <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
