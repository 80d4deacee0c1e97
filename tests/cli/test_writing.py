"""A file is written whole or not at all, and stays what it was: whose, by which rights, under which names."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest

from cnncalc import replacing
from cnncalc.cli import writing
from cnncalc.cli.guard import Refused
from cnncalc.cli.writing import replace

pytestmark = pytest.mark.usefixtures("folder")

MESSY, NEAT = "input  3x8x8\nconv  4 3\n", "input 3x8x8\nconv 4 3\n"
ROOT = getattr(os, "geteuid", lambda: 1)() == 0


def alone(folder, *names):
    """Only these files are in the folder: nothing is left of one beside another."""
    assert sorted(os.listdir(folder)) == sorted(names)


def test_a_new_file(folder):
    replace("a.txt", b"new")
    assert (folder / "a.txt").read_bytes() == b"new"
    alone(folder, "a.txt")


def test_the_rights_are_kept(folder):
    (folder / "a.txt").write_bytes(b"old")
    (folder / "a.txt").chmod(0o640)
    replace("a.txt", b"new")
    assert stat.S_IMODE(os.stat("a.txt").st_mode) == 0o640


@pytest.mark.skipif(not ROOT, reason="only root may give files away")
def test_the_owner_is_kept(folder):
    (folder / "a.txt").write_bytes(b"old")
    os.chown("a.txt", 65534, 65534)
    replace("a.txt", b"new")
    assert (os.stat("a.txt").st_uid, os.stat("a.txt").st_gid) == (65534, 65534)
    assert (folder / "a.txt").read_bytes() == b"new"


def test_a_file_that_cannot_be_made_alike_is_written_over(folder, monkeypatch):
    """As where another's file may be written by its group: who owns it stays so."""
    (folder / "a.txt").write_bytes(b"old and long")
    monkeypatch.setattr(replacing, "_made_alike", lambda new, old: False)
    inode = os.stat("a.txt").st_ino
    replace("a.txt", b"new")
    assert (os.stat("a.txt").st_ino, (folder / "a.txt").read_bytes()) == (inode, b"new")
    alone(folder, "a.txt")


def test_attributes_are_kept(folder):
    (folder / "a.txt").write_bytes(b"old")
    try:
        os.setxattr("a.txt", "user.note", b"mine")
    except (AttributeError, OSError):
        pytest.skip("no extended attributes here")
    replace("a.txt", b"new")
    assert os.getxattr("a.txt", "user.note") == b"mine"


def test_links_are_kept(folder):
    (folder / "a.txt").write_bytes(b"old")
    os.link("a.txt", "hard.txt")
    os.symlink("a.txt", "soft.txt")
    replace("soft.txt", b"new")
    assert os.path.islink("soft.txt")
    assert {(folder / name).read_bytes() for name in ("a.txt", "hard.txt", "soft.txt")} == {b"new"}
    alone(folder, "a.txt", "hard.txt", "soft.txt")


def test_what_cannot_be_written_over_comes_back(folder, monkeypatch):
    (folder / "a.txt").write_bytes(b"old")
    os.link("a.txt", "hard.txt")
    write, calls = replacing._write_all, []

    def full(stream, data):
        calls.append(data)
        write(stream, data[:2] if len(calls) == 1 else data)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(replacing, "_write_all", full)
    with pytest.raises(Refused, match=r"cannot write a.txt: No space left on device"):
        replace("a.txt", b"new and longer")
    assert (folder / "hard.txt").read_bytes() == b"old"
    alone(folder, "a.txt", "hard.txt")


def test_a_later_save_is_not_lost(run, folder, monkeypatch):
    """What an editor saves between the reading and the writing stays; the other files are written."""
    from cnncalc.features.rewrite import fmt_command

    (folder / "a.txt").write_text(MESSY)
    (folder / "b.txt").write_text(MESSY)
    change = fmt_command._formatted

    def saved_meanwhile(source, place):
        if source.name == "a.txt":
            (folder / "a.txt").write_text("input 1x1x1\n")
        return change(source, place)

    monkeypatch.setattr(fmt_command, "_formatted", saved_meanwhile)
    result = run("fmt", "a.txt", "b.txt")
    assert result.exit_code == 2
    assert "cannot write a.txt: somebody has changed it meanwhile, and it is left so" in result.stderr
    assert ((folder / "a.txt").read_text(), (folder / "b.txt").read_text()) == ("input 1x1x1\n", NEAT)
    alone(folder, "a.txt", "b.txt")


@pytest.mark.parametrize("words", [["fmt"], ["annotate"]])
def test_a_byte_order_mark_is_no_later_save(run, folder, words):
    (folder / "a.txt").write_bytes(b"\xef\xbb\xbfinput  3x8x8\r\nconv 4 3\r\n")
    assert run(*words, "a.txt").exit_code == 0


def test_names_beside_a_file_are_never_the_same(folder, monkeypatch):
    names = []
    create = replacing.create
    monkeypatch.setattr(replacing, "create", lambda path, data: (names.append(path), create(path, data)))
    for _ in range(3):
        replace("a.txt", b"new")
    assert len(set(names)) == 3
    assert not any(str(os.getpid()) in os.path.basename(name) for name in names)


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_nothing_beside(folder, number):
    """It comes while the file beside is there: the file is whole then, and the process ends by the signal."""
    program = (
        "import os, signal, sys; from cnncalc import replacing\n"
        "create = replacing.create\n"
        f"def late(path, data): create(path, data); os.kill(os.getpid(), {int(number)})\n"
        "replacing.create = late\n"
        "replacing.replace('a.txt', b'new')\n"
        "print('still here')\n"
    )
    (folder / "a.txt").write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (-number, 128 + number)
    assert "still here" not in done.stdout
    assert (folder / "a.txt").read_bytes() == b"new"
    alone(folder, "a.txt")


