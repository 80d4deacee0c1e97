"""Unified diffs of rewritten texts: what 'patch' makes of them, and how they look."""

import difflib
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.features.rewrite.patch import unified
from hang import hang_guard

LINE = st.sampled_from(["", "relu", "conv 3 3", "-> 4x8x8", "  -> 4x8x8  # c", "-> (4, s, s)", "# -> c", "    x"])


def rewritten(draw, line):
    """What may become of a line; None where it goes."""
    choices = [line, f"{line}  -> 1", f" {line}"]
    if not line:
        choices = [line, None]
    if line.lstrip().startswith("->"):
        choices += ["-> 9x9x9", line[line.index("#") :] if "#" in line else None]
    return draw(st.sampled_from(choices))


@st.composite
def pairs(draw):
    old = draw(st.lists(LINE, max_size=40))
    new = [one for line in old if (one := rewritten(draw, line)) is not None]
    old, new = ([f"{line}\n" for line in lines] for lines in (old, new))
    if draw(st.booleans()) and old and new:
        old[-1], new[-1] = old[-1].rstrip("\n"), new[-1].rstrip("\n")
    return old, new


def applied(old, diff):
    """What a patch makes of a text: its hunks must say where they are, and what is there."""
    made, at = [], 0
    lines = diff[2:]
    place = 0
    while place < len(lines):
        assert lines[place].startswith("@@ ")
        before, after = (part[1:].split(",") for part in lines[place].split()[1:3])
        start, count = int(before[0]), int(before[1]) if len(before) > 1 else 1
        made += old[at : start - (count > 0)]
        at = start - (count > 0)
        size = int(after[1]) if len(after) > 1 else 1
        assert int(after[0]) == len(made) + (size > 0)
        place += 1
        ends = at + count, len(made) + size
        while place < len(lines) and not lines[place].startswith("@@ "):
            sign, text = lines[place][0], lines[place][1:]
            if sign in " -":
                assert old[at] == text
                at += 1
            if sign in " +":
                made.append(text)
            place += 1
        assert ends == (at, len(made))
    return made + old[at:]


@given(pairs())
def test_a_patch_makes_the_new_text_of_the_old(pair):
    old, new = pair
    diff = list(unified(old, new, ("a", "b")))
    assert applied(old, diff) == new if diff else old == new


@given(st.lists(st.tuples(st.integers(0, 9).map("conv {} 3\n".format), st.booleans()), max_size=60))
def test_changed_lines_look_as_difflib_shows_them(lines):
    old = [f"{number} {text}" for number, (text, _) in enumerate(lines)]
    new = [line.replace("conv", "  conv") if changed else line for line, (_, changed) in zip(old, lines, strict=True)]
    assert list(unified(old, new, ("a", "b"))) == list(difflib.unified_diff(old, new, "a", "b"))


NUMBERED = [f"conv {number} 3\n" for number in range(20)]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (["\n", "b\n"], ["a\n", "b\n"], ["@@ -1,2 +1,2 @@\n", "-\n", "+a\n", " b\n"]),
        (["-> 8\n", "b\n"], ["b\n"], ["@@ -1,2 +1 @@\n", "--> 8\n", " b\n"]),
        (["-> 8 # c\n", "\n", "b\n"], ["# c\n", "b\n"],
         ["@@ -1,3 +1,2 @@\n", "--> 8 # c\n", "-\n", "+# c\n", " b\n"]),
        (["-> 8\n", "\n", "b\n"], ["-> 9\n", "b\n"], ["@@ -1,3 +1,2 @@\n", "--> 8\n", "-\n", "+-> 9\n", " b\n"]),
        (NUMBERED, ["x\n", *NUMBERED[1:8], "y\n", *NUMBERED[9:]],
         ["@@ -1,4 +1,4 @@\n", "-conv 0 3\n", "+x\n", *[f" conv {number} 3\n" for number in (1, 2, 3)],
          "@@ -6,7 +6,7 @@\n", *[f" conv {number} 3\n" for number in (5, 6, 7)], "-conv 8 3\n", "+y\n",
          *[f" conv {number} 3\n" for number in (9, 10, 11)]]),
        (NUMBERED[:8], ["x\n", *NUMBERED[1:7], "y\n"],
         ["@@ -1,8 +1,8 @@\n", "-conv 0 3\n", "+x\n", *[f" conv {number} 3\n" for number in range(1, 7)],
          "-conv 7 3\n", "+y\n"]),
    ],
)  # fmt: skip
def test_hunks(old, new, wanted):
    assert list(unified(old, new, ("a", "b"))) == ["--- a\n", "+++ b\n", *wanted]


@pytest.mark.skipif(not shutil.which("patch"), reason="there is no 'patch' here")
def test_the_real_patch_takes_it(run, folder):
    old = "input 3x8x8\n" + "head a:\n  relu\n-> 3x8x8\nconv 3 3 pad=1 -> 3x8x8 # c\n" * 30
    (folder / "a.txt").write_text(old.replace("head a", "stage a").replace("stage a", "repeat 1"))
    patch = run("annotate", "--remove", "--diff", "a.txt").stdout_bytes
    run("annotate", "--remove", "a.txt")
    wanted = (folder / "a.txt").read_text()
    (folder / "a.txt").write_text(old.replace("head a", "repeat 1"))
    subprocess.run(["patch", "-p0", "a.txt"], input=patch, check=True, capture_output=True)
    assert (folder / "a.txt").read_text() == wanted


def test_time_grows_with_the_text():
    old = ["head a:\n", "  relu\n"] * 50_000
    with hang_guard():  # difflib: some minutes
        assert sum(1 for _ in unified(old, [line.replace("  ", "    ") for line in old], ("a", "b"))) == 150_003
