"""A component: loads it, checks its edge, and runs each call in a fresh instance of its own, with limits. Here is all that
touches `wasmtime`."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from wasmtime import Config, Engine, Store, Trap, TrapCode, WasmtimeError
from wasmtime import component as wasm

from psa_connector import _cache
from psa_connector._limited import LimitedHttp
from psa_connector.contract import Failure, Request, Response
from psa_connector.errors import CallError, HostError, Stopped, Trapped
from psa_connector.http import Answer
from psa_connector.options import Limits

IMPORT = "psa:connector-json/http@0.2.0"
EXPORT = "psa:connector-json/service-desk@0.2.0"


@cache
def _engine() -> Engine:
    config = Config()
    config.consume_fuel = True
    return Engine(config)


class Component:
    """The JSON edition of a connector. Threads may share it."""

    def __init__(self, data: bytes, cache_folder: Path | None) -> None:
        self.digest = hashlib.sha256(data).digest()
        engine = _engine()
        try:
            self._component = _cache.load(engine, data, self.digest, cache_folder)
        except WasmtimeError as error:
            raise HostError(f"the file is not a component: {_first_line(error)}") from None
        self._check_edge(engine)
        desk = self._component.get_export_index(EXPORT)
        call = self._component.get_export_index("call", desk)
        if call is None:
            raise HostError("the component has no function `call`")
        self._call = call
        # A call runs on the thread that made it, and so does what it sends.
        self._running = threading.local()
        self._linker = wasm.Linker(engine)
        with self._linker.root() as root, root.add_instance(IMPORT) as http:
            http.add_func("send", self._send)

    def _check_edge(self, engine: Engine) -> None:
        imports, exports = self._component.type.imports(engine), self._component.type.exports(engine)
        if list(imports) != [IMPORT]:
            others = ", ".join(imports) or "nothing"
            raise HostError(f"a connector imports {IMPORT} and nothing else, and this component imports {others}")
        if EXPORT not in exports:
            raise HostError(f"the component does not export {EXPORT}: it is not the JSON edition of a connector")

    def run(self, function: str, arguments: Any, http: LimitedHttp, limits: Limits) -> tuple[bool, Any]:
        """Whether the function succeeded, and its result or its error."""
        store = Store(_engine())
        store.set_fuel(limits.fuel)
        store.set_limits(memory_size=limits.memory_bytes, table_elements=100_000, instances=64, tables=32, memories=16)
        text = json.dumps(arguments, ensure_ascii=False)
        outer = getattr(self._running, "http", None)
        self._running.http = http
        try:
            instance = self._linker.instantiate(store, self._component)
            called = instance.get_func(store, self._call)
            if called is None:
                raise HostError("the component has no function `call`")
            is_ok, result = normalised(called(store, function, text))
        except (Trap, WasmtimeError) as error:
            raise _why(function, error, limits) from None
        except UnicodeEncodeError:
            raise HostError(f"{function} was given text that is not valid Unicode") from None
        finally:
            self._running.http = outer
        if http.raised is not None:
            raise http.raised
        return is_ok, json.loads(result)

    def _send(self, _store: Any, text: str) -> str:
        """Raises nothing, not even an interrupt: it would be lost between the frames of the component."""
        http: LimitedHttp = self._running.http
        try:
            answers = http.send([_request(it) for it in json.loads(text)])
            return json.dumps([_answer(it) for it in answers], ensure_ascii=False)
        except BaseException as error:
            http.cancel()
            http.raised = error
            return "[]"


def normalised(result: Any) -> tuple[bool, str]:
    """A `result<string, string>` of wasmtime as whether it is `ok`, and its text. Between versions of wasmtime the form of a
    result depends on whether the Python types of both cases are alike."""
    if isinstance(result, wasm.Variant) and result.tag in ("ok", "err") and isinstance(result.payload, str):
        return result.tag == "ok", result.payload
    raise HostError(f"wasmtime {version('wasmtime')} gave a result in a form that this package does not know")


def _request(value: dict[str, Any]) -> Request:
    body = value["body"]
    if body is not None:
        body = body["text"] if "text" in body else base64.b64decode(body["base64"])
    return Request(
        method=value["method"],
        url=value["url"],
        headers=[(name, text) for name, text in value["headers"]],
        body=body,
        is_write=value["is-write"],
        reuse_seconds=value["reuse-seconds"],
        is_secret=value["is-secret"],
    )


def _answer(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, Failure):
        failure = {"kind": answer.kind, "message": answer.message, "may-have-acted": answer.may_have_acted}
        return {"err": failure}
    return {"ok": _response(answer)}


def _response(response: Response) -> dict[str, Any]:
    body = response.body
    form = {"text": body} if isinstance(body, str) else _body(body)
    return {
        "status": response.status,
        "headers": response.headers,
        "body": form,
        "age-seconds": response.age_seconds,
    }


def _body(body: bytes) -> dict[str, str]:
    """Text if and only if the bytes are valid UTF-8."""
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def _why(function: str, error: Exception, limits: Limits) -> CallError:
    code = getattr(error, "trap_code", None)
    if code == TrapCode.OUT_OF_FUEL or "all fuel consumed" in str(error):
        return Stopped(f"{function} was stopped: it computed for more than {limits.fuel} units, the limit `fuel`")
    return Trapped(
        f"{function} trapped: {_first_line(error)}. A connector that needs more than the limit `memory_bytes`, "
        f"{limits.memory_bytes}, ends in this way too"
    )


def _first_line(error: Exception) -> str:
    lines: Sequence[str] = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line for line in lines if "wasm trap" in line] or lines
    return causes[-1] if causes else "it does not say why"
