"""Which files a path stands for."""

import os

import pytest

from cnncalc.cli.guard import Refused
from cnncalc.cli.paths import Found, files_in, find, is_model, is_spec, repository, shown
from readme import ROOT


@pytest.fixture
def tree(folder):
    """Makes files, by path, with their text."""

    def make(**files):
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_txt", ".txt").replace("dot", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    return make


def test_a_folder_stands_for_its_specs(tree):
    tree(
        b_txt="model B\r\ninput 3x8x8\r\n",
        a_txt="\ufeffuse b.txt\n",
        sub__deep__c_txt="block c:\n    relu\n",
        sub__named_txt="left = input 3x8x8\n",
        notes_txt="what the input is\n inputs: none\nuser\nblocks\n",
        requirements_txt="click>=8\n",
        spec_md="input 3x8x8\n",
        dothidden__d_txt="input 3x8x8\n",
        dotd_txt="input 3x8x8\n",
    )
    found = find(["."])
    assert found.files == ("a.txt", "b.txt", os.path.join("sub", "named.txt"), os.path.join("sub", "deep", "c.txt"))
    assert found.skipped == 2
    assert found.remark == "2 other .txt files have no line that starts with 'input', 'use' or 'block'"


def test_files_are_taken_as_they_are_and_once(tree):
    tree(a_txt="nothing\n", b_txt="input 3x8x8\n")
    os.symlink("b.txt", "link.txt")
    assert find(["-", "b.txt", "./b.txt", "link.txt", "a.txt", "gone.txt", "@lenet5", "."]).files == (
        "-", "b.txt", "a.txt", "gone.txt", "@lenet5",
    )  # fmt: skip


def test_a_folder_without_a_spec_is_refused(tree, folder):
    for name in "wxyz":
        (folder / name).mkdir()
    with pytest.raises(Refused) as refused:
        find(["w", "x", "y"])
    assert refused.value.message == "no spec in w, x, y"
    assert refused.value.help == "specs are .txt files with a line that starts with 'input', 'use' or 'block'"
    with pytest.raises(Refused, match="no spec in w, x, y, …"):
        find(["w", "x", "y", "z"], specs_only=True)
    tree(a_txt="nothing\n")
    with pytest.raises(Refused, match="no spec in \\.") as refused:
        find(["."])
    assert refused.value.help == "1 other .txt file has no line that starts with 'input', 'use' or 'block'"
    assert find(["."], specs_only=True) == find(["a.txt"], specs_only=True) == Found((), 1)
    assert find([]) == Found((), 0)


@pytest.mark.parametrize(
    ("count", "remark"),
    [
        (0, ""),
        (1, "1 other .txt file has no line"),
        (2, "2 other .txt files have"),
        (1200, "1,200 other .txt files have"),
    ],
)
def test_files_that_are_no_specs_are_counted(count, remark):
    said = Found((), count).remark
    assert said.startswith(remark)
    assert bool(said) == bool(count)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("input 3x8x8", True), ("\ufeffinput 3", True), ("# a\r\nuse lib.txt\r\n", True), ("block b(c):", True),
        ("left = input 3", True), ("_l2\t=\tinput 3", True), ("input", True), ("", False), (" input 3", False),
        ("inputs 3", False), ("my input", False), ("2l = input 3", False), ("a = b", False), ("blocks", False),
        ("Input 3", False), ("x: input", False),
    ],
)  # fmt: skip
def test_what_makes_a_text_a_spec(folder, text, spec):
    (folder / "a.txt").write_bytes(text.encode())
    assert is_spec("a.txt") == spec


def test_what_cannot_be_read_is_left_to_its_reader(folder):
    assert is_spec("gone.txt")
    with open("large.txt", "wb") as file:
        file.write(b"input 3\n")
        file.truncate(64 * 2**20)
    assert is_spec("large.txt")
    with open("large.txt", "ab") as file:
        file.write(b"\n")
    assert not is_spec("large.txt")


