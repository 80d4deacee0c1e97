"""The sizes that the design promises. What may import what is checked by lint-imports, see pyproject.toml."""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import cnncalc
from cnncalc.layers import KINDS
from readme import ROOT

PACKAGE = ROOT / "cnncalc"
FILES = sorted(PACKAGE.rglob("*.py"))
FILE_LINES = 300
FUNCTION_LINES = 50
#: Nine of ten functions have fewer lines; a folder has at most so many files.
USUAL_LINES, FOLDER_FILES = 20, 24


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function, decorators and docstring apart."""
    docstring = ast.get_docstring(function, clean=False)
    return function.end_lineno - function.lineno + 1 - (docstring.count("\n") + 1 if docstring else 0)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_stay_short(path):
    assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", FILES, ids=name)
def test_long_functions_say_why(path):
    """The reason is a comment `# long: …` in the function or on the line above it."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    for function in functions(ast.parse(text)):
        if length(function) > FUNCTION_LINES:
            source = lines[max(function.lineno - 2, 0) : function.end_lineno]
            assert any("# long: " in line for line in source), f"{name(path)}:{function.lineno} {function.name}"


def test_most_functions_are_short():
    lengths = sorted(length(one) for path in FILES for one in functions(ast.parse(path.read_text("utf-8"))))
    assert lengths[len(lengths) * 9 // 10] < USUAL_LINES


def test_folders_stay_small():
    sizes = Counter(name(path.parent) for path in FILES)
    assert {folder: size for folder, size in sizes.items() if size > FOLDER_FILES} == {}


def modules() -> dict[str, Path]:
    """The modules of the package, by name."""
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES}
    return {full.removesuffix(".__init__"): path for path, full in names.items()}


def imported(statements: list[ast.stmt], package: list[str]) -> Iterator[str]:
    """What statements import where they are run, not in the bodies of functions nor for types alone."""
    for node in statements:
        if isinstance(node, ast.ImportFrom) and node.level:
            parts = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            base = ".".join(filter(None, parts))
            yield from (base, *(f"{base}.{one.name}" for one in node.names))
        elif isinstance(node, ast.If | ast.Try) and "TYPE_CHECKING" not in ast.dump(getattr(node, "test", node)):
            yield from imported([*node.body, *node.orelse], package)


def test_no_module_is_imported_in_a_circle():
    """Packages' own files apart: they only gather names, and are loaded before what is in them."""
    known = modules()
    reads: dict[str, set[str]] = {}
    for module, path in known.items():
        package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
        found = imported(ast.parse(path.read_text("utf-8")).body, package)
        reads[module] = {one for one in found if one in known and known[one].name != "__init__.py"}
    while free := {module for module, needs in reads.items() if not needs & reads.keys()}:
        reads = {module: needs for module, needs in reads.items() if module not in free}
    assert sorted(reads) == []


def test_kinds_are_named_where_they_are_defined():
    """Elsewhere their traits are asked for: in all of the package there are few quoted names of kinds."""
    apart = ("layers/", "convert/", "measure/conventions/")
    quoted = []
    for path in FILES:
        if str(path.relative_to(PACKAGE)).startswith(apart):
            continue
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        texts = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        quoted += [f"{name(path)}:{text.lineno} {text.value}" for text in texts
                   if text.value in KINDS and id(text) not in docstrings]  # fmt: skip
    assert len(quoted) < 40, quoted


def test_a_class_name_has_one_meaning():
    """Who reads `Step` or `Tensor` knows which: what is a format's own has its name, or the format's word for it."""
    places: dict[str, list[str]] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{name(path)}:{node.lineno}")
    assert {one: found for one, found in places.items() if len(found) > 1} == {}, "give one of each another name"


@pytest.mark.parametrize("public", cnncalc.__all__)
def test_public_names_are_documented(public):
    thing = getattr(cnncalc, public)
    if not callable(thing):
        return
    assert inspect.getdoc(thing), public
    for member, value in vars(thing).items() if inspect.isclass(thing) else ():
        if not member.startswith("_") and (inspect.isroutine(value) or isinstance(value, property)):
            assert inspect.getdoc(getattr(thing, member)), f"{public}.{member}"


def test_the_changelog_knows_the_version():
    assert f"## {cnncalc.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


#: Below the command line: what it says may be read in Python, or by somebody who gave no option.
CORE = ("records", "roots", "values", "measures", "deployment", "diagnostics", "spec", "layers", "network", "convert",
        "interpret", "measure", "variants", "document", "render", "picture", "features")  # fmt: skip
#: Those that speak to git, whose options are none of ours.
GIT = PACKAGE / "interpret" / "reading" / "revisions.py"


def is_core(path: Path) -> bool:
    return (path.relative_to(PACKAGE).parts[0].removesuffix(".py") in CORE and path != GIT
            and not path.name.endswith("command.py"))  # fmt: skip


def spoken(tree: ast.AST) -> Iterator[str]:
    """The texts in a module that are no docstrings."""
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    documents = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.value


@pytest.mark.parametrize("path", list(filter(is_core, FILES)), ids=name)
def test_no_option_is_named_below_the_command_line(path):
    assert [text for text in spoken(ast.parse(path.read_text("utf-8"))) if re.search(r"--[a-z]", text)] == []
