"""``[tool.cnncalc]`` of pyproject.toml: what it may say, and what is said of what it may not."""

import json
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc.diagnostics import Source, SpecError
from cnncalc.features.check import project_file
from cnncalc.features.check.project import matches
from cnncalc.features.check.project_file import find, load

FULL = """\
[project]
name = "x"

[tool.cnncalc]
specs = ["models/*.txt"]
strict = true
max-params = "5M"
max-field = "99x35"

[tool.cnncalc.limits]
max-macs = 600_000_000

[tool.cnncalc.limits."models/edge/*.txt"]
max-params = "1,500"
max-peak = "512KiB"
expect-output = ["a=1000", "b=2x?x388"]

[tool.cnncalc.limits."**/tiny.txt"]
max-params = 10

[tool.cnncalc.variables]
size = [192, 224, 320]

[tool.cnncalc.variables."models/*.txt"]
act = "relu"
wide = [true, 1.5]

[tool.cnncalc.tolerance]
params = "0%"
macs = 5
"""


def read(text):
    return project_file.read(Source("pyproject.toml", text), Path("/p"))


def faults(text):
    with pytest.raises(SpecError) as caught:
        read(text)
    return [(one.span and one.span.line, one.message, one.help) for one in caught.value.diagnostics]


def limits(project, path):
    return {limit.written: limit.value for limit in project.limits_of(path).values()}


def test_everything_that_it_may_say():
    project = read(FULL)
    assert (project.specs, project.strict, project.tolerance) == (("models/*.txt",), True, {"params": "0%", "macs": 5})
    general = {"max-params 5M": 5_000_000, "max-field 99x35": (99, 35), "max-macs 600000000": 600_000_000}
    assert limits(project, "/p/a.txt") == general
    assert limits(project, "/p/models/edge/a.txt") == {
        "max-params 1,500": 1500, "max-field 99x35": (99, 35), "max-macs 600000000": 600_000_000,
        "max-peak 512KiB": 2**19, "expect-output a=1000": (1000,), "expect-output b=2x?x388": (2, None, 388),
    }  # fmt: skip
    assert limits(project, "/p/models/edge/tiny.txt")["max-params 10"] == 10
    known = {"size": 1, "act": 2}
    assert project.tried("/p/a.txt", known) == [{"size": "192"}, {"size": "224"}, {"size": "320"}]
    assert project.tried("/p/a.txt", {}) == []
    assert project.tried("/p/models/a.txt", {})[0] == {"act": "relu", "wide": "yes"}
    assert [one["wide"] for one in project.tried("/p/models/a.txt", {})] == ["yes", "1.5"]


def test_no_table_is_no_project():
    assert read("[project]\nname = 'cnncalc'\n") is None


@pytest.mark.parametrize(
    ("text", "line", "message", "help"),
    [
        ("max-parms = 5", 2, "[tool.cnncalc] max-parms: unknown key 'max-parms'", "did you mean 'max-params'?"),
        ("spec = []", 2, "[tool.cnncalc] spec: unknown key 'spec'", "did you mean 'specs'?"),
        ("specs = 5", 2, "[tool.cnncalc] specs: a list of globs, not 5", 'for example specs = ["models/*.txt"]'),
        ('specs = ["/a"]', 2, "[tool.cnncalc] specs: '/a' is not relative to this file", 'for example "models/*.txt"'),
        ('strict = "yes"', 2, '[tool.cnncalc] strict: true or false, not "yes"', None),
        ('max-params = "5MB"', 2, "[tool.cnncalc] max-params: '5MB' is neither a number nor a size", "write '5M' for 5×1,000,000, '5MiB' for 5×1,048,576"),
        ("max-params = 5.0", 2, "[tool.cnncalc] max-params: a whole number or a text, not 5.0", 'for example "5M", "512KiB" or 61706'),
        ("max-params = true", 2, "[tool.cnncalc] max-params: a whole number or a text, not true", 'for example "5M", "512KiB" or 61706'),
        ("max-params = -5", 2, "[tool.cnncalc] max-params: '-5' is no number", "for example 5M, 512KiB or 61,706; at least 0"),
        ("limits = 5", 2, "[tool.cnncalc] limits: a table, not 5", "write [tool.cnncalc.limits]"),
        ('[tool.cnncalc.limits."a/*"]\nmax-mac = 5', 3, "[tool.cnncalc.limits.\"a/*\"] max-mac: unknown key 'max-mac'", "did you mean 'max-macs'?"),
        ("[tool.cnncalc.variables]\nsize = []", 3, "[tool.cnncalc.variables] size: a list of values, not an empty list", "for example size = [192, 224, 320]"),
        ("[tool.cnncalc.variables]\nsize = [[1]]", 3, "[tool.cnncalc.variables] size: a list of values, not [[1]]", "for example size = [192, 224, 320]"),
        ("[tool.cnncalc.variables]\nsize = [nan]", 3, "[tool.cnncalc.variables] size: a list of values, not [nan]", "for example size = [192, 224, 320]"),
        ("[tool.cnncalc.tolerance]\nparams = '-2%'", 3, '[tool.cnncalc.tolerance] params: a whole number or a share like "2%", not "-2%"', None),
        ("max-params = ", 2, "not TOML: Invalid value", None),
        ("max-params = 5M", 2, "not TOML: Expected newline or end of document after a statement", 'what has a unit is a text: "5M"'),
        ('max-params = "5m"', 2, "[tool.cnncalc] max-params: '5m' is neither a number nor a size", "write '5M'"),
    ],
)  # fmt: skip
def test_faults(text, line, message, help):
    assert faults(f"[tool.cnncalc]\n{text}\n") == [(line, message, help)]


