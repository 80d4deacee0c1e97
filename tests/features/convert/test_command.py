"""`cnncalc convert` as a user sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli import main
from cnncalc.convert.out.formats import DEFAULT_OPSET, FORMATS
from cnncalc.features.convert.command import _TARGETS

pytestmark = pytest.mark.usefixtures("folder")


def run(*words: str, code: int = 0, stdin: bytes | None = None) -> bytes:
    result = CliRunner().invoke(main, ["convert", *words], input=stdin)
    assert result.exit_code == code, result.output
    return result.stdout_bytes if code == 0 else result.stderr_bytes


def said(*words: str, code: int = 2) -> str:
    return run(*words, code=code).decode()


def test_the_formats_are_those_of_the_writers() -> None:
    assert set(_TARGETS) == set(FORMATS)
    assert f"else {DEFAULT_OPSET}." in " ".join(run("--help").decode().split())


def test_onnx_in_a_pipe_and_in_a_file() -> None:
    pytest.importorskip("onnx")
    data = run("@lenet5", "--to", "onnx")
    assert run("@lenet5", "-o", "net.onnx") == b""
    assert Path("net.onnx").read_bytes() == data
    assert b"61,706 parameters" in CliRunner().invoke(main, ["shapes", "-"], input=data).stdout_bytes
    assert run("net.onnx", "--to", "onnx", "--weights", "none", "--opset", "13") != data


def test_onnx_is_nothing_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True)
    assert "write -o lenet5.onnx, or pipe it on" in said("@lenet5", "--to", "onnx")


def test_only_the_first_unknown_shape_is_told() -> None:
    Path("net.txt").write_text("input 3x8x8\nop Warp\nrelu | conv 4 3\n")
    for target in _TARGETS[1:]:
        assert said("net.txt", "--to", target).count("nothing is known of its shape") == 1


def test_source_by_the_name_of_a_file() -> None:
    assert "add --to torch, --to keras" in said("@lenet5", "-o", "net.py")
    run("@lenet5", "--to", "keras", "-o", "net.py", "--name", "My Net")
    assert "def my_net() -> keras.Model:" in Path("net.py").read_text()
    assert b"61,706 parameters" in CliRunner().invoke(main, ["shapes", "net.py"]).stdout_bytes


def test_which_format() -> None:
    assert "which format? --to " in said("@lenet5")
    assert "-o net.xyz does not tell the format: add --to " in said("@lenet5", "-o", "net.xyz")
    assert not Path("net.xyz").exists()


@pytest.mark.parametrize(
    ("target", "name", "writes"),
    [("keras", "net.keras", "Python code, a .py file"), ("keras", "net.h5", "Python code, a .py file"),
     ("torch", "net.onnx", "Python code, a .py file"), ("torch", "net.pt", "Python code, a .py file"), ("spec", "net.py", "a spec, a .txt file"),
     ("onnx", "net.py", "an ONNX graph, a .onnx file")],
)  # fmt: skip
def test_the_name_of_another_format(target: str, name: str, writes: str) -> None:
    assert f"-o {name} is the name of another format: --to {target} writes {writes}" in said(
        "@lenet5", "--to", target, "-o", name
    )
    assert not Path(name).exists()
    run("@lenet5", "--to", "spec", "-o", "net.spec")


def test_never_over_what_was_read() -> None:
    pytest.importorskip("onnx")
    Path("net.txt").write_text("input 3x8x8\nconv 4 3\n")
    assert "--output net.txt is the spec itself" in said("net.txt", "--to", "onnx", "-o", "net.txt")
    assert Path("net.txt").read_text() == "input 3x8x8\nconv 4 3\n"


def test_a_file_that_is_no_spec_is_the_one_that_was_read() -> None:
    lines = ["import torch.nn as nn", "class Net(nn.Module):", "    def forward(self, x):", "        return x.relu()"]
    Path("net.py").write_text("\n".join(lines))
    text = said("net.py", "--input", "3x8x8", "--to", "keras", "-o", "net.py")
    assert text == "error: --output net.py is the file that was read\n"


@pytest.mark.parametrize(
    ("lines", "spec", "torch"),
    [
        ("conv 4 3\nrequire params < 1000\nrequire macs < 1M\n", "2 require lines are", "2 require lines are"),
        ("conv 4 3  # why\n", "1 comment is", "1 comment is"),
        ("conv 4 3 -> 4x6x6\n", "", "1 arrow is"),
        ("conv 4 3 -> (4, H, W)\n", "1 arrow with variables is", "1 arrow is"),
        ("# a\nconv 4 3 -> 4x6x6\nrelu -> (C, 6, 6)\nrequire params > 1\n",
         "1 require line, 1 comment and 1 arrow with variables are", "1 require line, 1 comment and 2 arrows are"),
        ("conv 4 3\n", "", ""),
    ],
)  # fmt: skip
def test_what_a_spec_says_besides_is_not_written(lines: str, spec: str, torch: str) -> None:
    Path("net.txt").write_text(f"input 3x8x8\n{lines}")
    for target, count in (("spec", spec), ("torch", torch), ("keras", torch)):
        result = CliRunner().invoke(main, ["convert", "net.txt", "--to", target])
        assert result.exit_code == 0
        assert result.stderr == (f"note: {count} not written\n" if count else "")
        assert CliRunner().invoke(main, ["convert", "net.txt", "--to", target, "-q"]).stderr == ""


def test_what_cannot_be_said_is_listed() -> None:
    pytest.importorskip("onnx")
    Path("net.txt").write_text("input 3x8x8\nop Warp shape=3x4x4\nlocalconv 4 3\n")
    text = said("net.txt", "-o", "net.onnx")
    assert "net.txt:2:1: error: 'op1' (op): no kind of layer says what 'Warp' does" in text
    assert "net.txt:3:1: error: 'localconv1' (localconv): ONNX has no operator for localconv" in text
    assert not Path("net.onnx").exists()
    run("net.txt", "-o", "net.onnx", "--partial")
    assert Path("net.onnx").exists()
    assert run("net.txt", "--to", "onnx", "--partial", "--strict", code=1)


def test_faults_of_the_spec() -> None:
    Path("net.txt").write_text("input 3x8x8\nconv 4 30\n")
    assert "does not fit" in said("net.txt", "-o", "net.onnx")
    Path("net.txt").write_text("block b(n):\n    conv n 3\n")
    assert "defines blocks only" in CliRunner().invoke(main, ["convert", "net.txt", "--to", "onnx"]).stderr


def test_a_failed_expectation_is_written_all_the_same() -> None:
    pytest.importorskip("onnx")
    Path("net.txt").write_text("input 3x8x8\nconv 4 3 -> 4x9x9\n")
    assert "4x9x9" in said("net.txt", "-o", "net.onnx", code=1).replace("×", "x")
    assert Path("net.onnx").exists()


def test_versions_and_seeds() -> None:
    pytest.importorskip("onnx")
    assert "version 7 of the operators: 13 to" in said("@lenet5", "--to", "onnx", "--opset", "7")
    one, two = (run("@lenet5", "--to", "onnx", "--seed", seed) for seed in ("0", "17"))
    assert one != two
    assert "is not a whole number" in said("@lenet5", "--to", "onnx", "--seed", "-1")


def test_without_the_package() -> None:
    code = "import sys; sys.modules['onnx'] = None; from cnncalc.cli import run; run()"
    words = [sys.executable, "-c", code, "convert", "@lenet5", "--to", "onnx"]
    found = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == "error: onnx is written with the package onnx: pip install 'cnncalc[onnx]'\n"
