"""No input, however broken or hostile, gives a traceback, a hang or unbounded memory: it gives an answer."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import zipfile

import pytest

from .conftest import ROOT, SECONDS, ended, start

IN = "input 3x8x8\n"


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data.pkl", b"\x80\x02")
    return file.getvalue()


# --- files that are no specs ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture"),
        (zipped(), "a zip archive"),
        (gzip.compress(b"input 3x8x8"), "a gzip archive"),
        (pickle.dumps({"conv.weight": 1}), "a Python pickle"),
        (f"{IN}relu\n".encode("utf-16"), "UTF-16 text"),
        (f"{IN}relu\n".encode("utf-16-le"), "zero byte"),
        (f"model café\n{IN}relu\n".encode("latin-1"), "Latin-1"),
        (bytes(range(256)) * 50, "binary"),
        (b"input 3x8x8\nconv 4 3\x00\nrelu\n", "line 2 has a zero byte"),
        (b"(dp0\nVa\np1\nI1\ns.", "never closed"),
    ],
    ids=["png", "zip", "gzip", "pickle", "utf-16", "utf-16-le", "latin-1", "binary", "zero byte", "old pickle"],
)  # fmt: skip
def test_no_text(shapes, data, said):
    assert said in shapes(data).fault()


@pytest.mark.parametrize("text", ["", "\n", "  \n\n", "# only\n\n  # comments\n", "\ufeff", "\r\n\r\n"])
def test_nothing_in_it(shapes, text):
    assert "the spec is empty" in shapes(text).fault("1:1")


def test_an_80_mb_line(shapes):
    assert "MiB" in shapes(b"conv 64 3 | " * (7 * 10**6)).fault()


@pytest.mark.parametrize("piece", ["a", "conv 64 3 | ", "(", '"', "- ", "1+", "# ", "\u00a0", "->", "1,000"])
def test_a_line_of_megabytes(shapes, piece):
    shapes(IN + piece * (20_000_000 // len(piece)) + "\n").fault()


def test_millions_of_lines(shapes):
    shapes(IN + "$\n" * 2_000_000).fault("2:1")
    assert "lines" in shapes(b"\n" * 60_000_000).fault()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("input 3x8x8\rrelu\r", "1:12"),
        ("input 3x8x8\nre\x07lu\n", "2:3"),
        ("input 3x8x8\nrelu\u2028conv 4 3\n", "2:5"),
        ("input 3x8x8\nrepeat 2:\n\trelu\n", "3:1"),
        ("input 3x8x8\n\u200brelu\n", "2:1"),
        ("input 3x8x8\nconv \u0664 3\n", "2:6"),
        ("input 3x8x8\n\ufeffrelu\n", "2:1"),
        ("\ufeff\ufeffinput 3x8x8\nrelu\n", "1:1"),
    ],
    ids=["lone CR", "bell", "U+2028", "tab", "zero width", "Arabic digit", "BOM within", "two BOMs"],
)
def test_odd_characters(shapes, text, place):
    shapes(text).fault(place)


@pytest.mark.parametrize(
    "text",
    [
        "input 3x8x8\r\nconv 4 3 -> 4x6x6\r\nadd:\r\n    -\r\n      relu\r\n    - \r\n-> 4x6x6\r\n",
        "\ufeffinput 3x8x8\nrelu\n",
        "input\u00a03x8x8\u00a0\nconv\u00a04 3\n",
        "input 3x8x8\nconv\t4\t3\t|\trelu\n\t\n",
        "input 3x8x8\nrelu",
    ],
    ids=["CR LF", "BOM", "NBSP", "tabs between words", "no last line end"],
)
def test_odd_but_right(shapes, text):
    assert shapes(text).code == 0


# --- nesting and length -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("".join(f"{' ' * level}if yes:\n" for level in range(10_000)), "62:61"),
        ("".join(f"{' ' * level}relu\n" for level in range(5_000)), "3:2"),
        ("add:\n" + "".join(f"{' ' * level}- add:\n" for level in range(1, 10_000)), None),
        ("add:\n" + "".join(f"{' ' * 2 * level}- add:\n" for level in range(1, 5_000)) + " " * 10_000 + "- relu\n", None),
        ("add:\n" + "".join(f"{' ' * level}-\n" for level in range(1, 10_000)), None),
        ("- " * 10_000 + "\n", "2:3"),
        ("add:\n  " + "- " * 100_000 + "relu\n  - relu\n", None),
        ("conv " + "(" * 10_000 + "1" + ")" * 10_000 + " 3\n", None),
        ("conv " + "(" * 10_000 + "\n", None),
        ("let a = " + "-" * 10_000 + "1\n", None),
        ("let a = " + "not " * 10_000 + "yes\n", None),
        ("let a = " + "max(1, " * 10_000 + "1" + ")" * 10_000 + "\n", None),
        ("conv " + "2**" * 10_000 + "2 1\n", None),
        ("conv 2**2**2**2**2**2 1\n", "2:9"),
        ("conv 9**9**9**9 1\n", None),
        ("conv 1 " + "9" * 10_000 + "\n", "2:8"),
        ("resize 0." + "0" * 10_000 + "1\n", "2:8"),
        ("require params < 1" + ",000" * 10_000 + "\n", None),
        ("conv 3 " + "x".join("1" * 10_000) + "\n", None),
        ("pad " + "x".join(["1:1"] * 10_000) + "\n", None),
        ("relu -> " + "x".join("1" * 10_000) + "\n", None),
        ("reshape (" + ", ".join("1" * 10_000) + ")\n", None),
        ("conv " + "1 " * 20_000 + "\n", None),
        ("conv " + " ".join(f"key{index}=1" for index in range(20_000)) + "\n", None),
        ("x" * 50_000 + " = nothing\n", None),
        ("nn.Conv2d(" + "(" * 900 + ")" * 900 + ")\n", None),
    ],
    ids=["if", "steps", "paths 1", "paths 2", "dashes below", "dashes in a line", "dashes in a path", "parentheses",
         "open parentheses", "signs", "not", "calls", "powers", "a tower", "9**9**9**9", "10,000 digits",
         "10,000 decimals", "groups of digits", "size", "pads", "arrow", "shape", "arguments", "keys", "name",
         "pasted"],
)  # fmt: skip
def test_nested_and_long(shapes, text, place):
    done = shapes(IN + text)
    done.fault(place or "")
    assert len(done.err) < 50_000
    assert len(done.out) < 50_000


def test_a_hundred_thousand_terms(shapes):
    assert "over 1,000 words" in shapes(f"{IN}conv {'+'.join('1' * 100_000)} 1\n").fault()


def test_a_long_expression_in_every_round(shapes):
    shapes(f"{IN}repeat 10**6:\n    let a = {'+'.join('1' * 1000)}\n").fault()


# --- loops and circles ------------------------------------------------------------------------------

FEW = ("--max-layers", "10000")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    relu\n", "layers"),
        ("    conv 4 99\n", "layers"),
        ("    x = conv 3 1\n", "layers"),
        ("    conv i+1 1\n", "layers"),
        ("    add:\n        -\n        - relu\n", "layers"),
        ("    conv 3 3 pad=1 | conv 3 3 pad=1 | conv 3 3 pad=1 -> (i+4, 9, 9)\n", "layers"),
        ("    concat:\n        -\n        - relu\n", "layers"),
        ("    resize 1000\n", "layers"),
        ("    conv 3 1 stride=1000\n", "layers"),
        ("    let a = i\n", "steps"),
        ("    if i < 0:\n        relu\n", "steps"),
        ("    repeat 0:\n        relu\n", "steps"),
        ("    repeat 10**12:\n        repeat 10**12:\n            -> 3x8x8\n", "steps"),
        ("    default conv pad=i\n", "steps"),
        ("    -> 3x8x8\n", "steps"),
        ("    @input\n", "steps"),
        ("    nothing\n", "steps"),
        ("    empty\n", "steps"),
        ("    let a = 9**9**9\n", "steps"),
        ("    # nothing\n", "body is missing"),
        ("", "body is missing"),
    ],
)
def test_runaway_repeats(shapes, body, said):
    block = "block nothing:\n    if C == 0:\n        relu\nblock empty:\n    let a = 1\n"
    done = shapes(f"{IN}{block}repeat 10**12 as i:\n{body}relu\n", *FEW)
    done.fault()
    assert said in done.err


def test_the_limits_of_the_command_line(shapes):
    assert "steps" in shapes(f"{IN}repeat 10**12:\n    let a = 1\n").fault()


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("block f:\n    f\nf\n", "3:5", "f -> f"),
        ("block f:\n    g\nblock g:\n    f\nf\n", "5:5", "f -> g -> f"),
        ("block f(g):\n    g f\nf f\n", "3:5", "uses itself"),
        ("block f(g):\n    g g\n    g g\nf f\n", "3:5", "uses itself"),
        ("block f(g, h):\n    g h g\nblock k(a, b):\n    a b a\nf k f\n", None, "uses itself"),
        ("block f(g=f):\n    g\nf\n", "3:5", "uses itself"),
        ("let g = f\nblock f:\n    add:\n        - g\n        - relu\nf\n", "5:11", "uses itself"),
    ],
)
def test_blocks_that_use_themselves(shapes, text, place, said):
    assert said in shapes(IN + text).fault(place or "")


def test_blocks_that_double(shapes):
    """2**50 calls, with layers and without."""
    blocks = "".join(f"block b{index}:\n    b{index + 1}\n    b{index + 1}\n" for index in range(50))
    for last in ("relu", "if no:\n        relu"):
        done = shapes(f"{IN}{blocks}block b50:\n    {last}\nb0\n", *FEW)
        assert "too many" in done.fault() or "more than" in done.fault()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"spec.txt": "use spec.txt\n"}, "circle"),
        ({"spec.txt": "use a.txt\n", "a.txt": "use b.txt\n", "b.txt": "use a.txt\n"}, "circle"),
        ({"spec.txt": "use a.txt\n", "a.txt": "use spec.txt\n"}, "circle"),
        ({"spec.txt": "use d/../a.txt\n", "a.txt": "use d/../a.txt\nuse ./d/../a.txt\n", "d/x.txt": ""}, "circle"),
        ({"spec.txt": "use d\n", "d/x.txt": ""}, "folder"),
        ({"spec.txt": "use a.txt\n"}, "no such file"),
        ({"spec.txt": "use a.txt\n", "a.txt": "\x00"}, "zero byte"),
        ({"spec.txt": "use /dev/zero\n"}, "relative"),
        ({"spec.txt": f"use {'../' * 30}dev/zero\n"}, "leads out of the project"),
        ({"spec.txt": f"use {'a' * 5000}\n"}, "name too long"),
        ({"spec.txt": "use a.txt/b.txt\n", "a.txt": ""}, "spec.txt"),
    ],
)
def test_used_files(tmp_path, worker, files, said):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = worker.run(["shapes", "spec.txt"], tmp_path)
    done.fault()
    assert said.lower() in done.err.lower()


def test_a_chain_of_used_files(tmp_path, worker):
    for index in range(200):
        (tmp_path / f"f{index}.txt").write_text(f"use f{index + 1}.txt\n")
    assert "deeper" in worker.run(["shapes", "f0.txt"], tmp_path).fault()


# --- what is read and written -----------------------------------------------------------------------


@pytest.mark.parametrize("file", ["missing.txt", ".", "folder", "folder/", "a\nb", "", "@nothing", "a" * 5000])
def test_no_such_file(tmp_path, worker, file):
    (tmp_path / "folder").mkdir()
    worker.run(["shapes", file], tmp_path).fault()


def test_an_unreadable_file(tmp_path):
    (tmp_path / "spec.txt").write_text(f"{IN}relu\n")
    (tmp_path / "spec.txt").chmod(0)
    if os.access(tmp_path / "spec.txt", os.R_OK):
        pytest.skip("root reads everything")
    assert "permission" in ended(start("shapes", "spec.txt", cwd=tmp_path)).fault().lower()


def test_a_file_without_an_end(tmp_path):
    assert "MiB" in ended(start("shapes", "/dev/zero", cwd=tmp_path)).fault()


def test_an_empty_device(tmp_path):
    assert "empty" in ended(start("shapes", "/dev/null", cwd=tmp_path)).fault()


def test_a_pipe_with_a_name(tmp_path):
    """As a FILE it is read to its end; in a `use` line it is refused, not waited for."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "spec.txt").write_text(f"use pipe.txt\n{IN}relu\n")
    assert "regular" in ended(start("shapes", "spec.txt", cwd=tmp_path)).fault("1:5")
    process = start("shapes", "pipe.txt", cwd=tmp_path)
    writer = threading.Thread(target=(tmp_path / "pipe.txt").write_text, args=(f"{IN}relu\n",))
    writer.start()
    assert ended(process).code == 0
    writer.join()