def test_all_faults_come_at_once():
    assert len(faults("[tool.cnncalc]\nspec = 5\nmax-macs = []\nstrict = 1\n")) == 3


def test_too_many_combinations():
    text = "[tool.cnncalc.variables]\n" + "".join(f"v{i} = {list(range(11))}\n" for i in range(3))
    ((line, message, _),) = faults(text)
    assert (line, message) == (4, "[tool.cnncalc.variables] v2: that makes 1,331 combinations to try; at most 1,000")


def test_a_table_that_is_none():
    help = "write [tool.cnncalc] on a line of its own"
    assert faults("[tool]\ncnncalc = 5\n") == [(1, "[tool]: 'cnncalc' is a table", help)]


@pytest.mark.parametrize(
    ("glob", "right", "wrong"),
    [
        ("*.txt", ["a.txt", ".txt"], ["a/b.txt", "a.txtx"]),
        ("models/*.txt", ["models/a.txt"], ["models/a/b.txt", "a.txt"]),
        ("**/*.txt", ["a.txt", "a/b.txt", "a/b/c.txt"], ["a.md"]),
        ("models/**/e.txt", ["models/e.txt", "models/a/b/e.txt"], ["e.txt", "models/xe.txt"]),
        ("models/**", ["models/a", "models/a/b"], ["models"]),
        ("a?.txt", ["ab.txt"], ["a.txt", "a/.txt"]),
        ("[ab]*.txt", ["a1.txt", "b.txt"], ["c.txt"]),
        ("[!ab].txt", ["c.txt"], ["a.txt"]),
        ("a+(b).txt", ["a+(b).txt"], ["aab.txt"]),
        ("[a", ["[a"], ["a"]),
        ("[z-a]x", [], ["x", "ax", "zx", "[z-a]x"]),
        ("[]", ["[]"], ["", "a"]),
        ("[!]", ["[!]"], ["a"]),
        ("[]a]", ["]", "a"], ["b"]),
        ("[^a]", ["^", "a"], ["b"]),
        ("[a&&b||c]", ["a", "&", "|"], ["d"]),
        ("[\\\\[]", ["\\", "["], ["a"]),
        ("[a-c]", ["b"], ["d", "-"]),
    ],
)
def test_globs(glob, right, wrong):
    assert all(matches(glob, name) for name in right)
    assert not any(matches(glob, name) for name in wrong)


@given(st.text("ab[]!-^&|~.*?/\\"), st.text("ab[]!-^&|~.*?/\\"))
def test_any_text_is_a_glob(name, glob):
    assert matches(glob, name) in (True, False)


@given(st.text("ab.", min_size=1, max_size=4), st.text("ab*?.", min_size=1, max_size=4))
def test_globs_in_one_folder_are_those_of_pathlib(name, glob):
    if name in (".", "..") or glob in (".", "..") or name.strip(".") == "" or "**" in glob:
        return
    assert matches(glob, name) == PurePosixPath(name).match(glob)


def plainly(glob: str, name: str) -> bool:
    """Whether a path matches, by trying everything."""
    if not glob:
        return not name
    if glob.startswith("**/"):
        places = [0, *(place + 1 for place, char in enumerate(name) if char == "/")]
        return any(plainly(glob[3:], name[place:]) for place in places)
    if glob[0] == "*":
        ends = range(len(name.partition("/")[0]) + 1)
        return any(plainly(glob[1:], name[end:]) for end in ends)
    return bool(name) and (glob[0] == name[0] or (glob[0] == "?" and name[0] != "/")) and plainly(glob[1:], name[1:])


