"""`cnncalc check` as a user sees it."""

import json
import os

import pytest

pytestmark = pytest.mark.usefixtures("folder")

EDGE = """\
model Edge
input 3x32x32
conv 16 3 pad=1 | relu | maxpool 2   -> 16x16x16
stage body:
    conv 32 3 pad=1 | relu | maxpool 2
flatten | fc 64 | relu | fc 10
require params <= 100k  "the mobile budget"
require output == 10
"""


@pytest.fixture
def write(folder):
    """Writes files by name, folders with them."""

    def call(**files):
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_", ".", 1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return call


def document(result):
    return json.loads(result.stdout)


def said(result):
    return [(one["code"], one["line"]) for one in document(result)["diagnostics"] if one["severity"] == "error"]


def test_a_broken_requirement(run, spec):
    spec(EDGE, "edge.txt")
    result = run("check", "edge.txt")
    assert result.stdout == (
        "edge.txt:7:1: error: params 136,874 is over 100,000 by 36,874 (37 %)\n"
        '    7 | require params <= 100k  "the mobile budget"\n'
        "      | ^^^^^^^^^^^^^^^^^^^^^^ the mobile budget\n"
        "      = most is in fc1 (131,136), conv2 (4,640), fc2 (650)\n"
        "\n"
        "1 spec, 1 fails\n"
    )
    assert (result.stderr, result.exit_code) == ("", 1)


def test_all_failures_are_reported_and_the_highest_code_counts(run, write):
    write(a_txt=EDGE, b_txt="input 3x8x8\nconv 5 3 -> 5x7x7\nconv 5 3 -> 5x5x5\n", c_txt="input 3x8x8\nrelu\n")
    result = run("check", ".", "--format", "json")
    assert said(result) == [("requirement-failed", 7), ("expectation-failed", 2), ("expectation-failed", 3)]
    assert result.exit_code == 1
    write(d_txt="input 3x8x8\nconv\n")
    result = run("check", ".")
    assert result.exit_code == 2
    assert result.stdout.endswith("\n4 specs, 1 passes, 3 fail, 1 warning\n")


def test_one_spec_passes(run, spec):
    spec()
    assert run("check").stdout == "1 spec, 1 passes\n"


def test_limits_of_the_command_line(run, spec):
    spec(EDGE.replace("100k", "1M"), "edge.txt")
    options = (
        "--max-params 61,706 --max-peak 64KiB --max-depth 3 --max-flops 1G --max-field 5 --expect-output 1000".split()
    )
    result = run("check", "edge.txt", *options)
    assert result.stdout == (
        "edge.txt:1:1: error: depth 4 is over 3 by 1 (33 %): --max-depth 3\n"
        "    1 | model Edge\n"
        "      | ^\n"
        "edge.txt:1:1: error: field 38 is over 5 by 33 (660 %): --max-field 5\n"
        "    1 | model Edge\n"
        "      | ^\n"
        "edge.txt:3:19: error: peak 131,072 bytes (fp32) is over 65,536 bytes by 65,536 bytes (100 %): --max-peak 64KiB\n"
        "    3 | conv 16 3 pad=1 | relu | maxpool 2   -> 16x16x16\n"
        "      |                   ^^^^\n"
        "      = at the peak, while 'relu1' runs, most is in conv1 (65,536), relu1 (65,536)\n"
        "edge.txt:6:11: error: params 136,874 is over 61,706 by 75,168 (122 %): --max-params 61,706\n"
        "    6 | flatten | fc 64 | relu | fc 10\n"
        "      |           ^^^^^\n"
        "      = most is in fc1 (131,136), conv2 (4,640), fc2 (650)\n"
        "edge.txt:6:26: error: output 10 is not 1000: --expect-output 1000\n"
        "    6 | flatten | fc 64 | relu | fc 10\n"
        "      |                          ^^^^^\n"
        "\n"
        "1 spec, 1 fails\n"
    )
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("params", 61706), ("buffers", 0), ("macs", 416520), ("flops", 833040), ("activations", 14722),
        ("peak", 37632), ("memory", 284456), ("field", 32), ("layers", 12), ("weighted", 5), ("depth", 5),
    ],
)  # fmt: skip
def test_every_measure_has_a_limit(run, name, most):
    fine = run("check", "@lenet5", f"--max-{name}", most, "--format", "json")
    assert fine.exit_code == 0
    judged = document(fine)["files"][0]["requirements"][-1]
    value = [most, most] if name == "field" else most
    assert judged == {"text": f"max-{name} {most}", "line": None, "value": value, "limit": most, "ok": True}
    if most:
        over = run("check", "@lenet5", f"--max-{name}", most - 1)
        assert over.exit_code == 1
        assert f"is over {most - 1:,}" in over.stdout


