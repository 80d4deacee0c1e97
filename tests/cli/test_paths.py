"""Which files a path stands for."""

import os

import pytest

from cnncalc.cli.guard import Refused
from cnncalc.cli.paths import find
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


def test_a_folder_without_a_spec_is_refused(tree):
    tree(a_txt="nothing\n")
    with pytest.raises(Refused, match="no spec in \\.") as refused:
        find(["."])
    assert "1 other .txt file has no line" in refused.value.help


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_folder_that_cannot_be_looked_into_is_refused(tree):
    tree(sub__a_txt="input 3x8x8\n")
    os.chmod("sub", 0)
    try:
        with pytest.raises(Refused, match="cannot look into"):
            find(["."])
    finally:
        os.chmod("sub", 0o700)


def test_every_example_is_found():
    found = find([str(ROOT / "examples")])
    assert set(found.files) == {str(path) for path in (ROOT / "examples").rglob("*.txt")}
    assert found.skipped == 0