_FOLDERS = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4).map("/".join)
_STEPS = st.lists(st.one_of(st.just("**"), st.text("ab*?", min_size=1, max_size=4).filter(lambda step: "**" not in step)),
                  min_size=1, max_size=4).filter(lambda steps: steps[-1] != "**").map("/".join)  # fmt: skip


@given(_FOLDERS, _STEPS)
@example("a/ab", "**/a*b")
@example("a/b/a/c", "**/a/**/a/c")
@example("aab/ab", "*a*b/?b")
def test_globs_over_folders_are_as_if_everything_was_tried(name, glob):
    assert matches(glob, name) == plainly(glob, name)


def test_any_folders_once_more_are_any_folders():
    assert matches("a/**/**/*.txt", "a/b.txt")
    assert matches("**/**/**/b.txt", "a/a/b.txt")


def test_any_folders_too_often():
    assert project_file.read(Source("pyproject.toml", "[tool.cnncalc]\nspecs = ['**/**/a/**/**/**/b']\n"), Path("/p"))
    ((line, message, _),) = faults(f"[tool.cnncalc]\nspecs = ['{'**/*/' * 5}a.txt']\n")
    assert (line, message) == (2, "[tool.cnncalc] specs: '**/*/**/*/**/*/**/*/**/*/a.txt' has '**' over 4 times")


DECIMAL, HEXADECIMAL = "9" * 5000, "0x" + "f" * 5000


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f"[tool.cnncalc]\nstrict = true\n[tool.other]\nx = {DECIMAL}", None, "not TOML: an integer has over 4,300 digits"),
        (f"[tool.cnncalc]\nmax-params = {HEXADECIMAL}", 2, "[tool.cnncalc] max-params"),
        (f"[tool.cnncalc]\nstrict = {HEXADECIMAL}", 2, "[tool.cnncalc] strict"),
        (f"[tool.cnncalc]\nspecs = {HEXADECIMAL}", 2, "[tool.cnncalc] specs"),
        (f"[tool.cnncalc]\nnosuch = {HEXADECIMAL}", 2, "[tool.cnncalc] nosuch"),
        (f"[tool.cnncalc]\nexpect-output = [3, {HEXADECIMAL}]", 2, "[tool.cnncalc] expect-output"),
        (f"[tool.cnncalc]\nexpect-output = {{a = {HEXADECIMAL}}}", None, "[tool.cnncalc.expect-output] a"),
        (f"[tool.cnncalc.variables]\nx = [1, {HEXADECIMAL}]", 2, "[tool.cnncalc.variables] x"),
        (f"[tool.cnncalc.variables]\nx = [[{HEXADECIMAL}]]", 2, "[tool.cnncalc.variables] x"),
        (f"[tool.cnncalc.tolerance]\nmacs = -{10**400}", 2, "[tool.cnncalc.tolerance] macs"),
        (f'[tool.cnncalc.limits."a*.txt"]\nmax-macs = {HEXADECIMAL}', 2, '[tool.cnncalc.limits."a*.txt"] max-macs'),
    ],
)  # fmt: skip
def test_integers_of_thousands_of_digits(text, line, said):
    ((at, message, _),) = faults(f"{text}\n")
    assert at == line
    assert said in message
    assert len(message) < 200
    if "TOML" not in said:
        assert message.endswith("an integer of so many digits is no figure")


def test_a_tolerance_of_thousands_of_digits(tmp_path):
    from cnncalc.features.check.drift import tolerances

    project = read(f"[tool.cnncalc.tolerance]\nmacs = '{DECIMAL}%'\n")
    with pytest.raises(ValueError, match="the tolerance of macs is a whole number or a share like '2%', not '9999"):
        tolerances(project.tolerance)


def test_the_nearest_one_with_a_table_counts(tmp_path, monkeypatch):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.cnncalc]\nmax-params = 5\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    monkeypatch.chdir(inner)
    project = find()
    assert project.folder == str(tmp_path.resolve())
    assert project.limits_of("m.txt")
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    assert find().folder == str((tmp_path / "a").resolve())
    assert not find().limits_of("m.txt")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.cnncalc\n")
    with pytest.raises(SpecError) as caught:
        find()
    assert caught.value.diagnostics[0].message.startswith("not TOML: ")
    assert caught.value.diagnostics[0].span.line == 1


def test_a_file_that_is_named_must_have_the_table(tmp_path):
    path = tmp_path / "other.toml"
    path.write_text("[project]\n")
    with pytest.raises(SpecError, match=r"there is no \[tool.cnncalc\] in it"):
        load(str(path))


