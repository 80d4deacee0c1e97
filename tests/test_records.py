"""Records: tuples with names, and that no fast constructor leaves one of their items out."""

import ast
import copy
import importlib
import pkgutil

import pytest

import cnncalc
from cnncalc.records import Record, make
from readme import ROOT


class Pair(Record):
    left: int
    right: int = 2


def test_a_record_is_a_tuple_with_names():
    pair = Pair(1)
    assert (pair.left, pair.right, tuple(pair)) == (1, 2, (1, 2))
    assert pair == make(Pair, (1, 2)) == Pair(left=1, right=2) == copy.deepcopy(pair)
    assert pair._replace(left=5) == (5, 2)
    assert pair._asdict() == {"left": 1, "right": 2}
    assert repr(pair) == "Pair(left=1, right=2)"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "missing ['left'], unexpected []"),
        ({"right": 3}, "missing ['left'], unexpected []"),
        ({"middle": 3, "lift": 1}, "missing ['left'], unexpected ['lift', 'middle']"),
        ({"left": 1, "middle": 3}, "missing [], unexpected ['middle']"),
        ((1, 2, 3), "missing [], unexpected []"),
    ],
)
def test_what_is_said_of_them(given, said):
    with pytest.raises(TypeError) as caught:
        Pair(**given) if isinstance(given, dict) else Pair(*given)
    assert str(caught.value) == f"Pair(left, right): {said}"


@pytest.mark.parametrize("given", [{}, {"left": 1, "middle": 3}, {"right": 2}])
def test_items_that_are_missing_or_unknown(given):
    with pytest.raises(TypeError, match="Pair"):
        Pair(**given)
    with pytest.raises(TypeError, match="Pair"):
        Pair(1, 2, 3)
    with pytest.raises(TypeError, match=r"unexpected \['left'\]"):
        Pair(1, left=2)
    with pytest.raises(TypeError, match=r"unexpected \['middle'\]"):
        Pair(1)._replace(middle=3)


def test_the_fast_constructor_gets_all_items():
    """`make` looks at nothing, so each of its calls is looked at here."""
    for module in pkgutil.walk_packages(cnncalc.__path__, "cnncalc."):
        if module.name not in ("cnncalc.__main__", "cnncalc.pytest_plugin"):
            importlib.import_module(module.name)
    kinds, todo = {}, [Record]
    while todo:
        for kind in todo.pop().__subclasses__():
            kinds.setdefault(kind.__name__, []).append(kind)
            todo.append(kind)
    seen = 0
    for path in sorted((ROOT / "cnncalc").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "make"):
                continue
            if len(node.args) != 2 or not isinstance(node.args[0], ast.Name):
                continue  # another function of that name
            kind, items = node.args
            if isinstance(items, ast.Tuple) and not any(isinstance(one, ast.Starred) for one in items.elts):
                module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
                found = getattr(importlib.import_module(module), kind.id)
                assert len(items.elts) == len(found._fields), f"{path}:{node.lineno}"
                seen += 1
    assert seen > 15