def test_standard_input():
    assert ended(start("shapes", "-", stdin=subprocess.PIPE), f"{IN}relu\n".encode()).code == 0
    assert "binary" in ended(start("shapes", "-", stdin=subprocess.PIPE), b"\x01\xff" * 1000).fault()
    assert "empty" in ended(start("shapes", "-")).fault()


@pytest.mark.parametrize("arguments", [["shapes", "-"], ["shapes", "spec.txt"], ["layers"], ["--version"]])
@pytest.mark.parametrize("stream", [0, 1, 2])
def test_a_closed_stream(tmp_path, arguments, stream):
    (tmp_path / "spec.txt").write_text(f"{IN}maxpool 3 pad=2\n")
    done = ended(start(*arguments, cwd=tmp_path, closed=stream))
    assert done.code == (2 if "-" in arguments else 0), done


def test_a_closed_pipe(tmp_path):
    (tmp_path / "spec.txt").write_text(f"{IN}repeat 30000:\n    relu\n")
    process = start("shapes", "spec.txt", cwd=tmp_path)
    assert process.stdout
    process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    done = ended(process)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("arguments", [["-"], ["spec.txt", "--max-layers", "100000000"]])
def test_interrupted(tmp_path, arguments):
    """While it waits for standard input, and in the middle of its work."""
    (tmp_path / "spec.txt").write_text(f"{IN}repeat 10**8:\n    conv 3 1\n")
    process = start("shapes", *arguments, cwd=tmp_path, stdin=subprocess.PIPE)
    time.sleep(1.5)
    assert process.poll() is None, ended(process)
    process.send_signal(signal.SIGINT)
    done = ended(process)
    assert (done.code, done.out, done.err.strip()) == (130, "", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("output", [None, "/dev/full"])
@pytest.mark.parametrize("form", ["plain", "json", "csv"])
def test_a_full_disk(tmp_path, output, form):
    (tmp_path / "spec.txt").write_text(f"{IN}repeat 1000:\n    relu\n")
    options = ["--output", output] if output else []
    with open("/dev/full", "wb") as full:
        stdout = subprocess.PIPE if output else full
        done = ended(start("shapes", "spec.txt", "--format", form, *options, cwd=tmp_path, stdout=stdout))
    assert "No space left on device" in done.fault()


@pytest.mark.parametrize("output", ["folder", "folder/", "missing/out.txt", "spec.txt", "a" * 5000, ""])
def test_nowhere_to_write(tmp_path, worker, output):
    (tmp_path / "folder").mkdir()
    (tmp_path / "spec.txt").write_text(f"{IN}relu\n")
    worker.run(["shapes", "spec.txt", "--output", output], tmp_path).fault()
    assert (tmp_path / "spec.txt").read_text() == f"{IN}relu\n"
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "spec.txt"}