def test_which_specs_may_have_variables_to_be_tried():
    assert not read("[tool.cnncalc]\n").tries("a.txt")
    assert read("[tool.cnncalc.variables]\nsize = [1, 2]\n").tries("a.txt")
    of_a_glob = read('[tool.cnncalc.variables."models/*.txt"]\nsize = [1, 2]\n')
    assert of_a_glob.tries("/p/models/a.txt")
    assert not of_a_glob.tries("/p/a.txt")


def test_a_fault_stands_at_its_key():
    for text, columns in (('[tool.cnncalc]\n  "max-parms" = 5\n', (3, 14)), ("[tool.cnncalc]\nmax-parms=5\n", (1, 10))):
        with pytest.raises(SpecError) as caught:
            read(text)
        (one,) = caught.value.diagnostics
        assert (one.span.line, one.span.column, one.span.end_column) == (2, *columns)


CONDITIONS = """\
[tool.cnncalc]
dtype = "int8"
batch = 4

[tool.cnncalc.limits]
execution = "inplace"

[tool.cnncalc.limits."edge/*.txt"]
dtype = {biases = "int32"}
execution = "fused"
max-arena = "64KiB"
"""


def test_conditions_of_the_project_and_of_globs():
    project = read(CONDITIONS)
    plain, edge = project.conditions_of("/p/a.txt"), project.conditions_of("/p/edge/a.txt")
    assert (plain.batch, plain.execution, set(plain.dtype.values())) == (4, "inplace", {"int8"})
    assert edge == (4, {**plain.dtype, "biases": "int32"}, "fused", {})
    assert list(limits(project, "/p/edge/a.txt")) == ["max-arena 64KiB"]
    assert read("[tool.cnncalc]\n").conditions_of("/p/a.txt") == (None, {}, None, {})


@pytest.mark.parametrize(
    ("line", "message", "help"),
    [
        (
            "dtype = 8",
            "a type of numbers, not 8",
            'for example dtype = "int8", or dtype = {weights = "int8", biases = "int32"}',
        ),
        ('dtype = "int9"', "'int9' is no type of numbers", "did you mean 'int8'?"),
        ('dtype = {weight = "int8"}', "'weight' has no type of its own", "parts: weights, activations, biases"),
        ("batch = 0", "a whole number over 0, not 0", "for example batch = 8"),
        ("batch = true", "a whole number over 0, not true", "for example batch = 8"),
        ('execution = "fast"', 'eager, inplace or fused, not "fast"', None),
        ("execution = []", "eager, inplace or fused, not an empty list", None),
        ('executon = "fused"', "unknown key 'executon'", "did you mean 'execution'?"),
    ],
)
def test_conditions_that_cannot_be(line, message, help):
    for table in ("tool.cnncalc", 'tool.cnncalc.limits."*.txt"'):
        key = line.split()[0]
        assert faults(f"[{table}]\n{line}\n") == [(2, f"[{table}] {key}: {message}", help)]


def test_code_of_a_project_has_its_input_there(folder, run):
    """PyTorch source does not say its input; two networks of a file are two entries of the baseline."""
    (folder / "net.py").write_text(
        "from torch import nn\nclass A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.c = nn.Conv2d(3, 8, 3)\n    def forward(self, image):\n        return self.c(image)\n"
        "class B(A):\n    pass\n"
    )
    table = (
        '[tool.cnncalc]\nspecs = ["net.py:A", "net.py:B"]\n[tool.cnncalc.limits."net.py:*"]\nmax-macs = "10k"\ninput = '
    )
    for shape in ('"3x8x8"', '["3x8x8"]', '{image = "3x8x8"}'):
        (folder / "pyproject.toml").write_text(f"{table}{shape}\n")
        said = run("check")
        assert said.exit_code == 0, said.output
    assert run("check", "--update-baseline").exit_code == 0
    assert list(json.loads((folder / "cnncalc-baseline.json").read_text())["specs"]) == ["net.py:A", "net.py:B"]
    assert run("check").exit_code == 0
    (folder / "pyproject.toml").write_text(f'{table}"3x9x9"\n')
    said = run("check", "--format", "json")
    assert said.exit_code == 1
    assert [one["file"] for one in json.loads(said.stdout)["files"]] == ["net.py:A", "net.py:B"]
    (folder / "pyproject.toml").write_text(f"{table}3\n")
    assert "input: a shape as a text, not 3" in run("check").output
    (folder / "pyproject.toml").write_text(f'{table}"3x8x8"\n')
    assert run("check", "-o", "net.py", "--format", "json").exit_code == 2
    assert (folder / "net.py").read_text().startswith("from torch")