def test_several_outputs_are_expected_by_name(run, spec):
    spec("input 3x8x8\na = conv 5 3\nb = conv 6 3\noutput @a @b\n")
    assert run("check", "--expect-output", "a=5x6x6", "--expect-output", "b=6x4x?").exit_code == 0
    result = run("check", "--expect-output", "a=5x6x7")
    assert "model.txt:2:5: error: output a 5×6×6 is not 5×6×7: --expect-output a=5x6x7\n" in result.stdout
    result = run("check", "--expect-output", "c=5x6x7")
    assert "no output is called 'c'; its outputs: a, b: --expect-output c=5x6x7" in result.stdout
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--max-params", "abc"], "'abc' is no number"),
        (["--max-params", "-5"], "'-5' is no number: for example 5M, 512KiB or 61,706; at least 0"),
        (["--max-params", ""], "nothing is said"),
        (["--max-params", "5MB"], "write '5M' for 5×1,000,000, '5MiB' for 5×1,048,576"),
        (["--max-params", "1.5"], "1.5 is no whole number"),
        (["--max-params", "5x5"], "'5x5' is no number"),
        (["--max-macs", "9" * 99999], "too large"),
        (["--expect-output", "big"], "'big' is no shape"),
        (["--expect-output", "0x5"], "'0x5' is no shape"),
        (["--expect-output", "=5"], "'' is no name of an output"),
        (["--expect-output", "5", "--expect-output", "6"], "several outputs need their names"),
        (["--batch", "0"], "'0' is not a whole number over 0"),
        (["--config", "none.toml"], "none.toml: no such file"),
    ],
)
def test_faults_of_the_command_line(run, spec, options, message):
    spec()
    result = run("check", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr) < 600


def test_lints_are_warnings_that_count_under_strict(run, spec):
    spec("input 3x8x8\nconv 5 3 | bn\n")
    result = run("check")
    assert "model.txt:2:1: warning: the 5 biases of 'conv1' change nothing" in result.stdout
    assert result.stdout.endswith("\n1 spec, 1 passes, 1 warning\n")
    assert result.exit_code == 0
    assert run("check", "--strict").exit_code == 1
    assert run("check", "--strict").stdout.endswith("\n1 spec, 1 fails, 1 warning\n")
    assert run("check", "-q").stdout == "1 spec, 1 passes\n"
    assert run("check", "-q", "--format", "concise").stdout == ""
    assert "warning: the 5 biases" in run("check", "-q", "--strict", "--format", "concise").stdout
    assert not document(run("check", "--strict", "--format", "json"))["files"][0]["passed"]
    spec("input 3x8x8\nconv 5 3 | bn  # allow: bias-before-norm\n")
    assert run("check", "--strict").stdout == "1 spec, 1 passes\n"


# --- overriding -------------------------------------------------------------------------------------

SIZED = "let size = 32\ninput (3, size, size)\nx = conv 8 3 -> 8x30x30\nconv 8 3 -> (8, size-4, size-4)\nrequire output(x) == 8x30x30\n"