def test_texts_of_a_folder_in_their_order(tree, folder):
    tree(b_txt="", a_txt="", sub__c_txt="", dothid_txt="", sub__d_md="")
    os.symlink("a.txt", "z.txt")
    os.symlink("sub", "again")
    os.symlink("gone", "broken.txt")
    (folder / "folder.txt").mkdir()
    (folder / "folder.txt" / "e.txt").write_text("")
    real = os.path.realpath(folder)
    assert list(files_in(".")) == [
        ("a.txt", f"{real}/a.txt"), ("b.txt", f"{real}/b.txt"), ("z.txt", f"{real}/a.txt"),
        ("folder.txt/e.txt", f"{real}/folder.txt/e.txt"), ("sub/c.txt", f"{real}/sub/c.txt"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="cannot look into gone: No such file"):
        list(files_in("gone"))


def test_the_root_of_a_repository(folder):
    (folder / "a" / "b" / "c").mkdir(parents=True)
    assert repository(str(folder / "a")) == str(folder / "a")
    (folder / "a" / ".git").write_text("gitdir: elsewhere")
    for inside in ("a", "a/b", "a/b/c"):
        assert repository(str(folder / inside)) == str(folder / "a")
    (folder / "a" / "b" / ".git").mkdir()
    assert repository(str(folder / "a" / "b" / "c")) == str(folder / "a" / "b")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_folder_that_cannot_be_looked_into_is_refused(tree):
    tree(sub__a_txt="input 3x8x8\n")
    os.chmod("sub", 0)
    try:
        with pytest.raises(Refused, match="cannot look into"):
            find(["."])
    finally:
        os.chmod("sub", 0o700)


def test_what_was_not_named_lies_in_the_project(tree, folder):
    tree(project__a_txt="input 3x8x8\n", b_txt="input 3x8x8\n")
    os.symlink("../b.txt", "project/link.txt")
    root = os.path.realpath(folder / "project")
    found = find(["project/a.txt", "project/link.txt"], root=root)
    assert found.files == ("project/a.txt", "project/link.txt")
    assert found.outside == {"project/link.txt"}
    assert find(["project/a.txt"], root=root).outside == frozenset()


def test_every_example_is_found():
    found = find([str(ROOT / "examples")])
    assert set(found.files) == {str(path) for path in (ROOT / "examples").rglob("*.txt")}
    assert found.skipped == 0


MODELS = {
    "a.onnx": b"\x08\x07\x12\x04spec", "b.cfg": b"# net\n[net]\nwidth=8\n", "c.json": b' {"class_name": "Sequential"}',
    "d.H5": b"\x89HDF\r\n\x1a\n",
}  # fmt: skip
OTHERS = {
    "e.onnx": b"spec",
    "f.cfg": b"[main]\n",
    "g.json": b"{}",
    "h.h5": b"",
    "i.py": b"import torch.nn",
    "j.csv": b"1",
}


def test_a_folder_stands_for_its_model_files(folder):
    for name, data in (MODELS | OTHERS).items():
        (folder / name).write_bytes(data)
    (folder / "z.txt").write_text("input 3x8x8\n")
    assert find(["."]) == Found((*MODELS, "z.txt"), 0)
    assert find(["."], texts_only=True).files == ("z.txt",)
    assert {path for path, _ in files_in(".")} == {*MODELS, "e.onnx", "f.cfg", "g.json", "h.h5", "z.txt"}
    assert [path for path, _ in files_in(".", texts_only=True)] == ["z.txt"]
    assert find([*MODELS, "z.txt"], specs_only=True).files == (*MODELS, "z.txt")
    assert find([*MODELS, "z.txt"], specs_only=True, texts_only=True) == Found(("z.txt",), len(MODELS))
    assert find(["e.onnx", "j.csv", "z.txt"], specs_only=True) == Found(("z.txt",), 2)
    assert [is_model(name) for name in MODELS] == [True] * 4
    assert [is_model(name) for name in OTHERS] == [False] * 4 + [None] * 2
    assert is_model("z.txt") is None


def test_a_model_file_that_cannot_be_read_is_left_to_its_reader():
    assert is_spec("gone.onnx")


@pytest.mark.parametrize(
    ("path", "far", "said"),
    [
        ("a/b.txt", 1, "a/b.txt"), ("a/../b.txt", 1, "b.txt"), ("..", 1, ".."), ("../x.txt", 2, "../x.txt"),
        ("../../x.txt", 3, "../../x.txt"),
    ],
)  # fmt: skip
def test_how_messages_name_a_path(folder, path, far, said):
    """From the current folder, unless it lies far above that."""
    (folder / "one" / "two" / "three").mkdir(parents=True)
    os.chdir(folder / "one" / "two" / "three")
    absolute = os.path.realpath(path)
    assert shown(absolute, far) == (absolute if path == ".." else said)
    assert shown(str(folder), 3) == str(folder)
    assert shown(str(folder), 4) == os.path.join("..", "..", "..")
