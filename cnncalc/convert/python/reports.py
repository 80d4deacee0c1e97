"""What ended the run of the code, as a diagnostic with its place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ...diagnostics import ERROR, VARIABLE, Diagnostic, Frame, Override
from .faults import Raised, Stop, Undecided
from .standard.texts import shown
from .values import Place, UnknownReached

if TYPE_CHECKING:
    from .interpreter import Evaluator
    from .source import PythonFile

_LONGEST = 300


def as_diagnostic(interpreter: Evaluator, file: PythonFile, error: Exception) -> Diagnostic:
    """A diagnostic of what ended a run."""
    if isinstance(error, Stop):
        frames = tuple(
            Frame(text, place.file.span(place.node), True) for text, place in error.notes if place.node is not None
        )
        arose = error.unknown.place if isinstance(error, Undecided) else error.place
        help = error.help or interpreter.imports.finder.where_to_find(arose)
        diagnostic = _placed(file, error.code, error.message, error.place, help, frames)
        name = error.unknown.name if isinstance(error, Undecided) else None
        if name is not None:
            return diagnostic._replace(override=Override(VARIABLE, name, None, error.message, (name, "VALUE"), True))
        return diagnostic
    if isinstance(error, Raised):
        return _raised(interpreter, file, error)
    return Diagnostic(ERROR, "python-bound", f"{file.name}: this is nested too deeply to be followed")


def _placed(
    file: PythonFile, code: str, message: str, place: Place | None, help: str | None, frames: tuple[Frame, ...] = ()
) -> Diagnostic:
    if place is None:
        return Diagnostic(ERROR, code, f"{file.name}: {message}", None, help)
    return Diagnostic(ERROR, code, message, place.file.span(place.node), help, (), frames)


def _raised(interpreter: Evaluator, file: PythonFile, error: Raised) -> Diagnostic:
    """An exception that nothing catches, as Python would say it."""
    name = error.value.cls.name
    try:
        text = shown(interpreter, error.value)
    except (UnknownReached, Raised, Stop):
        text = ""
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    message = f"{name}: {text}" if text else name
    help = error.help or _meant(error) or _help(name, text)
    diagnostic = _placed(file, "python-error", message, error.place, help)
    own = _own_part(interpreter, error)
    if own is not None:
        return diagnostic._replace(help=f"write self.{own}: it is an attribute of the module")
    if name == "NameError" and error.place is not None and isinstance(error.place.node, ast.Name):
        override = Override(
            VARIABLE,
            error.place.node.id,
            None,
            "the file gives this name no value",
            (error.place.node.id, "VALUE"),
            True,
        )
        return diagnostic._replace(override=override)
    return diagnostic


def _meant(error: Raised) -> str | None:
    """``did you mean self.conv1?``: the attribute whose name is like the one that there is not."""
    node = error.place.node if error.place is not None else None
    if error.missing is None or not isinstance(node, ast.Attribute):
        return None
    from .pytorch.mistakes import meant

    value, name = error.missing
    near = meant(name, value)
    return f"did you mean {ast.unparse(node.value)}.{near}?" if near is not None else None


def _own_part(interpreter: Evaluator, error: Raised) -> str | None:
    """The name that has no value, where a module keeps something under it."""
    node = error.place.node if error.place is not None else None
    root = getattr(interpreter.kept.get("run"), "root", None)
    if error.value.cls.name != "NameError" or not isinstance(node, ast.Name) or root is None:
        return None
    kept = (names for _, one in root.named() for names in (one.parts, one.parameters, one.buffers, one.attributes))
    return node.id if any(node.id in names for names in kept) else None


def _help(name: str, text: str) -> str | None:
    if "before Module.__init__() call" in text:
        return "call super().__init__() first in __init__"
    if name == "NotImplementedError" and "[Module" in text:
        return "call its modules one by one, for layer in …: x = layer(x), or make it an nn.Sequential"
    if name == "NotImplementedError" and "forward" in text:
        return "write def forward(self, x) in the class"
    return None
