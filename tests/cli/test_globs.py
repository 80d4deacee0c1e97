"""Globs of a project: what they match is what pathlib finds."""

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc.cli.globs import LeadsOut, covered, expand, matches

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