@pytest.mark.parametrize("options", [["--set", "size=64"], ["--input", "3x64x64"]])
def test_constant_arrows_are_judged_at_the_files_own_values_only(run, spec, options):
    spec(SIZED)
    assert run("check").exit_code == 0
    found = run("check", *options, "--format", "json")
    expected = [("expectation-failed", 4)] * (options[0] == "--input") + [("requirement-failed", 5)]
    assert said(found) == expected
    assert [one["line"] for one in document(found)["files"][0]["expectations"]] == [4]
    assert all(
        one["severity"] != "note" or one["code"] != "expectation-failed" for one in document(found)["diagnostics"]
    )


def test_variables_are_tried(run, spec, write):
    spec(SIZED.replace("require output(x) == 8x30x30\n", "require macs <= 500k\n"))
    write(pyproject_toml="[tool.cnncalc.variables]\nsize = [16, 32]\nother = [1]\n")
    result = run("check", "--format", "json")
    files = document(result)["files"]
    assert [(one["settings"], one["passed"]) for one in files] == [({"size": "16"}, True), ({"size": "32"}, False)]
    assert [[row["line"] for row in one["expectations"]] for one in files] == [[4], [3, 4]], (
        "32 is the file's own value"
    )
    text = run("check").stdout
    assert "macs 645,984 is over 500,000 by 145,984 (29 %) (with size=32)\n" in text
    assert text.endswith("\n1 spec in 2 checks, 1 fails, 1 warning\n")
    assert document(run("check", "--format", "json", "--set", "size=16"))["files"][0].get("settings") is None


def test_expectations_that_are_judged_nowhere_are_told(run, spec, write):
    spec(SIZED.partition("require")[0])
    write(pyproject_toml="[tool.cnncalc.variables]\nsize = [16, 64]\n")
    result = run("check")
    assert (
        "note: expectations of plain numbers are judged at the file's own values, and these are not tried"
        in result.stdout
    )
    assert "try size = 32, too" in result.stdout
    assert result.exit_code == 0


def test_every_combination_is_tried_once(run, spec, write):
    spec("let a = 1\nlet b = 2\ninput 3x8x8\nconv a*b 3\n")
    write(pyproject_toml="[tool.cnncalc.variables]\na = [1, 2, 2]\nb = [3, 4]\n")
    settings = [one["settings"] for one in document(run("check", "--format", "json"))["files"]]
    assert settings == [{"a": a, "b": b} for a in ("1", "2") for b in ("3", "4")]


# --- paths ------------------------------------------------------------------------------------------


def test_a_folder_stands_for_its_specs(run, write):
    write(
        m__a_txt=EDGE.replace("100k", "1M"), m__deep__b_txt="block x:\n    relu\n", m__deep__c_txt="use b.txt\n",
        m__notes_txt="no spec, an input of ideas\n", m__d_md=EDGE,
    )  # fmt: skip
    os.makedirs("m/.hidden")
    with open("m/.hidden/e.txt", "w") as file:
        file.write(EDGE)
    result = run("check", "m", "--format", "json")
    assert [one["file"] for one in document(result)["files"]] == ["m/a.txt", "m/deep/b.txt", "m/deep/c.txt"]
    assert document(result)["skipped"] == 1
    assert run("check", "m/deep/b.txt").stdout == "1 spec, 1 passes\n"
    assert "1 other .txt file has no line that starts with 'input', 'use' or 'block'\n" in run("check", "m").stdout
    assert [one["file"] for one in document(run("check", "m/deep", "m/a.txt", "m", "--format", "json"))["files"]] == [
        "m/deep/b.txt", "m/deep/c.txt", "m/a.txt",
    ]  # fmt: skip


