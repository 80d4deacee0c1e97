"""What a project says: its globs, which match what pathlib finds, and its pyproject.toml."""

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc.cli.globs import LeadsOut, covered, expand, matches
from cnncalc.cli.pyproject import ProjectFile, find, table
from cnncalc.diagnostics import Source, SpecError

TREE = [
    "a.txt",
    "b.txt",
    "ab.txt",
    "a[1].txt",
    "sub/a.txt",
    "sub/b.md",
    "sub/deep/a.txt",
    "sub/deep/x/a",
    "sub.txt/a",
    "*.md",
]
FOLDERS = ["sub", "sub/deep", "sub/deep/x", "sub.txt"]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with some files."""
    folder = tmp_path_factory.mktemp("project")
    (folder / ".git").mkdir()
    for name in TREE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


def by_pathlib(folder, glob):
    """The files and folders that pathlib finds, but those of git."""
    found = (path.relative_to(folder).as_posix() for path in folder.glob(glob))
    return sorted(name for name in found if name != "." and not name.startswith(".git"))


names = st.lists(
    st.sampled_from(["a", "b", "*", "?", ".", "txt", "[ab]", "[!a]", "[", "]", "sub", "md", "1"]),
    min_size=1,
    max_size=4,
)
parts = st.one_of(st.just("**"), st.sampled_from(["sub", "deep", "*", "*.txt", "a.txt"]), names.map("".join))
globs = st.lists(parts, min_size=1, max_size=4).map("/".join)


@given(globs)
@example("*")
@example("?.txt")
@example("**/a.txt")
@example("**/**/a.txt")
@example("sub/**/a.txt")
@example("sub/**/*")
@example("*/*/a.txt")
@example("s*b/*.??")
@example("[ab].txt")
@example("[!ab]*.txt")
@example("a[[]1].txt")
@example("a*b*.t*t")
@example("**/deep/**/a")
@example("**/*.txt/*")
@example("sub/./a.txt")
def test_a_glob_matches_what_pathlib_finds(project, glob):
    plain_dots = {".", ".."} & set(glob.split("/"))
    ends_in_folders = glob.endswith("**")  # of these pathlib gives folders alone, before Python 3.13
    odd = any("**" in part and part != "**" for part in glob.split("/"))  # which pathlib refuses
    if plain_dots or ends_in_folders or odd:
        return
    assert [name for name in sorted(TREE + FOLDERS) if matches(glob, name)] == by_pathlib(project, glob)


@pytest.mark.parametrize(
    ("glob", "name", "expected"),
    [
        ("./a.txt", "a.txt", True), ("sub/**", "sub/deep/a.txt", True), ("sub/**", "subs/a.txt", False),
        ("**", "a/b/c", True), ("a**c", "a/b/c", True), ("a**c", "a/b/d", False), ("a.txt", "b/a.txt", False),
        ("*.txt", "a.txt\n", False), ("*\n", "a\n", True), ("a+b", "a+b", True), ("a+b", "aab", False),
        ("[/]a", "/a", False), ("x[!a]y", "x/y", False), ("a?b", "a/b", False), ("*", "", True),
    ],
)  # fmt: skip
def test_where_a_wildcard_goes(glob, name, expected):
    assert matches(glob, name) is expected


@pytest.mark.parametrize(
    ("globs", "name", "expected"),
    [
        (["sub"], "sub/deep/a.txt", True), (["sub/"], "sub/a.txt", True), (["sub/deep"], "sub/a.txt", False),
        (["a", "*.txt"], "b.txt", True), (["*.txt"], "sub/a.txt", False), (["."], "sub/a.txt", True),
        (["."], "../a.txt", False), (["**"], "../a.txt", False), ([], "a.txt", False), (["deep"], "sub/deep/a.txt", False),
        (["**/deep"], "sub/deep/a.txt", True), (["su"], "sub/a.txt", False),
    ],
)  # fmt: skip
def test_a_folder_covers_what_is_in_it(globs, name, expected):
    assert covered(globs, name) is expected


@pytest.mark.parametrize(
    ("glob", "expected"),
    [("*.txt", ["a.txt", "a[1].txt", "ab.txt", "b.txt", "sub.txt"]), ("sub/**/**/a.txt", ["sub/a.txt", "sub/deep/a.txt"]),
     ("no*", []), ("sub/../b.txt", ["sub/../b.txt"]), (".", ["."]), ("./", ["."])],
)  # fmt: skip
def test_what_a_glob_stands_for_comes_in_order(project, glob, expected):
    assert [
        os.path.relpath(path, project) if path == str(project) else path[len(str(project)) + 1 :]
        for path in expand(project, glob)
    ] == expected


def test_a_glob_stays_in_the_project(project, tmp_path):
    (tmp_path / "a.txt").write_text("")
    assert expand(project / "sub", "../a.txt") == [str(project / "sub" / ".." / "a.txt")]
    with pytest.raises(LeadsOut, match=r"'\.\./\*' leads out of the project$"):
        expand(project, "../*")
    os.symlink(tmp_path, project / "sub" / "link")
    try:
        with pytest.raises(LeadsOut, match=r"'sub/\*/a\.txt' leads out of the project by a link$"):
            expand(project, "sub/*/a.txt")
        assert expand(project, "sub/li*") == [str(project / "sub" / "link")]
    finally:
        (project / "sub" / "link").unlink()


# --- pyproject.toml ---------------------------------------------------------------------------------


def test_the_project_is_the_nearest_with_a_table(folder):
    (folder / "a" / "b").mkdir(parents=True)
    assert find("a/b") == ProjectFile(str(folder / "a" / "b"))
    (folder / "a" / "pyproject.toml").write_text("[project]\nname = 'cnncalc'\n")
    assert find("a/b") == ProjectFile(str(folder / "a"))
    (folder / "pyproject.toml").write_bytes(b"[tool.cnncalc]\r\nstrict = true\r\n")
    found = find("a/b")
    assert (found.folder, found.source.name, found.table) == (str(folder), "pyproject.toml", {"strict": True})
    (folder / "a" / "pyproject.toml").write_text("= what only others read\n")
    assert find("a/b").folder == str(folder)
    (folder / "a" / "b" / "pyproject.toml").write_text("[tool.cnncalc]\n")
    assert (find("a/b").folder, find("a/b").table) == (str(folder / "a" / "b"), {})
    assert find().folder == str(folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", None), ("cnncalc = 1\n", None), ("tool = 'cnncalc'\n", None), ("[tool]\ncnncalc = 3\n", 3), ("[tool.cnncalc]\n", {}),
     ("[tool.other]\n[tool.cnncalc.limits]\nparams = '5M'\n", {"limits": {"params": "5M"}})],
)  # fmt: skip
def test_a_table_of_a_project(text, expected):
    assert table(Source("pyproject.toml", text)) == expected


@pytest.mark.parametrize(
    ("text", "place", "message", "help"),
    [
        ("[tool.cnncalc]\nmax-params = 5M # at most\n", (2, 15, 16),
         "not TOML: Expected newline or end of document after a statement", 'what has a unit is a text: "5M"'),
        ("a = 1\nb = 64 KiB\n", (2, 8, 9), "not TOML: Expected newline or end of document after a statement",
         'what has a unit is a text: "64 KiB"'),
        ("a = \n", (1, 5, 6), "not TOML: Invalid value", None),
        ("[a\n", (1, 3, 4), "not TOML: Expected ']' at the end of a table declaration", None),
        (f"x = {'9' * 5000}\n", None, "not TOML: an integer has over 4,300 digits", None),
        (f"x = {'[' * 100_000}\n", None, "not TOML: it is nested too deeply", None),
        (f"{'.'.join('a' * 502)} = 1\n", None, "a key of over 500 parts is nothing that anybody wrote", None),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_is_no_toml_is_shown_where_it_stands(text, place, message, help):
    with pytest.raises(SpecError) as caught:
        table(Source("pyproject.toml", text))
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.help) == ("config", help)
    assert message in fault.message
    assert place is None or (fault.span.line, fault.span.column, fault.span.end_column) == place
    assert (fault.span is None) == (place is None)
