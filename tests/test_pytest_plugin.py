"""`pytest --cnncalc`, in a pytest of its own, which finds the plugin by the package's entry point."""

import os
import xml.etree.ElementTree as ET

import pytest

pytest_plugins = "pytester"

GOOD = "model Good\ninput 3x8x8\nconv 4 3  -> 4x6x6\n"
BAD = 'model Bad\ninput 3x8x8\nconv 4 3  -> 4x8x8\nrequire params <= 100  "tiny"\n'
SIZED = "let size = 8\ninput (3, size, size)\nconv 4 3\nrequire macs <= 10k\n"


@pytest.fixture
def project(pytester):
    """Writes files by name; the runs are without colour, 100 columns wide."""

    def write(**files):
        for name, text in files.items():
            path = pytester.path / name.replace("__", "/").replace("_txt", ".txt").replace("_toml", ".toml").replace(
                "_py", ".py"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return pytester

    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "100")
        yield write


def test_nothing_is_collected_unasked(project):
    project(models__good_txt=GOOD, test_it_py="def test_it(): pass\n").runpytest().assert_outcomes(passed=1)


def test_specs_are_tests(project):
    run = project(models__good_txt=GOOD, models__bad_txt=BAD, notes_txt="inputs\n", test_it_py="def test_it(): pass\n")
    result = run.runpytest("--cnncalc", "-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["models/bad.txt::spec FAILED *", "models/good.txt::spec PASSED *"])


def test_a_failure_is_what_check_says(project):
    result = project(models__bad_txt=BAD).runpytest("--cnncalc")
    start = next(place for place, line in enumerate(result.outlines) if line.strip("_") == " bad.txt ")
    assert result.outlines[start + 1 : start + 8] == [
        "models/bad.txt:3:11: error: expected 4x8x8, got 4x6x6: floor((8 - 3 + 2*0)/1) + 1 = 6",
        "    3 | conv 4 3  -> 4x8x8",
        "      |           ^^^^^^^^ 8 with pad=1, an input of 10, or a kernel of 1",
        "models/bad.txt:4:1: error: params 112 is over 100 by 12 (12 %)",
        '    4 | require params <= 100  "tiny"',
        "      | ^^^^^^^^^^^^^^^^^^^^^ tiny",
        "      = most is in conv1 (112)",
    ]
    assert "FAILED models/bad.txt::spec - expected 4x8x8, got 4x6x6: floor((8 - 3 + 2*0)/1) + 1 = 6" in result.outlines
    assert "Traceback" not in result.stdout.str()


def test_what_cannot_be_understood_fails(project):
    result = project(a_txt="input 3x8x8\nconf 4 3\n", b_txt="input \ud7ff\n").runpytest("--cnncalc")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["a.txt:2:1: error: unknown layer 'conf'"])


def test_a_binary_file_that_is_named_fails_in_words(project):
    run = project(a_txt="")
    (run.path / "a.txt").write_bytes(b"\x00\xff")
    result = run.runpytest("--cnncalc", "a.txt")
    result.assert_outcomes(failed=1)
    assert "Traceback" not in result.stdout.str()


def test_pyproject_rules(project):
    """Globs, limits, variables, strict: what is not of the globs is no test, unless it is named."""
    run = project(
        pyproject_toml='[tool.cnncalc]\nspecs = ["nets/*.txt"]\nmax-params = 100\n[tool.cnncalc.variables]\nsize = [8, 16]\n',
        nets__sized_txt=SIZED,
        nets__good_txt=GOOD,
        other_txt=GOOD,
    )
    result = run.runpytest("--cnncalc", "-v")
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            "nets/good.txt::spec FAILED *",
            "nets/sized.txt::spec[[]size=8[]] FAILED *",
            "nets/sized.txt::spec[[]size=16[]] FAILED *",
            "*params 112 is over 100 by 12 (12 %): max-params 100 in pyproject.toml*",
            "nets/sized.txt:4:1: error: macs 21,168 is over 10,000 by 11,168 (112 %)",
        ]
    )
    assert "other.txt" not in result.stdout.str()
    run.runpytest("--cnncalc", "other.txt").assert_outcomes(failed=1)


