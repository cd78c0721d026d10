"""Keeps compiled components on disk: compiling takes most of a second, loading a millisecond. What is loaded is run, so only a
folder is used that nobody else can write to."""

from __future__ import annotations

import contextlib
import hashlib
import lzma
import os
import platform
import stat
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from wasmtime import Engine, WasmtimeError
from wasmtime.component import Component


def folder_of_the_user() -> Path | None:
    """`$XDG_CACHE_HOME/psa-connector` or `~/.cache/psa-connector`. None where nobody can say who may write to it."""
    if os.name != "posix":
        return None
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base and os.path.isabs(base) else Path.home() / ".cache") / "psa-connector"
    except RuntimeError:
        return None


def load(engine: Engine, data: bytes, digest: bytes, folder: Path | None) -> Component:
    """The component, from the folder if it is there, else compiled and put there."""
    if folder is None or not _is_ours_alone(folder):
        return Component(engine, _unpacked(data))
    built_for = f"{version('wasmtime')} {platform.system()} {platform.machine()} fuel"
    file = folder / (hashlib.sha256(digest + built_for.encode()).hexdigest() + ".cwasm")
    if _is_ours(file, stat.S_ISREG):
        # One that another version or another processor's features made is refused by wasmtime, and made again.
        with contextlib.suppress(WasmtimeError, OSError):
            return Component.deserialize_file(engine, str(file))
    component = Component(engine, _unpacked(data))
    with contextlib.suppress(OSError):
        _put(file, bytes(component.serialize()))
    return component


def _unpacked(data: bytes) -> bytes:
    """Packages hold a component compressed with xz, which makes it a third smaller than a wheel would."""
    return lzma.decompress(data) if data.startswith(b"\xfd7zXZ") else data


def _is_ours_alone(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return _is_ours(folder, stat.S_ISDIR)


def _is_ours(path: Path, is_kind: Callable[[int], bool]) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    if os.name != "posix":
        # Whoever names a folder there answers for it.
        return is_kind(found.st_mode)
    return is_kind(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _put(file: Path, data: bytes) -> None:
    """Whole or not at all, whoever else does the same at the same time."""
    handle, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(name, file)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