def test_without_a_path(run, write, folder):
    result = run("check")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: there is no model.txt here\n")
    write(models__a_txt=EDGE, models__b_txt="input 3x8x8\nrelu\n", model_txt="input 3x8x8\nrelu\n")
    assert run("check").stdout == "1 spec, 1 passes\n"
    write(pyproject_toml='[tool.cnncalc]\nspecs = ["models/*.txt"]\n')
    assert run("check").stdout.endswith("2 specs, 1 passes, 1 fails\n")
    os.chdir("models")
    assert "a.txt:7:1: error" in run("check").stdout, "the nearest pyproject.toml upwards"


def test_nothing_found(run, write):
    write(m__notes_txt="hello\n")
    result = run("check", "m")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: no spec in m\n")


def test_what_cannot_be_read(run, write, folder):
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    write(model_txt="input 3x8x8\nrelu\n")
    result = run("check", "picture.txt", "none.txt", "model.txt", "@lenet", "--format", "json")
    assert result.exit_code == 2
    assert [(one["file"], one["code"]) for one in document(result)["files"]] == [
        ("picture.txt", 2), ("none.txt", 2), ("model.txt", 0), ("@lenet", 2),
    ]  # fmt: skip
    assert "none.txt: no such file" in run("check", "none.txt").stdout


def test_standard_input_and_examples(run):
    assert run("check", "-", input=EDGE).stdout.startswith("<stdin>:7:1: error: params 136,874")
    assert run("check", "@lenet5", "@resnet50", "-q").stdout == "2 specs, 2 pass\n"


# --- output -----------------------------------------------------------------------------------------


def test_the_document(run, spec):
    spec(EDGE)
    found = document(run("check", "--format", "json", "--max-field", "99"))
    assert found == {
        "version": 1, "command": "check",
        "files": [{
            "file": "model.txt", "format": "spec", "passed": False, "code": 1,
            "requirements": [
                {"text": "params <= 100k", "line": 7, "value": 136874, "limit": 100000, "ok": False},
                {"text": "output == 10", "line": 8, "value": [10], "limit": [10], "ok": True},
                {"text": "max-field 99", "line": None, "value": [38, 38], "limit": 99, "ok": True},
            ],
            "expectations": [{"text": "16x16x16", "line": 3, "got": [16, 16, 16], "ok": True}],
        }],
        "skipped": 0,
        "diagnostics": [{
            "severity": "error", "code": "requirement-failed",
            "message": "params 136,874 is over 100,000 by 36,874 (37 %)", "help": "the mobile budget",
            "notes": ["most is in fc1 (131,136), conv2 (4,640), fc2 (650)"], "file": "model.txt", "line": 7,
            "column": 1, "end_column": 23,
        }],
    }  # fmt: skip


def test_the_document_where_there_is_nothing(run):
    result = run("check", "--format", "json")
    assert (document(result)["files"], result.exit_code, result.stderr) == ([], 2, "")
    assert document(result)["diagnostics"][0]["code"] == "no-file"


def test_a_report_goes_to_a_file_whole(run, spec):
    spec(EDGE)
    result = run("check", "-o", "report.json")
    assert (result.stdout, result.exit_code) == ("", 1)
    with open("report.json") as file:
        assert json.load(file)["command"] == "check"
    assert run("check", "-o", "model.txt").exit_code == 2
    with open("model.txt") as file:
        assert file.read() == EDGE


def test_in_an_encoding_without_a_multiplication_sign(start, folder):
    (folder / "model.txt").write_text("input 3x8x8\nconv 5 3\nrequire output == 5x6x7\n")
    done = start("check", environment={"PYTHONIOENCODING": "ascii"})
    out, err = done.communicate(timeout=60)
    assert b"output 5x6x6 is not 5x6x7" in out
    assert (err, done.returncode) == (b"", 1)


def test_a_closed_pipe_is_no_error(start, folder):
    (folder / "model.txt").write_text(EDGE)
    done = start("check")
    done.stdout.close()
    with done.stderr as errors:
        assert errors.read() == b""
    assert done.wait(60) == 1, "that of the spec"


