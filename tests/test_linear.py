"""What somebody else wrote takes time in proportion to its length: a repository is no way to stop a runner.

The sizes are such that what is linear takes some tenths of a second, and the square of it many minutes.
"""

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.features.check import baseline, facts, page, project, project_file
from cnncalc.interpret import build
from cnncalc.measure import analyze
from cnncalc.measure.footprint import Footprint
from cnncalc.render import render
from cnncalc.render.text import Screen
from hang import hang_guard

IN = "input 3x8x8\n"


@pytest.mark.parametrize(
    "text",
    [
        IN + "concat:\n" + "    - conv 2 1\n" * 20_000,
        IN
        + "".join(f"d{n} = relu\n" for n in range(8000))
        + "".join(f"add @d{n} @input\n" for n in reversed(range(8000))),
        IN + "".join(f"head h{n}:\n    relu\n" for n in range(10_000)),
        "".join(f"x{n} = input 3x8x8\n" for n in range(10_000)) + "concat " + " ".join(f"@x{n}" for n in range(10_000)),
    ],
    ids=["paths", "skips", "heads", "inputs"],
)
def test_what_is_alive_at_the_peak(text):
    footprint = Footprint(analyze(build(Source("model.txt", text))))
    with hang_guard():
        assert len(footprint.held) > 7000


def test_broken_requirements_in_junit():
    text = f"{IN}relu\n" + "".join(f"require params > {n}\n" for n in range(10_000))
    verdicts = list(facts.check_source(Source("model.txt", text), None, facts.Terms()))
    with hang_guard():
        assert render(page.report(verdicts), "junit", Screen()).count("<failure") == 10_000


@pytest.mark.parametrize(
    "glob",
    ["*a" * 30 + "b.txt", "**/" * 30 + "z.txt", "**/*/" * 30 + "z.txt", "**a" * 30 + "b", "*" * 10_000 + "b",
     "[" * 50_000, "[!a]*" * 10_000],
    ids=lambda glob: glob[:8],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a" * 250, "/".join("a" * 60) + "/z.tx"], ids=["a name", "folders"])
def test_globs(glob, name):
    with hang_guard():
        assert not project.matches(glob, name)


def test_globs_of_specs_in_deep_folders(tmp_path):
    (tmp_path / "/".join("a" * 20)).mkdir(parents=True)
    rules = project.Project(tmp_path)
    with hang_guard():
        assert rules.found("**/" * 40 + "z.txt") == []
        assert rules.found("**/**/*/**/*/**/z.txt") == []


def faults(text, tmp_path):
    with hang_guard(), pytest.raises(SpecError) as caught:
        project_file.read(Source("pyproject.toml", text), tmp_path)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    "lines",
    ["".join(f"unknown{n} = 1\n" for n in range(8000)), "".join(f"unknown{n} = '{'[' * 900}'\n" for n in range(2000)),
     "[tool.cnncalc.limits]\n" + "".join(f'"m{n}.txt" = 3\n' for n in range(8000))],
    ids=["keys", "brackets", "globs"],
)  # fmt: skip
def test_faulty_keys(lines, tmp_path):
    found = faults(f"[tool.cnncalc]\n{lines}", tmp_path)
    assert len(found) >= 2000
    assert all(one.span for one in found)


def test_a_glob_longer_than_any_name(tmp_path):
    said = faults(f"[tool.cnncalc]\nspecs = ['{'[' * 50_000}']\n", tmp_path)
    assert said[0].message.endswith("a glob of 50,000 characters; no more than 1,000 are read")


def test_keys_of_many_parts(tmp_path):
    for key in ("a" + ".a" * 50_000, '"a"' + '."a"' * 50_000, "a" + " . a" * 50_000):
        assert "over 500 parts" in faults(f"[tool.other]\n{key} = 1\n", tmp_path)[0].message
        assert "over 500 parts" in faults(f"[{key}]\n", tmp_path)[0].message


def test_a_name_twice_in_a_baseline():
    entries = "".join(f'"m{n}.txt": {{}},' for n in range(200_000))
    with hang_guard(), pytest.raises(ValueError, match=r"'m199999.txt' is there twice"):
        baseline.read(f'{{"version": 1, "specs": {{{entries} "m199999.txt": {{}}}}}}')
