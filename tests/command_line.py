"""A command line to call, in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

LENET = """\
model LeNet-5
input 1x32x32

conv 6 5 | tanh | avgpool 2     -> 6x14x14
conv 16 5 | tanh | avgpool 2
flatten
fc 10
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder of a test, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run():
    """Calls the command line in this process; the result has stdout, stderr and exit_code."""
    from cnncalc.cli import main

    def call(*arguments, **more):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="cnncalc", **more)

    return call


@pytest.fixture
def spec(folder):
    """Writes a spec, LeNet-5 if it is not told another, and returns its name."""

    def write(text=LENET, name="model.txt"):
        (folder / name).write_text(text, encoding="utf-8", newline="")
        return name

    return write


@pytest.fixture
def start():
    """Starts the command line in a process of its own."""
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))

    def call(*arguments, environment=None, **more):
        command = [sys.executable, "-m", "cnncalc", *arguments]
        variables = {**os.environ, "PYTHONPATH": path, **(environment or {})}
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **more}
        return subprocess.Popen(command, env=variables, **more)

    return call