@pytest.mark.parametrize("glob", [".", "./", "./*.txt", "*.txt"])
def test_the_folder_of_the_project_is_a_glob(run, folder, glob):
    table = f'[tool.cnncalc]\nspecs = ["{glob}"]\n[tool.cnncalc.limits."./*.txt"]\nmax-params = 1\n'
    (folder / "pyproject.toml").write_text(table)
    (folder / "net.txt").write_text("input 3x8x8\nconv 4 3\n")
    result = run("check", "--format", "concise")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("net.txt:2:1: error: params 112 is over 1 ")


def test_a_spec_that_is_wrong_at_its_own_values_is_tried_at_others(run, folder):
    (folder / "pyproject.toml").write_text("[tool.cnncalc.variables]\nsize = [32, 64]\n")
    text = "let size = 4\ninput (3, size, size)\nconv 4 5 -> (4, size-4, size-4)\nrequire params <= 1k\n"
    (folder / "net.txt").write_text(text)
    assert run("check", "net.txt").stdout == "1 spec in 2 checks, 1 passes\n"
    (folder / "net.txt").write_text(text.replace("4 5 ", "4 50 "))
    result = run("check", "net.txt", "--format", "concise")
    assert result.exit_code == 2
    assert "50x50 window does not fit its 32x32 input" in result.stdout
    assert "params 30,004 is over 1,000" in result.stdout
    (folder / "net.txt").write_text(text.replace("conv", "conf").replace("size = 4", "size = 5"))
    (entry,) = json.loads(run("check", "net.txt", "--format", "json").stdout)["files"]
    assert "settings" not in entry


@pytest.mark.parametrize(
    "limit", ["37.632KB", "37.632kb", "37.632 kB", "36.75KiB", "36.75kib", "38K", "0.038MB", "1gb"]
)
def test_units_as_people_type_them(run, limit):
    """KB is 1,000 bytes, KiB 1,024; LeNet-5's peak is 37,632."""
    assert run("check", "@lenet5", "--max-peak", limit).exit_code == 0
    assert run("check", "@lenet5", "--max-peak", "37.6KB").exit_code == 1


@pytest.mark.parametrize(("limit", "code"), [("61.706K", 0), ("61.705K", 1), ("62KB", 2), ("5m", 2)])
def test_parameters_are_no_bytes(run, limit, code):
    assert run("check", "@lenet5", "--max-params", limit).exit_code == code


def test_a_requirement_that_cannot_be_read_leaves_the_others(run, folder):
    lines = [
        "params <= 112 and",
        "",
        'params >= 1 "a" "b"',
        "1 < params < 3",
        "(params <= 3",
        "params <= 1MB",
        "params = 3",
    ]
    text = "input 3x8x8\nconv 4 3\n" + "".join(f"require {line}\n" for line in lines)
    (folder / "net.txt").write_text(text + "require macs <= 10\nrequire params == 112\n")
    result = run("check", "net.txt", "--max-params", "5", "--format", "json")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    codes = [one["code"] for one in document["diagnostics"]]
    assert codes.count("requirement-failed") == 2
    assert "not-judged" not in codes
    assert [one["ok"] for one in document["files"][0]["requirements"]] == [False, True, False]


@pytest.mark.parametrize(
    "line", ["require = conv 4 3", "require: conv 4 3", "require:", "requires params <= 3", "cnv 4 3"]
)
def test_a_line_that_may_have_been_a_layer_leaves_no_number(run, folder, line):
    (folder / "net.txt").write_text(f"input 3x8x8\n{line}\nconv 4 3\nrequire params == 112\n")
    document = json.loads(run("check", "net.txt", "--format", "json").stdout)
    assert document["files"][0]["requirements"][-1]["value"] is None


