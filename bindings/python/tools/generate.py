"""Writes the types and functions of the contract as Python: `python tools/generate.py`. With `--check`, says whether what is
there is current."""

from __future__ import annotations

import sys
from pathlib import Path

import wit

HERE = Path(__file__).resolve().parent.parent
CONTRACT = HERE.parent.parent / "wit" / "connector.wit"
PACKAGE = HERE / "src" / "psa_connector"

HEAD = "# Written by tools/generate.py from wit/connector.wit: change those, and not this file.\n"
PRIMITIVE = {"string": "str", "bool": "bool", "u8": "int", "u16": "int", "u32": "int", "s32": "int"}
# What the HTTP of a host sees is a text or bytes, and nothing around it.
BODY = "body"


class Generator:
    def __init__(self, interfaces: list[wit.Interface]) -> None:
        self.types = {it.name: it for interface in interfaces for it in interface.types}
        self.interfaces = interfaces
        [self.desk] = [it for it in interfaces if it.name == "service-desk"]
        self.inputs = self._inputs()

    def _inputs(self) -> set[str]:
        """The records that a caller makes."""
        found: set[str] = set()
        open_types = [it.type for function in self.desk.functions for it in function.parameters]
        while open_types:
            of = open_types.pop()
            assert of is not None
            open_types.extend(of.parameters)
            if of.name in self.types and of.name not in found:
                found.add(of.name)
                open_types.extend(it.type for it in self.types[of.name].members if it.type)
        return found

    # Types

    def contract(self) -> str:
        names = sorted(camel(name) for name in self.types)
        out = [
            HEAD,
            '"""The types of the contract, with its own text. What a connector returns is read as described there; names are in\n'
            "snake_case here, and in kebab-case in the texts. `to_json` and `from_json` of this package convert them to the JSON\n"
            'that `psa-host … --json` prints."""\n',
            "from __future__ import annotations\n",
            "from dataclasses import dataclass, field",
            "from enum import Enum",
            "from typing import Literal\n",
            "from psa_connector.errors import CallError\n",
            "__all__ = [",
            *(f'    "{name}",' for name in names),
            "]\n\n",
        ]
        for definition in self.types.values():
            if definition.name == BODY:
                out.append("Body = str | bytes")
                out.extend(docstring(definition.docs, ""))
                out.append("\n")
            else:
                out.extend(getattr(self, f"_{definition.kind}")(definition))
        return "\n".join(out).rstrip() + "\n"

    def _record(self, record: wit.Definition) -> list[str]:
        is_error = record.name == "connector-error"
        options = "kw_only=True, eq=False" if is_error else "kw_only=True, slots=True"
        if record.name in ("setting", "request", "response"):
            options += ", repr=False"
        base = "(CallError)" if is_error else ""
        out = [f"@dataclass({options})", f"class {camel(record.name)}{base}:"]
        out.extend(docstring(record.docs, "    "))
        out.append("")
        for member in record.members:
            assert member.type is not None
            default = self._default(record, member)
            out.append(f"    {snake(member.name)}: {self.python(member.type)}{default}")
            out.extend(docstring(member.docs, "    "))
        if record.name in ("setting", "request", "response"):
            shown = {"setting": "{self.name}", "request": "{self.method} {self.url}", "response": "{self.status}"}
            out.extend(
                ["", "    def __repr__(self) -> str:", f'        return f"{camel(record.name)}({shown[record.name]})"']
            )
        out.extend(["", ""])
        return out

    def _default(self, record: wit.Definition, member: wit.Member) -> str:
        assert member.type is not None
        if member.type.name == "option":
            return " = None"
        if member.type.name == "list":
            return " = field(default_factory=list)"
        is_optional_input = record.name in self.inputs | {"request"} and member.type.name == "bool"
        if is_optional_input:
            return " = False"
        if record.name == "response" and member.name == "body":
            return ' = ""'
        return ""

    def _enum(self, enum: wit.Definition) -> list[str]:
        out = [f"class {camel(enum.name)}(str, Enum):"]
        out.extend(docstring(enum.docs, "    "))
        out.append("")
        for case in enum.members:
            out.append(f'    {snake(case.name).upper()} = "{case.name}"')
            out.extend(docstring(case.docs, "    "))
        out.extend(["", "    def __str__(self) -> str:", "        return self.value", "", ""])
        return out

    def _variant(self, variant: wit.Definition) -> list[str]:
        """A class with a method for each case, which makes it."""
        name = camel(variant.name)
        cases = ", ".join(f'"{case.name}"' for case in variant.members)
        values = {self.python(case.type) for case in variant.members if case.type}
        if any(case.type is None for case in variant.members):
            values.add("None")
        value = " | ".join(sorted(values, key=lambda it: (it == "None", it)))
        out = ["@dataclass(frozen=True, slots=True)", f"class {name}:"]
        out.extend(docstring([*variant.docs, "", "Make one with the method that is named after the case."], "    "))
        out.extend(["", f"    case: Literal[{cases}]", f"    value: {value}"])
        if value.endswith("None"):
            out[-1] += " = None"
        for case in variant.members:
            parameter = f", value: {self.python(case.type)}" if case.type else ""
            given = ", value" if case.type else ""
            out.extend(["", "    @classmethod", f"    def {snake(case.name)}(cls{parameter}) -> {name}:"])
            out.extend(docstring(case.docs, "        "))
            out.append(f'        return cls("{case.name}"{given})')
        out.extend(["", ""])
        return out

    def python(self, of: wit.Type | None) -> str:
        assert of is not None
        if of.name in PRIMITIVE:
            return PRIMITIVE[of.name]
        if of.name == "option":
            return f"{self.python(of.parameters[0])} | None"
        if of.name == "list":
            return "bytes" if of.parameters[0].name == "u8" else f"list[{self.python(of.parameters[0])}]"
        if of.name == "tuple":
            return f"tuple[{', '.join(self.python(it) for it in of.parameters)}]"
        return camel(of.name)

    # From JSON

    def readers(self) -> str:
        out = [
            HEAD,
            '"""From JSON with the names of the contract to its types."""\n',
            "from __future__ import annotations\n",
            "from collections.abc import Callable",
            "from typing import Any\n",
            "from psa_connector import contract\n",
        ]
        readers = []
        for definition in self.types.values():
            if definition.kind == "enum" or definition.name in (BODY, "request", "response"):
                continue
            name = camel(definition.name)
            readers.append(f"    contract.{name}: {snake(definition.name)},")
            out.append(f"\ndef {snake(definition.name)}(value: Any) -> contract.{name}:")
            if definition.kind == "variant":
                out.append("    if isinstance(value, str):")
                out.append(f"        return contract.{name}(value)  # type: ignore[arg-type, call-arg, unused-ignore]")
                out.append("    [(case, inner)] = value.items()")
                out.append(f"    return contract.{name}(case, inner)\n")
                continue
            out.append(f"    return contract.{name}(")
            for member in definition.members:
                out.append(f"        {snake(member.name)}={self._reading(definition, member)},")
            out.append("    )\n")
        out.append("\nREADERS: dict[type, Callable[[Any], Any]] = {")
        out.extend(readers)
        out.append("}\n")
        variants = [it.name for it in self.types.values() if it.kind == "variant" and it.name != BODY]
        out.append(f"VARIANTS = ({', '.join(f'contract.{camel(name)}' for name in variants)})")
        return "\n".join(out) + "\n"

    def _reading(self, record: wit.Definition, member: wit.Member) -> str:
        of = member.type
        assert of is not None
        key = f'"{member.name}"'
        if of.name == "option":
            inner = of.parameters[0]
            plain = f"value.get({key})"
            if inner.name in PRIMITIVE:
                return plain
            return f"None if {plain} is None else {self._of('value[' + key + ']', inner)}"
        if of.name == "list":
            return self._of(f"value.get({key}, ())", of)
        if self._default(record, member):
            return f"value.get({key}, False)"
        return self._of(f"value[{key}]", of)

    def _of(self, expression: str, of: wit.Type) -> str:
        if of.name in PRIMITIVE:
            return expression
        if of.name == "list":
            inner = of.parameters[0]
            if inner.name in PRIMITIVE:
                return f"list({expression})"
            return f"[{self._of('it', inner)} for it in {expression}]"
        if self.types[of.name].kind == "enum":
            return f"contract.{camel(of.name)}({expression})"
        return f"{snake(of.name)}({expression})"

    # Functions

    def functions(self) -> str:
        out = [
            HEAD,
            '"""The functions of the contract, with its own text: as methods of a tenant, and the same to be awaited."""\n',
            "from __future__ import annotations\n",
            "from collections.abc import Callable, Sequence",
            "from typing import Any, TypeVar\n",
            "from psa_connector import _readers, contract\n",
            'T = TypeVar("T")\n',
        ]
        for is_async in (False, True):
            prefix = "async " if is_async else ""
            name = "AsyncFunctions" if is_async else "Functions"
            text = "Each function as a coroutine: it runs in a thread." if is_async else "Each function as a method."
            out.extend(["", f"class {name}:", f'    """{text}"""\n'])
            out.append(
                f"    {prefix}def _call(self, function: str, arguments: dict[str, Any], read: Callable[[Any], T]) -> T:"
            )
            out.append("        raise NotImplementedError\n")
            for function in self.desk.functions:
                if function.name not in ("describe", "origins"):
                    out.extend(self._function(function, prefix))
        return "\n".join(out).rstrip() + "\n"

    def _function(self, function: wit.Function, prefix: str) -> list[str]:
        assert function.result is not None
        result = function.result.parameters[0] if function.result.name == "result" else function.result
        given, arguments = [], []
        for parameter in function.parameters:
            if parameter.name == "settings":
                continue
            assert parameter.type is not None
            name, of = snake(parameter.name), self._parameter(parameter.type)
            given.append(f"{name}: {of}")
            value = name
            if of.endswith("| None = None"):
                value = f"contract.{camel(parameter.type.name)}() if {name} is None else {name}"
            elif of.startswith("Sequence"):
                value = f"list({name})"
            arguments.append(f'"{parameter.name}": {value}')
        signature = ", ".join(["self", *given])
        out = [f"    {prefix}def {snake(function.name)}({signature}) -> contract.{camel(result.name)}:"]
        out.extend(docstring(function.docs, "        "))
        called = "await self._call" if prefix else "self._call"
        given_arguments = "{" + ", ".join(arguments) + "}"
        out.append(f'        return {called}("{function.name}", {given_arguments}, _readers.{snake(result.name)})')
        out.append("")
        return out

    def _parameter(self, of: wit.Type) -> str:
        if of.name in PRIMITIVE:
            return PRIMITIVE[of.name]
        if of.name == "list":
            return f"Sequence[contract.{camel(of.parameters[0].name)}] = ()"
        definition = self.types[of.name]
        can_be_left_out = definition.kind == "record" and all(
            self._default(definition, member) for member in definition.members
        )
        return f"contract.{camel(of.name)}" + (" | None = None" if can_be_left_out else "")


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def snake(name: str) -> str:
    return name.replace("-", "_")


def docstring(docs: list[str], indent: str) -> list[str]:
    quotes = 'r"""' if any("\\" in line for line in docs) else '"""'
    if not docs:
        return []
    lines = [f"{indent}{quotes}{docs[0]}", *(f"{indent}{line}".rstrip() for line in docs[1:])]
    lines[-1] += '"""'
    return lines


def generated() -> dict[Path, str]:
    generator = Generator(wit.read(CONTRACT))
    return {
        PACKAGE / "contract.py": generator.contract(),
        PACKAGE / "_readers.py": generator.readers(),
        PACKAGE / "_functions.py": generator.functions(),
    }


def main() -> int:
    files = generated()
    if "--check" in sys.argv[1:]:
        stale = [path.name for path, text in files.items() if not path.is_file() or path.read_text("utf-8") != text]
        print(f"not current, run tools/generate.py: {', '.join(stale)}" if stale else "current")
        return len(stale)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
