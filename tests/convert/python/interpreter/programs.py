"""Small programs: what the interpreter makes of them, and what Python does."""

from __future__ import annotations

import sys
from types import ModuleType

from cnncalc.convert.python.expressions import settled
from cnncalc.convert.python.finding import ModuleFinder
from cnncalc.convert.python.frames import Module
from cnncalc.convert.python.imports import Imports
from cnncalc.convert.python.interpreter import Evaluator
from cnncalc.convert.python.source import PythonFile
from cnncalc.convert.python.standard.texts import told
from cnncalc.convert.python.values import Value


def evaluator(finder: ModuleFinder, file: PythonFile) -> tuple[Evaluator, Module]:
    """The interpreter that has followed a file and what it imports, and the module that the file is."""
    interpreter = Evaluator(Imports(finder))
    module = finder.main(file)
    interpreter.imports.ready(interpreter, module)
    skipped = interpreter.kept.get("skipped", [])
    if skipped:
        raise skipped[0]
    return interpreter, module


def result_of(finder: ModuleFinder, file: PythonFile) -> str:
    """The text of the `result` of a file."""
    interpreter, module = evaluator(finder, file)
    return told(interpreter, settled(interpreter, module.names["result"]))


def called(prelude: str, body: str) -> Value:
    """What a function with this body gives behind a prelude. Raises Raised, Stop."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    file = PythonFile("program.py", f"{prelude}\ndef made():\n{lines}\n")
    interpreter, module = evaluator(ModuleFinder(None, None, [], {}), file)
    return interpreter.call(module.names["made"])


def followed(text: str) -> str:
    """The same of a program of one file."""
    return result_of(ModuleFinder(None, None, [], {}), PythonFile("program.py", text))


def executed(text: str) -> str:
    """The same by Python itself: the programs are of these tests."""
    module = ModuleType("program")
    sys.modules["program"] = module  # dataclasses look for it
    exec(compile(text, "program.py", "exec"), vars(module))
    del sys.modules["program"]
    return repr(module.result)