def test_a_value_that_cannot_be_tried_is_the_projects(run, folder):
    (folder / "pyproject.toml").write_text('[tool.cnncalc.variables."*.txt"]\nsize = ["x y"]\n')
    (folder / "net.txt").write_text("let size = 8\ninput (3, size, size)\nconv 4 3\n")
    assert "error: net.txt, tried with size=x y: an operator is missing" in run("check", "net.txt").stdout
    (folder / "net.txt").write_text("let width = 8\ninput 3x8x8\nconv width 3\n")
    (folder / "pyproject.toml").write_text('[tool.cnncalc.variables."*.txt"]\nsize = [1]\n')
    assert "error: net.txt, tried with size: no top-level variable is called 'size'" in run("check", "net.txt").stdout
    assert "error: --set size: no " in run("check", "net.txt", "--set", "size=3").stdout


@pytest.mark.parametrize(
    "fault", [KeyError("nope"), RecursionError(), MemoryError()], ids=lambda fault: type(fault).__name__
)
def test_a_fault_of_ours_takes_no_verdict_from_the_others(run, write, monkeypatch, fault):
    """Whatever breaks while one spec is checked, the others are, in every format."""
    from cnncalc.features.check import facts

    write(a_txt="input 3x8x8\nconv 4 3\n", b_txt=EDGE, c_txt="input 3x8x8\nrequire params > 5\n")
    judge = facts.check_source

    def broken(source, *rest):
        if source.name == "b.txt":
            raise fault
        yield from judge(source, *rest)

    monkeypatch.setattr(facts, "check_source", broken)
    for form in ("text", "concise", "github", "junit", "sarif", "json"):
        result = run("check", "a.txt", "b.txt", "c.txt", "--format", form)
        assert result.exit_code == 2
        assert "c.txt" in result.stdout
        assert "b.txt: " in result.stdout
    files = document(result)["files"]
    assert [(one["file"], one["code"]) for one in files] == [("a.txt", 0), ("b.txt", 2), ("c.txt", 1)]


def test_a_fault_of_ours_can_be_traced(run, write, monkeypatch):
    write(a_txt=EDGE)
    monkeypatch.setattr("cnncalc.features.check.specs.check_file", lambda *rest, **more: {}["nope"])
    monkeypatch.setenv("CNNCALC_TRACEBACK", "1")
    assert isinstance(run("check", "a.txt").exception, KeyError)


def test_specs_only_passes_over_named_files_that_are_none(run, write):
    write(a_txt="input 3x8x8\nrelu\n", notes_txt="some words\n")
    result = run("check", "--specs-only", "notes.txt", "a.txt", "--format", "json")
    assert ([one["file"] for one in document(result)["files"]], document(result)["skipped"]) == (["a.txt"], 1)
    assert document(run("check", "notes.txt", "a.txt", "--format", "json"))["skipped"] == 0


def test_a_glob_that_stands_for_nothing_is_told(run, write):
    write(a_txt="input 3x8x8\nrelu\n", pyproject_toml='[tool.cnncalc]\nspecs = ["a.txt", "b/*.txt"]\n')
    result = run("check", "--format", "json")
    (warning,) = document(result)["diagnostics"]
    assert (warning["severity"], warning["code"], warning["help"]) == (
        "warning", "no-specs", "globs are relative to that file",
    )  # fmt: skip
    assert warning["message"] == "specs in pyproject.toml: 'b/*.txt' stands for no file"
    assert (result.exit_code, run("check", "--strict").exit_code) == (0, 1)


def test_a_limit_that_is_no_number_says_just_that(run, spec):
    spec()
    first = run("check", "--max-params", "2.5").stderr.splitlines()[0]
    assert first == "error: invalid value for '--max-params': 2.5 is no whole number: it is 2.5"


SMALL = "dtype fp16\ninput 3x8x8\nconv 4 3 bias=no | bn | relu\nrequire arena <= 10\n"


def judged(run, *words):
    """What is said of the arena, and of flash."""
    result = run("check", "net.txt", "--max-flash", "1", *words, "--format", "json")
    errors = [
        one["message"].partition(" is over")[0] for one in document(result)["diagnostics"] if one["severity"] == "error"
    ]
    return sorted(errors)


