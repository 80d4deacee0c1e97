"""Start-up is a feature: which modules a command may have loaded when it is done."""

import subprocess
import sys

import pytest

from readme import ROOT

# Neither the help nor the version needs any of these; a command loads what it uses.
HEAVY = {"rich", "json", "difflib", "onnx", "torch", "numpy", "hypothesis", "importlib.metadata"}
PASSES = {f"cnncalc.{name}" for name in ("spec", "layers", "graph", "analysis", "convert", "report", "api")}
REPORT = "import atexit, sys; atexit.register(lambda: print(*sys.modules, sep='\\n', file=sys.stderr));"
CLICK = "import click; click.group()(click.version_option('0')(click.option('--a', help='a')(lambda: 0)))"
MAIN = "from cnncalc.cli import main; main()"


def loaded(code: str, *arguments: str) -> set[str]:
    """The modules that a new interpreter has loaded when it ends, its output going to a pipe."""
    result = subprocess.run(
        [sys.executable, "-c", REPORT + code, *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return set(result.stderr.split())


def within(modules: set[str], packages: set[str]) -> set[str]:
    """Those of the packages that are loaded, in whole or in part."""
    return {package for package in packages if any(f"{m}.".startswith(f"{package}.") for m in modules)}


def test_the_command_line_loads_click_and_itself():
    """Even pathlib costs a tenth of what click does, so anything more stands in the body of what needs it."""
    more = loaded("import cnncalc.cli") - loaded(CLICK)
    assert {name for name in more if not within({name}, {"cnncalc.cli"})} <= {"cnncalc", "__future__"}


def test_importing_the_package_loads_nothing():
    assert {m for m in loaded("import cnncalc") if m.startswith("cnncalc")} == {"cnncalc"}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_options_load_no_more(option):
    assert within(loaded(MAIN, option), HEAVY | PASSES) == set()


def test_piped_shapes_need_neither_rich_nor_json():
    assert within(loaded(MAIN, "shapes", "examples/lenet5.txt"), HEAVY) == set()