@pytest.mark.parametrize("words", [["shapes"], ["memory"], ["explain"], ["compare"], ["diff", "other.txt"], ["check"]])
def test_no_answer_goes_over_what_it_was_read_from(run, folder, words):
    files = {"lib.txt": "use deep.txt\n", "deep.txt": "block b:\n    relu\n", "other.txt": NEAT,
             "main.txt": f"use lib.txt\n{NEAT}b\n"}  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text)
    os.symlink("lib.txt", "link.txt")
    for name in ("lib.txt", "deep.txt", "main.txt", "./lib.txt", "link.txt"):
        result = run(*words, "main.txt", "-o", name)
        assert (result.exit_code, result.stderr) == (2, f"error: --output {name} is one of the specs itself\n")
    assert {name: (folder / name).read_text() for name in files} == files
    assert run(*words, "main.txt", "-o", "out.txt").exit_code == 0


CODE = """\
import torch.nn as nn
from blocks import block
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = block(3, 8)
    def forward(self, x):
        return self.a(x)
"""
BLOCKS = "import torch.nn as nn\ndef block(a, b): return nn.Sequential(nn.Conv2d(a, b, 3), nn.ReLU())\n"


@pytest.mark.parametrize(
    "words",
    [["shapes"], ["memory"], ["explain"], ["compare"], ["check"], ["diff", "net.py"], ["convert", "--to", "torch"],
     ["draw", "--format", "svg"], ["report", "--format", "html"]],
    ids=lambda words: words[0],
)  # fmt: skip
@pytest.mark.parametrize("entry", ["net.py", "net.py:Net", "net.py:Net()"])
def test_no_answer_goes_over_the_code_that_it_was_read_from(run, folder, words, entry):
    (folder / "net.py").write_text(CODE)
    (folder / "blocks.py").write_text(BLOCKS)
    for name in ("net.py", "blocks.py"):
        result = run(*words, entry, "--input", "3x8x8", "-o", name)
        assert (result.exit_code, result.stderr) == (2, f"error: --output {name} is one of the files that were read\n")
    assert ((folder / "net.py").read_text(), (folder / "blocks.py").read_text()) == (CODE, BLOCKS)


def test_what_a_sweep_goes_on_from_is_written_beside_no_file_of_others(run, folder):
    """A name beside it that can be guessed could be a link to anywhere."""
    (folder / "main.txt").write_text("let w = 8\ninput 3x16x16\nconv w 3\n")
    (folder / "mine.txt").write_text("mine")
    for name in ("s.json.part", ".s.json.part", ".s.json.tmp"):
        os.symlink("mine.txt", name)
    sweep = ["sweep", "main.txt", "--vary", "w=1..4"]
    assert run(*sweep, "--resume", "s.json").exit_code == 0
    assert (folder / "mine.txt").read_text() == "mine"
    assert run(*sweep, "--resume", "s.json").exit_code == 0
    (folder / "s.json").chmod(0o640)
    assert run(*sweep, "--resume", "no/s.json").stderr.endswith(
        "error: cannot write no/s.json: No such file or directory\n"
    )
    assert (folder / "s.json").stat().st_mode & 0o777 == 0o640
    assert not [name for name in os.listdir() if name.endswith(".tmp") and not os.path.islink(name)]


def test_no_report_goes_over_the_project(run, folder):
    table = "[tool.cnncalc]\nspecs = ['a.txt']\n"
    (folder / "pyproject.toml").write_text(table)
    (folder / "a.txt").write_text(NEAT)
    run("check", "--update-baseline")
    for name in ("pyproject.toml", "cnncalc-baseline.json", "a.txt"):
        assert run("check", "-o", name, "--format", "json").exit_code == 2
    assert (folder / "pyproject.toml").read_text() == table


@pytest.mark.skipif(os.name == "nt", reason="no locks there")
def test_updates_of_one_baseline_at_once_lose_nothing(start, run, folder):
    names = [f"n{number}.txt" for number in range(6)]
    for name in names:
        (folder / name).write_text(NEAT)
    assert run("check", "--update-baseline", names[0]).exit_code == 0
    started = [start("check", "--update-baseline", name, cwd=folder) for name in names[1:]]
    for process in started:
        process.communicate(timeout=120)
        assert process.returncode == 0
    text = (folder / "cnncalc-baseline.json").read_text()
    assert [name for name in names if f'"{name}"' not in text] == []


@pytest.mark.skipif(os.name == "nt", reason="no locks there")
def test_who_has_a_folder_lets_others_wait(folder):
    order = []

    def other():
        with writing.locked(str(folder)):
            order.append("other")

    with writing.locked(str(folder)):
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.2)
        order.append("first")
    thread.join(60)
    assert order == ["first", "other"]
    alone(folder)


def test_a_baseline_that_another_has_written_meanwhile_is_kept(run, folder, monkeypatch):
    """What came between the reading and the writing of a baseline is in it afterwards."""
    from cnncalc.features.check import specs

    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(NEAT)
    check = specs.run
    asked = []

    def meanwhile(*arguments):
        if not asked:
            asked.append(True)
            assert run("check", "--update-baseline", "b.txt").exit_code == 0
        return check(*arguments)

    monkeypatch.setattr(specs, "run", meanwhile)
    assert run("check", "--update-baseline", "a.txt").exit_code == 0
    text = (folder / "cnncalc-baseline.json").read_text()
    assert '"a.txt"' in text
    assert '"b.txt"' in text
