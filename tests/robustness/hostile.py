"""What the tests of hostile input share: an end to every hang, the patterns, and how to feed them.

An attack on a pattern repeats what a part of it repeats, behind what leads there, and ends in a
sign that cannot follow: the case in which a careless pattern tries every way to divide the text.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import secretome_edu
from secretome_edu.ui.messages import CourseError

PACKAGE = Path(secretome_edu.__file__).parent
_USES = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
_OTHERS = "a1 ._-<x\u00a0\n"


class Late(BaseException):
    """Something took longer than it may; no ``except Exception`` may take it for its own."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """End a block that uses the processor for longer; a busy machine does not count."""

    def ring(*_: Any) -> None:
        raise Late(f"longer than {seconds} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def refusal(call: Callable[[], Any]) -> str:
    """Return what a call refuses its input with, or nothing; any other error is a bug."""
    try:
        call()
    except CourseError as problem:
        return str(problem) or "a refusal without a reason"
    return ""


# -- the patterns of the package ---------------------------------------------------------------


def modules() -> Iterator[tuple[Path, ModuleType]]:
    """Yield every module that can be imported without doing anything, with its file."""
    for found in pkgutil.walk_packages([str(PACKAGE)], "secretome_edu."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            yield Path(str(module.__file__)), module


def patterns() -> dict[tuple[str, re.Pattern[Any]], str]:
    """Return (file, pattern) -> how it is used, for every pattern of the package."""
    found: dict[tuple[str, re.Pattern[Any]], str] = {}
    for file, module in modules():
        name = file.relative_to(PACKAGE).as_posix()
        for value in vars(module).values():
            if isinstance(value, re.Pattern):
                found.setdefault((name, value), "findall")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _uses_re(node.func) and node.args:
                pattern = _value(node.args[0], module)
                use = node.func.attr  # type: ignore[attr-defined]
                if isinstance(pattern, (str, bytes)) and use != "compile":
                    use = use if use in ("match", "fullmatch", "search") else "findall"
                    found.setdefault((name, re.compile(pattern)), use)
    return found


def _uses_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _USES
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )


def _value(node: ast.expr, module: ModuleType) -> Any:
    try:
        return eval(compile(ast.Expression(node), "pattern", "eval"), dict(vars(module)))
    except NameError:  # made of a function's own variables
        return None


def attacks(pattern: re.Pattern[Any], size: int) -> Iterator[Any]:
    """Yield texts of about ``size`` signs that ask much of a pattern."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
    for before, body in set(_repeated(re._parser.parse(source, pattern.flags), "")):
        if body:
            whole = before + body
            yield _like(pattern, before + body * (size // len(body)) + "\x00")
            yield _like(pattern, whole * (size // len(whole)) + "\x00")
            yield _like(pattern, before * (size // max(1, len(before))) + "\x00")


def _like(pattern: re.Pattern[Any], text: str) -> Any:
    return text if isinstance(pattern.pattern, str) else text.encode()


def _repeated(parsed: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield what leads to each repetition, and the shortest thing it repeats."""
    for operation, given in parsed:
        name = str(operation)
        if "REPEAT" in name:
            yield before, _shortest(given[2], 1)
            yield from _repeated(given[2], before)
        for inner in _inside(name, given):
            yield from _repeated(inner, before)
        before += _shortest([(operation, given)])


def _inside(name: str, given: Any) -> list[Any]:
    if name == "SUBPATTERN":
        return [given[-1]]
    if name == "BRANCH":
        return list(given[1])
    if name in ("ASSERT", "ASSERT_NOT"):
        return [given[1]]
    return [given] if name == "ATOMIC_GROUP" else []


def _shortest(parsed: Any, least: int = 0) -> str:
    text = ""
    for operation, given in parsed:
        name = str(operation)
        if name == "LITERAL":
            text += chr(given)
        elif name in ("ANY", "NOT_LITERAL"):
            text += "a" if given != ord("a") else "b"
        elif name == "IN":
            text += _member(given)
        elif "REPEAT" in name:
            text += _shortest(given[2]) * max(given[0], least)
        elif name in ("SUBPATTERN", "BRANCH", "ATOMIC_GROUP"):
            text += _shortest(_inside(name, given)[0], least)
    return text


def _member(given: list[tuple[Any, Any]]) -> str:
    """Return one sign of a set."""
    negated = str(given[0][0]) == "NEGATE"
    for sign in _OTHERS if negated else "":
        if not any(_holds(str(kind), value, sign) for kind, value in given[1:]):
            return sign
    kind, value = given[-1]
    if str(kind) == "LITERAL":
        return chr(value)
    if str(kind) == "RANGE":
        return chr(value[0])
    return next((s for s in _OTHERS if _holds(str(kind), value, s)), "a")


def _holds(kind: str, value: Any, sign: str) -> bool:
    if kind == "LITERAL":
        return ord(sign) == value
    if kind == "RANGE":
        return bool(value[0] <= ord(sign) <= value[1])
    name = str(value)
    inside = {"DIGIT": sign.isdigit(), "SPACE": sign.isspace(), "WORD": sign.isalnum()}
    return inside[name.rpartition("_")[2]] != ("_NOT_" in name)
