"""A file of Python code, parsed and never run."""

from __future__ import annotations

import ast
import os
import re
import warnings
from typing import Any

from ...diagnostics import ERROR, Diagnostic, Source, Span, SpecError
from .faults import Stop

#: The longest file that is parsed, in bytes: timm's largest has 190,000. Its tree takes some hundred times as much.
MAX_BYTES = 260_000
#: So many signs in a row open a bracket, or stand before a value: deeper ones are no code that anybody wrote.
_DEEPEST = 90
#: What the parser takes for the file where it looks for the line of an error: one that cannot be there.
NO_FILE = "/dev/null/code"


class PythonFile(Source):
    """A file of the code, with its tree."""

    __slots__ = ("_shown", "_tree", "path")
    title = "Python source"

    def __init__(self, name: str, text: str, path: str = "", shown: Source | None = None) -> None:
        super().__init__(name, text)
        self.path = path
        #: The file as those who asked for it know it.
        self._shown = shown or self
        self._tree: ast.Module | None = None

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree. Raises SpecError where it is no Python."""
        if self._tree is None:
            self._tree = _parsed(self)
        return self._tree

    def span(self, node: Any) -> Span:
        """Where a node stands; of one over several lines its first. Columns are characters."""
        line = getattr(node, "lineno", 1)
        text = self.line(line)
        start = _column(text, getattr(node, "col_offset", 0))
        if getattr(node, "end_lineno", line) == line and getattr(node, "end_col_offset", None) is not None:
            end = _column(text, node.end_col_offset)
        else:
            end = len(text.rstrip())
        return self.placed(line, start + 1, max(end, start + 1) + 1)

    def placed(self, line: int, column: int, end: int) -> Span:
        """A stretch of a line; where Python takes other signs for the end of a line, one that there is."""
        line = max(min(line, len(self.lines)), 1)
        room = len(self.line(line)) + 1
        column = min(column, room)
        return Span(self._shown, line, column, max(min(end, room + 1), column + 1))


def _column(text: str, offset: int) -> int:
    """The characters in so many bytes of a line."""
    return offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))


def _parsed(file: PythonFile) -> ast.Module:
    if len(file.text) > MAX_BYTES:
        raise _fault(file, f"over {MAX_BYTES:,} characters: this is no model that anybody wrote")
    if _is_deep(file.text):
        raise _fault(file, f"brackets, blocks or signs are nested deeper than {_DEEPEST}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the file's own literals
            return ast.parse(file.text, NO_FILE)
    except SyntaxError as error:
        raise _syntax(file, error) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise _fault(file, f"this cannot be parsed: {str(error) or 'it is nested too deeply'}") from None


#: Texts and comments of code.
_WORDS = r"(\"\"\"|''')(?s:.*?)\1|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#[^\n]*"


def _is_deep(text: str) -> bool:
    """Whether brackets are nested, or prefixes follow each other, deeper than the parser should go."""
    return _looks_deep(text) and _looks_deep(re.sub(_WORDS, "''", text))


def _looks_deep(text: str) -> bool:
    if re.search(rf"(?:(?:not\s+|[-+~]\s*|lambda\s*:\s*|await\s+)){{{_DEEPEST}}}", text):
        return True
    depth = deepest = 0
    for sign in re.findall(r"[([{)\]}]", text):
        depth = depth + 1 if sign in "([{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest > _DEEPEST * 2


def _syntax(file: PythonFile, error: SyntaxError) -> SpecError:
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    end = (
        error.end_offset if error.end_lineno == line and error.end_offset and error.end_offset > column else column + 1
    )
    span = file.placed(line, column, end)
    help = None
    if isinstance(error, TabError | IndentationError):
        help = "a block is indented by as many spaces on all its lines"
    elif re.match(r"\s*print\s+[\w\"']", file.line(line)):
        help = "this is Python 2: write print(…)"
    return SpecError([Diagnostic(ERROR, "python-syntax", f"this is no Python: {error.msg}", span, help)])


def _fault(file: PythonFile, message: str) -> SpecError:
    return SpecError([Diagnostic(ERROR, "python-syntax", f"{file.name}: {message}")])


def definitions(file: PythonFile) -> dict[str, str]:
    """The classes of a file, and its functions that need no argument, each with the first line of what it says of
    itself, but for those whose name begins with an underscore. Raises SpecError where it is no Python.
    """
    found = {}
    for node in file.tree.body:
        if isinstance(node, ast.ClassDef) and node.bases:
            kind = "class"
        elif isinstance(node, ast.FunctionDef) and len(node.args.args) <= len(node.args.defaults):
            kind = "function"
        else:
            continue
        if node.name[0] != "_":
            found[node.name] = (ast.get_docstring(node) or kind).split("\n")[0]
    return found


def packages_of(files: CodeFiles, folder: str) -> list[str]:
    """The packages that a folder is in, the outmost first."""
    found: list[str] = []
    while files.is_file(os.path.join(folder, "__init__.py")) and len(found) < 20:
        folder, name = os.path.split(folder)
        found.insert(0, name)
    return found


class CodeFiles:
    """The files that code imports, as they are on the disk."""

    def is_file(self, path: str) -> bool:
        """Whether there is a file."""
        return os.path.isfile(path)

    def is_package(self, path: str) -> bool:
        """Whether there is a folder with files of code."""
        return os.path.isdir(path) and any(one.endswith(".py") for one in os.listdir(path)[:_LOOKED_AT])

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder."""
        return os.path.isdir(path)

    def read(self, path: str) -> bytes:
        """The first bytes of a file. Raises OSError."""
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)

    def shown(self, path: str) -> str:
        """What a file is called in messages."""
        return os.path.relpath(path)


#: Files of a folder that are looked at for one of code.
_LOOKED_AT = 500


def text_of(files: CodeFiles, path: str) -> str:
    """The text of a file. Raises Stop."""
    try:
        data = files.read(path)
    except OSError as error:
        raise Stop(f"{files.shown(path)}: {error.strerror or error}", None, code="file") from None
    return data.decode(errors="replace").removeprefix("\ufeff").replace("\0", "\N{REPLACEMENT CHARACTER}")