# --- large, and right -------------------------------------------------------------------------------


def seconds(shapes, text: str, *options: str) -> float:
    began = time.monotonic()
    assert shapes(text, *options).code == 0
    return time.monotonic() - began


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (lambda count: IN + "relu\n" * count, 30_000),
        (lambda count: f"{IN}repeat {count}:\n    conv 3 3 pad=1\n", 100_000),
        (lambda count: IN + "".join(f"x{n} = relu\nadd @{'x' * (n > 0)}{n - 1 if n else 'input'}\n" for n in range(count // 2)), 20_000),
    ],
    ids=["lines", "rounds", "add @previous"],
)  # fmt: skip
def test_a_long_chain_takes_time_in_proportion(shapes, text, count):
    """A hundred thousand layers work, and take about five times as long as twenty thousand."""
    seconds(shapes, text(100))
    small, large = seconds(shapes, text(count // 5)), seconds(shapes, text(count))
    assert large < 15 * small + 1, f"{small:.2f} s, {large:.2f} s"


@pytest.mark.parametrize(
    "words", [["shapes", "--format", "json"], ["memory"], ["explain"], ["check"], ["annotate", "--check"]]
)
def test_too_little_memory_is_said(tmp_path, words):
    (tmp_path / "spec.txt").write_text(f"{IN}repeat 999999:\n    relu\n")
    command = f"ulimit -v 200000; exec {sys.executable} -m cnncalc {words[0]} spec.txt {' '.join(words[1:])}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True,
                          timeout=SECONDS, check=False)  # fmt: skip
    assert done.returncode == 2
    said = "out of memory: --max-layers stops a network that is too large for this machine"
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