def test_node_ids_and_names_choose(project):
    run = project(pyproject_toml="[tool.cnncalc.variables]\nsize = [8, 16]\n", sized_txt=SIZED, good_txt=GOOD)
    run.runpytest("--cnncalc").assert_outcomes(passed=2, failed=1)
    run.runpytest("--cnncalc", "sized.txt::spec[size=8]").assert_outcomes(passed=1)
    run.runpytest("--cnncalc", "sized.txt::spec[size=16]").assert_outcomes(failed=1)
    run.runpytest("--cnncalc", "-k", "good").assert_outcomes(passed=1, deselected=2)
    run.runpytest("--cnncalc", "-k", "sized and 16").assert_outcomes(failed=1, deselected=2)


def test_strict(project):
    text = GOOD + "x = relu\n" + "conv 2 1\nconv 2 1\n"
    run = project(pyproject_toml="[tool.cnncalc]\nstrict = false\n", a_txt=text)
    loose = run.runpytest("--cnncalc", "-rA")
    loose.assert_outcomes(passed=1)
    assert "warning: " in loose.stdout.str()  # remarks are there for who asks
    project(pyproject_toml="[tool.cnncalc]\nstrict = true\n").runpytest("--cnncalc").assert_outcomes(failed=1)


def test_testpaths_do_not_hide_the_specs_of_the_project(project):
    run = project(
        pyproject_toml='[tool.cnncalc]\nspecs = ["models/*.txt"]\n',
        models__good_txt=GOOD,
        tests__test_it_py="def test_it(): pass\n",
    )
    run.makeini("[pytest]\ntestpaths = tests\n")
    run.runpytest("--cnncalc").assert_outcomes(passed=2)
    run.runpytest("--cnncalc", "tests").assert_outcomes(passed=1)
    run.runpytest().assert_outcomes(passed=1)


def test_a_baseline_is_held(project):
    from cnncalc import analyze, loads
    from cnncalc.features.check.baseline import dump, figures
    from cnncalc.features.check.project import BASELINE

    run = project(models__good_txt=GOOD)
    (run.path / BASELINE).write_text(dump({"models/good.txt": figures(analyze(loads(GOOD)))}))
    (run.path / "pyproject.toml").write_text("[tool.cnncalc]\n")
    run.runpytest("--cnncalc").assert_outcomes(passed=1)
    (run.path / "models" / "good.txt").write_text(GOOD.replace("conv 4", "conv 5").replace("4x6", "5x6"))
    result = run.runpytest("--cnncalc")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["models/good.txt:1:1: error: params 140, the baseline says 112: +28 (+25 %)*"])


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("pyproject.toml", "[tool.cnncalc]\nmax-parms = 3\n", "*unknown key 'max-parms'*"),
        ("pyproject.toml", "[tool.cnncalc.tolerance]\nparms = 1\n", "*'parms' has no tolerance*"),
        ("cnncalc-baseline.json", "{", "*cnncalc-baseline.json: no baseline: it is not JSON*"),
    ],
)
def test_a_wrong_project_is_an_error_of_usage(project, file, text, words):
    run = project(pyproject_toml="[tool.cnncalc]\n", good_txt=GOOD)
    (run.path / file).write_text(text)
    result = run.runpytest("--cnncalc")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])


def test_tests_that_leave_the_folder_do_no_harm(project):
    run = project(
        a__test_it_py="import os\ndef test_it(tmp_path): os.chdir(tmp_path)\n",
        models__good_txt=GOOD.replace("input", "use blocks.txt\ninput"),
        models__blocks_txt="block b:\n    relu\n",
    )
    run.runpytest("--cnncalc").assert_outcomes(passed=3)


def test_junit_xml_of_pytest(project):
    run = project(models__bad_txt=BAD)
    run.runpytest("--cnncalc", "--junitxml=out.xml")
    (case,) = ET.parse(run.path / "out.xml").iter("testcase")
    assert case.get("name") == "spec"
    assert case[0].get("message") == "expected 4x8x8, got 4x6x6: floor((8 - 3 + 2*0)/1) + 1 = 6"