def test_a_file_goes_under_its_project_and_that_under_options(run, write):
    write(**{"net_txt": SMALL})
    assert judged(run) == ["arena 864 bytes (fp16)", "flash 248 bytes (fp16)"]
    write(**{"pyproject_toml": '[tool.cnncalc]\ndtype = {activations = "int8"}\nbatch = 2\n'})
    both = "fp16"
    types = f"weights {both}, activations int8, biases {both}"
    assert judged(run) == [f"arena 864 bytes ({types}, batch 2)", f"flash 248 bytes ({types})"]
    said = judged(run, "--dtype", "weights=int4", "--execution", "fused", "--batch", "1")
    types = "weights int4, activations int8, biases fp16"
    assert said == [f"arena 336 bytes ({types}, fused)", f"flash 62 bytes ({types}, fused)"]
    (change,) = [one for one in judged(run, "--dtype", "int8", "--batch", "1") if "arena" in one]
    assert change == "arena 432 bytes (int8)"


def test_the_baseline_is_under_the_projects_conditions(run, write, folder):
    write(**{"net_txt": SMALL.replace("require arena <= 10\n", ""),
             "pyproject_toml": '[tool.cnncalc]\nspecs = ["net.txt"]\ndtype = "int8"\nexecution = "fused"\nbatch = 3\n'})  # fmt: skip
    assert run("check", "--update-baseline", "--dtype", "fp64").exit_code == 0
    figures = json.loads((folder / "cnncalc-baseline.json").read_text())["specs"]["net.txt"]
    assert (figures["arena"], figures["flash"], figures["params"], figures["buffers"]) == (336, 112, 112, 0)
    assert run("check").exit_code == run("check", "--batch", "8").exit_code == 0


def test_a_broken_limit_in_a_block_says_where_that_is_used(run, spec):
    spec("input 3x8x8\nblock cbs(c):\n    conv c 3 pad=1 | bn\ncbs 4\ncbs 64\n")
    result = run("check", "--max-params", "100", "--max-macs", "100")
    assert "most is in conv2 (2,368), bn2 (128), conv1 (112)\n      in 'cbs 64', used at model.txt:5:1" in result.stdout
    assert "most is in conv2 (147,456), conv1 (6,912)\n      in 'cbs 64', used at model.txt:5:1" in result.stdout


def test_an_unknown_measure_in_a_line_that_is_explained_is_no_crash(folder, run):
    """The fault of the requirement follows from that of the lines above it, and is not told; nor is it evaluated."""
    (folder / "net.txt").write_text(
        "input 4x4x4x4\n        - conv width 3 stride=stride pad=1 | bn | relu\n          conv width 3 pad=1 | bn\n"
        "        require stride(x) <= 3\n        repeat 3:\n            - if C != width or stride != 1:\n            pad -1\n"
    )
    result = run("check", "net.txt")
    assert result.exit_code == 2
    assert "a bug in cnncalc" not in result.output


def test_what_has_no_place_names_its_file_where_there_are_several(run, spec):
    """Of several files one lacks the variable: which one is said, as it is where a file is checked alone without it."""
    text = "input 3x8x8\nconv 4 3\n"
    spec(text, "a.txt"), spec("let w = 4\n" + text, "b.txt")
    said = run("check", "a.txt", "b.txt", "--set", "w=8")
    assert said.exit_code == 2 and "      = in a.txt\n" in said.stdout and "in b.txt" not in said.stdout
    assert "in a.txt" not in run("check", "a.txt", "--set", "w=8").stdout
    assert "      = in a.txt\n" in run("compare", "a.txt", "b.txt", "--set", "w=8").stderr
    assert "      = in a.txt\n" in run("report", "a.txt", "b.txt", "--set", "w=8", "-o", "c.html").stderr
