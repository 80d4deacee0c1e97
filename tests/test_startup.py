"""Start-up is a feature: which modules a command may have loaded when it is done."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from readme import ROOT

# Neither the help nor the version needs any of these; a command loads what it uses.
HEAVY = {"rich", "json", "difflib", "onnx", "torch", "numpy", "hypothesis", "importlib.metadata"}
PASSES = {f"cnncalc.{name}" for name in ("spec", "layers", "network", "interpret", "convert", "measure", "api")}
PACKAGE = ROOT / "cnncalc"
FLOORS = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
REPORT = "import atexit, sys; atexit.register(lambda: print(*sys.modules, sep='\\n', file=sys.stderr));"
CLICK = "import click; click.group()(click.version_option('0')(click.option('--a', help='a')(lambda: 0)))"
MAIN = "from cnncalc.cli import main; main()"
RUN = "from cnncalc.cli import run; run()"
#: What every command loads of Python's own: regular expressions, types, exact fractions.
BASE = set(
    "__future__ _collections _decimal _functools _operator _sre _typing collections collections.abc contextlib copyreg "
    "decimal enum errno fractions functools gc itertools keyword math numbers operator re re._casefix re._compiler "
    "re._constants re._parser reprlib types typing typing.io typing.re warnings".split()
)
JSON = {"json", "json.decoder", "json.encoder", "json.scanner", "_json"}


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
    more = loaded("import cnncalc.cli.commands") - loaded(CLICK)
    assert {name for name in more if not within({name}, {"cnncalc.cli"})} <= {"cnncalc", "__future__"}


def test_importing_the_package_loads_nothing():
    assert {m for m in loaded("import cnncalc") if m.startswith("cnncalc")} == {"cnncalc"}
    assert {m for m in loaded("import cnncalc.cli") if m.startswith("cnncalc")} == {"cnncalc", "cnncalc.cli"}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_options_load_no_more(option):
    assert within(loaded(MAIN, option), HEAVY | PASSES) == set()


def test_the_version_needs_hardly_anything():
    own = {name for name in loaded(RUN, "--version") if name.startswith("cnncalc")}
    assert own == {"cnncalc", "cnncalc.cli", "cnncalc.cli.quick", "cnncalc.cli.guard"}


@pytest.mark.parametrize("form", ["plain", "csv", "markdown", "json"])
def test_plain_shapes_load_just_this(form):
    """No click, rich, pathlib, ast, urllib or inspect: what is loaded beside cnncalc is named here, whole."""
    more = loaded(RUN, "shapes", "examples/resnet50.txt", "--format", form) - loaded("pass")
    assert not within(more, HEAVY - {"json"} | {"click", "pathlib", "ast", "inspect", "urllib", "subprocess"})
    others = {name for name in more if name.partition(".")[0] != "cnncalc"}
    assert others <= BASE | {"json": JSON, "csv": {"csv", "_csv", "io"}, "markdown": {"unicodedata"}}.get(form, set())


def test_what_a_sound_spec_does_not_need_is_not_loaded():
    own = {name for name in loaded(RUN, "shapes", "examples/lenet5.txt") if name.startswith("cnncalc")}
    idle = {"convert.pasted", "convert.names", "interpret.reading.examples", "interpret.reading.revisions", "interpret.satisfy",
            "network.replay", "measure.conventions", "measure.footprint", "measure.lints", "measure.mlp",
            "document.counts", "document.findings", "render.faults", "render.table", "render.github", "cli.commands",
            "cli.options", "api"}  # fmt: skip
    assert own & {f"cnncalc.{name}" for name in idle} == set()


def test_a_layer_that_no_longer_fits_is_no_reason_to_ask_what_the_text_is():
    more = loaded(RUN, "explain", "examples/resnet50.txt", "--without", "padding")
    assert "cnncalc.interpret.echoes" in more  # something did not fit
    assert {"cnncalc.spec.other_text", "cnncalc.interpret.offers.rewording"} & more == set()


def test_the_names_that_these_rules_are_about_are_those_of_modules():
    """A rule on a module that has another name now holds nothing."""
    text = Path(__file__).read_text("utf-8")
    names = {name for name in re.findall(r'"([a-z_.]+)"', text) if name.partition(".")[0] in FLOORS and "." in name}
    assert {name for name in names if not list(PACKAGE.glob(f"{name.replace('.', '/')}*"))} == set()
    assert {name for name in PASSES if not list(ROOT.glob(f"{name.replace('.', '/')}*"))} == set()


def test_the_program_begins_before_typing_is_loaded():
    """An interrupt is answered with 130 from `run` on: what is loaded before is next to nothing."""
    code = "import sys; import cnncalc.cli; print('typing' in sys.modules)"
    command = [sys.executable, "-S", "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout == "False\n"