def test_it_costs_nothing_unasked(project):
    run = project(
        test_it_py="import sys\ndef test_it(): print(*[m for m in sys.modules if 'cnncalc' in m or m == 'click'])\n"
    )
    result = run.runpytest_subprocess("-s", "-q")
    result.stdout.fnmatch_lines(["cnncalc cnncalc.pytest_plugin*"])
    assert "cnncalc.spec" not in result.stdout.str()
    assert "click" not in result.stdout.str()


@pytest.mark.parametrize("glob", ["models", "models/", "mod*", "."])
def test_a_glob_for_a_folder_stands_for_the_specs_in_it(project, glob):
    table = f'[tool.cnncalc]\nspecs = ["{glob}"]\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n'
    run = project(pyproject_toml=table, models__deep__good_txt=GOOD, models__notes_txt="no\n", tests__test_it_py="")
    (run.path / "tox.ini").unlink()
    result = run.runpytest("--cnncalc", "-v", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
    result = run.runpytest("--cnncalc", "-v", "-p", "no:cacheprovider", "models")
    result.assert_outcomes(passed=1)


def test_a_glob_that_is_none_is_told(project):
    table = '[tool.cnncalc]\nspecs = ["/absolute/*.txt"]\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n'
    run = project(pyproject_toml=table, tests__test_it_py="")
    (run.path / "tox.ini").unlink()
    result = run.runpytest("--cnncalc")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: pyproject.toml:2:1: *specs: '/absolute/*.txt' is not relative to this file"])


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_do_not_lead_out_of_the_project(project, tmp_path_factory):
    secret = tmp_path_factory.mktemp("outside") / "secret.txt"
    secret.write_text("SECRET=hunter2\n")
    run = project(models__good_txt=GOOD)
    (run.path / "models" / "x.txt").symlink_to(secret)
    result = run.runpytest("--cnncalc", "models")
    result.assert_outcomes(passed=1, failed=1)
    assert "leads out of the project" in result.stdout.str()
    assert "hunter2" not in result.stdout.str()
    run.runpytest("--cnncalc", str(secret)).stdout.fnmatch_lines("*hunter2*")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_globs_do_not_lead_out_of_the_project(project, tmp_path_factory):
    secret = tmp_path_factory.mktemp("outside") / "secret.txt"
    secret.write_text("SECRET=hunter2\n")
    table = '[tool.pytest.ini_options]\ntestpaths = ["models"]\n[tool.cnncalc]\nspecs = ["nets/*.txt"]\n'
    run = project(models__good_txt=GOOD, nets__good_txt=GOOD, pyproject_toml=table)
    (run.path / "tox.ini").unlink()
    (run.path / "nets" / "x.txt").symlink_to(secret)
    result = run.runpytest("--cnncalc")
    assert "leads out of the project" in result.stdout.str() + result.stderr.str()
    assert "hunter2" not in result.stdout.str() + result.stderr.str()


NET = """\
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.a(x)

class Bad(Net):
    def forward(self, x):
        return self.a(self.a(x))

raise SystemExit("this ran")
"""
CODE = """\
[tool.cnncalc]
specs = ["models/net.py:Net", "models/net.py:Bad"]
input = "3x8x8"
"""


@pytest.mark.parametrize(
    ("arguments", "passed", "failed"), [((), 2, 1), (("models/net.py",), 1, 1), (("models/net.py::Net",), 1, 0)]
)
def test_networks_of_code_are_tests_and_the_code_never_runs(project, arguments, passed, failed):
    run = project(models__net_py=NET, pyproject_toml=CODE, test_it_py="def test_it(): pass\n")
    result = run.runpytest("--cnncalc", "-v", *arguments)
    result.assert_outcomes(passed=passed, failed=failed)
    result.stdout.fnmatch_lines(["models/net.py::Net PASSED *"])
    if failed:
        result.stdout.fnmatch_lines(["models/net.py:Bad:13:16: error: Conv2d 'a': it is made for 3 channels*"])


def test_networks_of_code_outside_of_testpaths(project):
    run = project(models__net_py=NET, pyproject_toml=CODE, tests__test_it_py="def test_it(): pass\n")
    run.makeini("[pytest]\ntestpaths = tests\n")
    run.runpytest("--cnncalc").assert_outcomes(passed=2, failed=1)
