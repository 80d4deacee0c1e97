"""Files of code that are no Python, too large, or too deep: where it is said; and what a file defines."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.convert.python.source import PythonFile, definitions

NET = "from torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n        return x\n"
INDENT = "a block is indented by as many spaces on all its lines"


def said(text: str) -> tuple[str, tuple[int, int, int] | None, str | None]:
    """What is said of a file: its message, where, and what to write."""
    with pytest.raises(cnncalc.SpecError) as error:
        _ = PythonFile("net.py", text).tree
    (fault,) = error.value.diagnostics
    assert fault.code == "python-syntax"
    return fault.message, fault.span and (fault.span.line, fault.span.column, fault.span.end_column), fault.help


@pytest.mark.parametrize(
    ("text", "message", "span", "help"),
    [
        ("x = (1\n", "this is no Python: '(' was never closed", (1, 5, 6), None),
        ("x = 1\nprint 'a'\n", "this is no Python: Missing parentheses in call to 'print'. Did you mean print(...)?",
         (2, 1, 10), "this is Python 2: write print(…)"),
        ("def f():\nreturn 1\n", "this is no Python: expected an indented block after function definition on line 1",
         (2, 1, 7), INDENT),
        ("é = 'ü' 3\n", "this is no Python: invalid syntax", (1, 9, 10), None),
        ("x = [\n1,\n", "this is no Python: '[' was never closed", (1, 5, 6), None),
        ("x = 1 +\n", "this is no Python: invalid syntax", (1, 8, 9), None),
        (f"x = {'(' * 181}{')' * 181}", "net.py: brackets, blocks or signs are nested deeper than 90", None, None),
        (f"x = {'-' * 90}1", "net.py: brackets, blocks or signs are nested deeper than 90", None, None),
        (f"x = {'not ' * 90}1", "net.py: brackets, blocks or signs are nested deeper than 90", None, None),
        (f"x = {'lambda: ' * 90}1", "net.py: brackets, blocks or signs are nested deeper than 90", None, None),
        ("#" * 260_001, "net.py: over 260,000 characters: this is no model that anybody wrote", None, None),
    ],
)  # fmt: skip
def test_no_python(text: str, message: str, span: tuple[int, int, int] | None, help: str | None) -> None:
    assert said(text) == (message, span, help)


@pytest.mark.parametrize(
    "text",
    ["#" * 260_000, f"x = {'-' * 89}1", f"x = '{'(' * 500}'", f"# {'(' * 500}", f'"""{"[" * 500}"""', "f()" + "()" * 90,
      f"x = ({', '.join(['(1)'] * 500)})", f"x = {'(' * 60}1{')' * 60}", "x = ')' + '('", "x = '\\d'"],
)  # fmt: skip
def test_python(text: str) -> None:
    assert len(PythonFile("net.py", text).tree.body) <= 1


def test_what_a_file_defines() -> None:
    text = '''import torch
class Net(torch.nn.Module):
    """What it is.

    More.
    """
class Plain: pass
class _Hidden(Net): pass
class Other(Net): pass
def make():
    "A network."
def wide(n=3, *more, **rest): pass
def needs(n): pass
def _hidden(): pass
async def later(): pass
x = 3
'''
    assert definitions(PythonFile("net.py", text)) == {
        "Net": "What it is.", "Other": "class", "make": "A network.", "wide": "function"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [("3", 3), ("'4' * 2", 7), ("[5, 6][1]", 9), ("(1, 2)", 2), ("True", 1), ("width", 5), ("3 +", 3), ("0x10", 16)],
)
def test_settings_are_literals_or_texts(tmp_path: Path, value: str, expected: int) -> None:
    path = tmp_path / "net.py"
    made = "len(WIDTH) if isinstance(WIDTH, (str, list, tuple)) else int(WIDTH)"
    path.write_text(f"from torch import nn\nWIDTH = None\ndef net():\n    return nn.Linear(8, {made})\n")
    network = cnncalc.load(f"{path}:net", input="8", settings={"WIDTH": value})
    assert network.nodes[network.outputs[0].node].output == (expected,)
