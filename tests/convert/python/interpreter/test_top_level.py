"""What a statement of a module that cannot be followed leaves: its names are unknown, all else goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.convert.python.expressions import settled
from cnncalc.convert.python.faults import Raised, Stop
from cnncalc.convert.python.finding import ModuleFinder
from cnncalc.convert.python.imports import Imports
from cnncalc.convert.python.interpreter import MAX_STEPS, Evaluator
from cnncalc.convert.python.source import PythonFile
from cnncalc.convert.python.values import UnknownValue


def names_of(text: str, **settings: object) -> list[str]:
    """The names of a module but for its own, each with its value; of an unknown one also where it arose."""
    interpreter = Evaluator(Imports(ModuleFinder(None, None, [], {})), settings)
    module = interpreter.imports.finder.main(PythonFile("program.py", text))
    interpreter.imports.ready(interpreter, module)
    assert not interpreter.calls
    found = []
    for name, lazy in module.names.items():
        if name[:1] == "_":
            continue
        try:
            value = settled(interpreter, lazy)
        except (Raised, Stop) as error:
            found.append(f"{name} raises {type(error).__name__}")
            continue
        line = f" in {value.place.node.lineno}" if isinstance(value, UnknownValue) and value.place else ""
        found.append(f"{name} = {value!r}{line}")
    return found


CASES = {
    "x = 1\ny = x + 'a'\nz = 3": ["x = 1", "y = <unknown: 'y'> in 2", "z = 3"],
    "a, (b, *c) = d = 1 + ''": ["a = <unknown: 'a'> in 1", "b = <unknown: 'b'> in 1", "c = <unknown: 'c'> in 1",
                                "d = <unknown: 'd'> in 1"],
    "x = [0] * 10 ** 10\ny = 2": ["x = <unknown: what '[0] * 10 ** 10' gives> in 1", "y = 2"],
    "x = y = [0] * 10 ** 10": ["x = <unknown: 'x'> in 1", "y = <unknown: 'y'> in 1"],
    "x = sum([i for i in range(30000)])": ["x = 449985000"],
    "for i in range(30000): y = i\nz = 1": ["i = <unknown: 'i'> in 1", "y = <unknown: 'y'> in 1", "z = 1"],
    "for i in range(9000): y = i": ["i = 8999", "y = 8999"],
    "raise ValueError\nx = 1": ["x = 1"],
    "def f(n=1 + ''): pass\nx = 1": ["f = <unknown: 'f'> in 1", "x = 1"],
    "class A(1 + ''): pass\nx = 1": ["A raises Raised", "x = 1"],
    "if 1 + '':\n    import a.b\n    import a.b as c\n    from d import e as g, h\n    def k(): m = 1\n    class L: n = 1\n"
    "    async def o(): pass\n    p: int = 1\n    q = lambda: (r := 1)\n    s += [t for t in 'u']":
        [f"{name} = <unknown: '{name}'> in 1" for name in ("a", "c", "g", "h", "k", "L", "o", "p", "q", "s", "t")],
    "with open('f') as x, open('g') as y: raise ValueError\nz = 1": [
        "x = <unknown: 'x'> in 1", "y = <unknown: 'y'> in 1", "z = 1"],
    "def f():\n    return 1 + ''\nx = f()\ny = [f() for _ in range(2)]\nz = 1": [
        "f = <function f>", "x = <unknown: 'x'> in 2", "y = <unknown: 'y'> in 2", "z = 1"],
    "x = 1\nx.y = 2\nz = x": ["x = 1", "z = 1"],
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_what_is_left(code: str) -> None:
    assert sorted(names_of(code)) == sorted(CASES[code])


def test_the_bound_of_the_top_level_is_told() -> None:
    interpreter = Evaluator(Imports(ModuleFinder(None, None, [], {})))
    text = "def f():\n    while True: pass\nx, y = f()\nfor i in range(30000): pass\nz = sum([*range(300000)])"
    interpreter.imports.ready(interpreter, interpreter.imports.finder.main(PythonFile("program.py", text)))
    assert [error.message for error in interpreter.kept["skipped"]] == ["this runs for more than 20,000 steps"] * 2
    assert interpreter.allowed == MAX_STEPS
    with pytest.raises(Stop, match="this runs for more than 250,000 steps"):
        interpreter.step(300_000)
    interpreter.progress()
    interpreter.step(200_000)
    interpreter.progress()
    interpreter.steps = MAX_STEPS
    with pytest.raises(Stop, match="this runs for more than 1,500,000 steps"):
        interpreter.step()


def test_a_setting_stands_for_what_the_main_file_says(tmp_path: Path) -> None:
    assert names_of("WIDTH = 3\nx = WIDTH + OTHER", WIDTH=5, OTHER=2) == ["WIDTH = 5", "x = 7"]
    assert names_of("WIDTH = 1 + ''\nx = WIDTH", WIDTH=5) == ["WIDTH = 5", "x = 5"]
    (tmp_path / "other.py").write_text("WIDTH = 3\ny = WIDTH")
    finder = ModuleFinder(str(tmp_path.resolve()), str(tmp_path.resolve()), [], {})
    interpreter = Evaluator(Imports(finder), {"WIDTH": 5})
    module = finder.main(PythonFile("net.py", "from other import y", str(tmp_path / "net.py")))
    interpreter.imports.ready(interpreter, module)
    assert settled(interpreter, module.names["y"]) == 3
