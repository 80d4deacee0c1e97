"""Completion in the shells themselves, in a pseudo-terminal: what Tab makes of what is typed."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from cnncalc.measure.conventions import CONVENTIONS
from readme import ROOT
from terminal import Shell

SPEC = """\
model Small
a = input 3x8x8
b = input 3x8x8
let width = 8
let rounds = 2
block twice(c):
    conv c 3 pad=1
    y = relu
join = add @a @b
repeat rounds:
    twice width
    loop = relu
top = conv width 1
fc_one = relu
"""
CODE = """\
import torch.nn as nn

class BigNet(nn.Module):
    pass

def make_net(classes=10):
    return BigNet()

def helper(x):
    return x
"""
NAMES = ("bash", "zsh", "fish")
SOURCES = {"bash": 'eval "$(cnncalc completion bash)"', "zsh": "source <(cnncalc completion zsh); bindkey -e",
           "fish": "cnncalc completion fish | source"}  # fmt: skip
#: What is typed before Tab, and the words that the shell has then.
TYPED = {
    "cnncalc comple": ["completion"],
    "cnncalc shapes --colu": ["shapes", "--columns"],
    "cnncalc shapes @resnet5": ["shapes", "@resnet50"],
    'cnncalc shapes "@resnet5': ["shapes", "@resnet50"],
    "cnncalc shapes @pairs/pl": ["shapes", "@pairs/plain"],
    "cnncalc compare @resnet18 @resnet5": ["compare", "@resnet18", "@resnet50"],
    "cnncalc shapes --count fvcore,th": ["shapes", "--count", "fvcore,thop"],
    "cnncalc shapes --count=fvcore,onnx-tool-": ["shapes", "--count=fvcore,onnx-tool-1.0.1"],
    "cnncalc shapes --columns +jump,fla": ["shapes", "--columns", "+jump,fla"],
    "cnncalc shapes --columns=+jump,buf": ["shapes", "--columns=+jump,buffers"],
    "cnncalc shapes --sort fil": ["shapes", "--sort", "filter"],
    "cnncalc shapes model.txt --set wid": ["shapes", "model.txt", "--set", "width="],
    "cnncalc shapes model.txt --set=wid": ["shapes", "model.txt", "--set=width="],
    "cnncalc compare model.txt --vary rou": ["compare", "model.txt", "--vary", "rounds="],
    "cnncalc shapes --input b": ["shapes", "--input", "b="],
    "cnncalc shapes @lenet5 --input 1x": ["shapes", "@lenet5", "--input", "1x32x32"],
    "cnncalc explain @alexnet dropout1": ["explain", "@alexnet", "dropout1"],
    "cnncalc explain model.txt fc_": ["explain", "model.txt", "fc_one"],
    "cnncalc explain fc_": ["explain", "fc_one"],
    "cnncalc explain model.txt twice1": ["explain", "model.txt", "twice1/y"],
    "cnncalc explain model.txt twice2/y": ["explain", "model.txt", "twice2/y"],
    "cnncalc explain model.txt 'loop[1": ["explain", "model.txt", "loop[1]"],
    "cnncalc compare model.txt --layer to": ["compare", "model.txt", "--layer", "top"],
    "cnncalc layers BatchNorm2": ["layers", "BatchNorm2d"],
    "cnncalc shapes net.py:Big": ["shapes", "net.py:BigNet"],
    "cnncalc shapes 'net.py:Big": ["shapes", "net.py:BigNet"],
    "cnncalc diff net.py:make_": ["diff", "net.py:make_net"],
    "cnncalc help exi": ["help", "exit-codes"],
    "cnncalc new unet -o sub/m": ["new", "unet", "-o", "sub/my net.txt"],
    "cnncalc shapes sub/my": ["shapes", "sub/my net.txt"],
    "cnncalc shapes mod": ["shapes", "model.txt"],
    "cnncalc check --config=pyp": ["check", "--config=pyproject.toml"],
    "cnncalc diff old:mod": ["diff", "old:model.txt"],
    "cnncalc diff old:sub/my": ["diff", "old:sub/my net.txt"],
    "cnncalc diff feature/o": ["diff", "feature/one"],
    "true && cnncalc shapes @resnet5": ["shapes", "@resnet50"],
    "cnncalc no-such thing": ["no-such", "thing"],
    "cnncalc shapes broken.txt --set x": ["shapes", "broken.txt", "--set", "x"],
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with a spec, a repository, and a command `cnncalc`."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "bin").mkdir()
    command = folder / "bin" / "cnncalc"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m cnncalc "$@"\n')
    command.chmod(0o755)
    (folder / "sub").mkdir()
    for name in ("model.txt", "sub/my net.txt"):
        (folder / name).write_text(SPEC)
    (folder / "broken.txt").write_text("input 3x8x8\nlet x = (\n")
    (folder / "net.py").write_text(CODE)
    (folder / "pyproject.toml").touch()
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["commit", "-q", "-m", "one"],
        ["branch", "feature/one"],
        ["tag", "old"],
    ):
        subprocess.run([*git, *words], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module", params=NAMES)
def shell(request, project):
    """A shell that completes cnncalc."""
    if os.name == "nt" or not shutil.which(request.param):
        pytest.skip(f"no {request.param} here")
    path = f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}"
    shell = Shell(request.param, project, {"PATH": path})
    shell.type(f"{SOURCES[request.param]}\recho rea''dy\r")
    shell.wait("ready\r\n")
    yield shell
    shell.close()


def words_after(shell, typed):
    """The words that stand on the line when Tab has been pressed behind `typed`."""
    deleted = "\x04" * typed.find("cnncalc")
    shell.type(f"{typed}\t\x01{deleted}printf '<%s>\\n' \x05 'e'nd\r")
    return re.findall("<([^<>]*)>\r+\n", shell.wait("<end>\r\n"))[:-1]


@pytest.mark.parametrize("typed", TYPED)
def test_what_tab_makes_of_it(shell, typed):
    assert words_after(shell, typed) == ["cnncalc", *TYPED[typed]]


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
def test_zsh_cuts_what_is_said_between_words(project):
    """What does not fit behind a word ends in an ellipsis, not in half a word; it is whole where there is room."""
    path = f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}"
    shell = Shell("zsh", project, {"PATH": path, "COLUMNS": "80"})
    try:
        shell.type(f"stty columns 80; {SOURCES['zsh']}\recho rea''dy\r")
        shell.wait("ready\r\n")
        shell.type("cnncalc conventions \t\t")
        seen = shell.wait("onnx-tool-1.0.1", quiet=1.5)
    finally:
        shell.close()
    said = re.findall(r"--\s(\S[^\r\n\x1b]*)", seen)
    assert len(said) > 5
    whole = {" ".join(one.about.split()) for one in CONVENTIONS.values()}
    for one in map(str.rstrip, said):
        start = one.removesuffix("…")
        assert any(text == one or text.startswith(f"{start} ") for text in whole), one
