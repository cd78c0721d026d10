"""Reads the part of WIT that the contract uses: packages, interfaces, records, enums, variants, functions, and their texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_TOKEN = re.compile(r"\s*(?:///(?P<doc>[^\n]*)|//[^\n]*|(?P<word>%?[a-zA-Z0-9][a-zA-Z0-9-]*)|(?P<sign>->|[^\s\w]))")


@dataclass
class Type:
    """`list<string>` is `Type("list", [Type("string")])`; a type of the contract is its name."""

    name: str
    parameters: list[Type] = field(default_factory=list)


@dataclass
class Member:
    """A field, a case or a parameter."""

    name: str
    docs: list[str]
    type: Type | None = None


@dataclass
class Definition:
    """A record, an enum or a variant."""

    kind: str
    name: str
    docs: list[str]
    members: list[Member]


@dataclass
class Function:
    name: str
    docs: list[str]
    parameters: list[Member]
    result: Type | None


@dataclass
class Interface:
    name: str
    docs: list[str]
    types: list[Definition] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)


def read(path: Path) -> list[Interface]:
    """The interfaces of a file."""
    return _Parser(path.read_text(encoding="utf-8")).interfaces()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None:
                raise SyntaxError(f"cannot read the contract at {text[at : at + 40]!r}")
            at = match.end()
            if match.lastgroup:
                self._tokens.append((match.lastgroup, match.group(match.lastgroup)))
        self._at = 0

    def interfaces(self) -> list[Interface]:
        found = []
        while self._at < len(self._tokens):
            docs = self._docs()
            word = self._next()
            if word == "interface":
                found.append(self._interface(docs))
            elif word == "package":
                while self._next() != ";":
                    pass
            elif word == "world":
                while self._next() != "}":
                    pass
            else:
                raise SyntaxError(f"the contract has `{word}`, which this script does not know")
        return found

    def _interface(self, docs: list[str]) -> Interface:
        interface = Interface(self._next(), docs)
        self._take("{")
        while True:
            docs = self._docs()
            word = self._next()
            if word == "}":
                return interface
            if word in ("record", "enum", "variant"):
                interface.types.append(self._definition(word, docs))
            else:
                interface.functions.append(self._function(word, docs))

    def _definition(self, kind: str, docs: list[str]) -> Definition:
        definition = Definition(kind, self._next(), docs, [])
        self._take("{")
        while True:
            docs = self._docs()
            name = self._next()
            if name == "}":
                return definition
            member = Member(name, docs)
            if self._is(":"):
                member.type = self._type()
            elif self._is("("):
                member.type = self._type()
                self._take(")")
            definition.members.append(member)
            self._is(",")

    def _function(self, name: str, docs: list[str]) -> Function:
        for sign in (":", "func", "("):
            self._take(sign)
        parameters = []
        while not self._is(")"):
            parameter = Member(self._next(), [])
            self._take(":")
            parameter.type = self._type()
            parameters.append(parameter)
            self._is(",")
        result = self._type() if self._is("->") else None
        self._take(";")
        return Function(name, docs, parameters, result)

    def _type(self) -> Type:
        found = Type(self._next())
        if self._is("<"):
            while not self._is(">"):
                found.parameters.append(self._type())
                self._is(",")
        return found

    def _docs(self) -> list[str]:
        lines = []
        while self._at < len(self._tokens) and self._tokens[self._at][0] == "doc":
            lines.append(self._tokens[self._at][1].removeprefix(" ").rstrip())
            self._at += 1
        return lines

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1].removeprefix("%")

    def _is(self, sign: str) -> bool:
        found = self._tokens[self._at][1] == sign
        self._at += found
        return found

    def _take(self, sign: str) -> None:
        found = self._next()
        if found != sign:
            raise SyntaxError(f"the contract has `{found}` in place of `{sign}`")
