"""How the work on many candidates is dealt out, by whom it is done, and what it is gone on from."""

import json
import random
import time
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest

import cnncalc
from cnncalc.diagnostics import Source
from cnncalc.interpret.reading.files import Bundled, Files, read_source
from cnncalc.variants import running
from cnncalc.variants import task as tasks
from cnncalc.variants.asking import AskError, Asking, SweepRequest
from cnncalc.variants.chunks import Chunk, chunks
from cnncalc.variants.result import what_stops
from cnncalc.variants.running import EngineError, ResumeError, SweepRun, Workers, workers
from cnncalc.variants.space import Axis, Space, parted
from cnncalc.variants.summary import joined
from cnncalc.variants.task import OtherVersion, folder_of, work

TEXT = "let n = 2\nlet m = 2\ninput 3x8x8\nconv n 3 | conv m 3\nif n == m:\n    conv 1 9"


def asking(text=TEXT, vary=None, folder=None, **asked):
    request = SweepRequest({"n": "1..9", "m": "1..6"} if vary is None else vary, **asked)
    return Asking(Source("net.txt", text), folder, request, {}, {}, 10**6, "net.txt")


# --- spaces and parts -------------------------------------------------------------------------------

AXES = (
    Axis("a", (1, 2, 3)), Axis("act", ("x", "y")), Axis("r", (Fraction(1, 2), 1)), Axis("i", ((3, 8, 8), (3, 9, 9)), True), Axis("j", ((3, 8), (4,)), True),
)  # fmt: skip


def test_a_space_is_all_combinations_of_its_values():
    space = Space(AXES)
    assert [axis.name for axis in space.worded] == ["act", "j"]
    assert (space.size, space.shape, space.block_size, space.blocks) == (48, (3, 2, 2), 12, 4)
    every = [space.settings(index) for index in range(48)]
    assert len({tuple(one.values()) for one in every}) == 48
    assert every[0] == {"a": 1, "act": "x", "r": Fraction(1, 2), "i": (3, 8, 8), "j": (3, 8)}
    assert every[17] == {"a": 2, "act": "x", "r": Fraction(1, 2), "i": (3, 9, 9), "j": (4,)}
    assert every[-1] == {"a": 3, "act": "y", "r": 1, "i": (3, 9, 9), "j": (4,)}
    assert [space.places(index) for index in (0, 1, 5)] == [(0, 0, 0), (0, 0, 1), (1, 0, 1)]
    assert parted(AXES, every[0]) == ({"a": 1, "act": "x", "r": Fraction(1, 2)}, {"i": (3, 8, 8), "j": (3, 8)})
    assert (Space(()).size, Space((Axis("a", ("x",)),)).blocks, Space((Axis("a", ()),)).blocks) == (1, 1, 0)


@pytest.mark.parametrize("sizes", [(5,), (3, 4), (2, 3, 5), (7, 1, 2)])
@pytest.mark.parametrize("size", [1, 3, 4, 10, 1000])
def test_chunks_are_the_whole_space_in_order(sizes, size):
    space = Space(
        [Axis("w", ("x", "y")), *[Axis(str(place), tuple(range(count))) for place, count in enumerate(sizes)]]
    )
    found = []
    for part in chunks(space, size):
        inner = np.arange(space.block_size).reshape(space.shape)[part.first][part.start : part.stop].reshape(-1)
        assert 0 < len(inner) <= max(size, 1)
        found += [part.block * space.block_size + int(index) for index in inner]
    assert found == list(range(space.size))
    if size == 1000:
        assert list(chunks(space, size)) == [Chunk(block, (), 0, sizes[0]) for block in (0, 1)]


def test_what_is_drawn():
    task = asking(vary={"n": "1..9", "m": "1..6", "input": "3x8x8,3@9"}, sample=20, seed=3)().task
    parts = list(task.parts())
    drawn = [block * 54 + index for block, indices in parts for index in indices]
    assert drawn == sorted(random.Random(3).sample(range(108), 20))
    assert [block for block, _ in parts] == [0, 1]
    assert asking(sample=54)().task.parts().__next__() == Chunk(0, (), 0, 9)


def test_what_is_drawn_in_stretches(monkeypatch):
    monkeypatch.setattr(tasks, "_SAMPLED", 7)
    task = asking(sample=20, seed=3)().task
    assert [len(indices) for _, indices in task.parts()] == [7, 7, 6]


def test_keys_are_equal_for_equal_sweeps():
    assert asking()().task.key == asking()().task.key
    assert (
        len(
            {
                asking(**more)().task.key
                for more in ({}, {"seed": 1}, {"top": 3}, {"where": "n > 2"}, {"vary": {"n": "1..8", "m": "1..6"}})
            }
        )
        == 5
    )
    other = asking()().task._replace(version="0")
    with pytest.raises(OtherVersion, match=rf"a worker has cnncalc {cnncalc.__version__}, and this is 0"):
        work(other, other.key, [])


def test_files_that_a_spec_uses_are_sent_along(tmp_path, monkeypatch):
    (tmp_path / "parts.txt").write_text("block double(n):\n    conv n 3 pad=1 | conv n 3 pad=1\n")
    text = 'use "./parts.txt"\nlet n = 2\ninput 3x8x8\ndouble n'
    task = asking(text, {"n": "1..4"}, folder=tmp_path)().task
    assert list(task.held.values()) == [(tmp_path / "parts.txt").read_bytes()]
    (tmp_path / "parts.txt").unlink()
    tasks._WORKERS.clear()
    assert SweepRun(task)(Workers()).possible == 4
    monkeypatch.chdir(tmp_path)
    assert (folder_of(None), folder_of(Bundled()), folder_of("here"), folder_of(Files("here"))) == (
        "", "@", str(tmp_path / "here"), str(tmp_path / "here")
    )  # fmt: skip


# --- who does the work ------------------------------------------------------------------------------


class Here(ThreadPoolExecutor):
    """Does all at once, and counts what it is asked for."""

    asked = 0

    def submit(self, work, *given):
        self.asked += 1
        made = Future()
        made.set_result(work(*given))
        return made


def test_any_executor_gives_the_same(monkeypatch):
    monkeypatch.setattr(tasks, "_LEAST", 4)
    for asked in ({}, {"minimize": "params", "top": 3}, {"pareto": ("params", "macs")}):
        task = asking(required=False, **asked)().task
        told, executor = [], Here(1)
        assert SweepRun(task, told.append)(Workers(executor, 2)) == SweepRun(task)(Workers())
        assert told == sorted(told)
        assert (told[0], told[-1], executor.asked >= len(told) - 1) == (0, 54, True)


def test_processes_and_engines():
    with workers(1, None) as alone:
        assert alone == Workers(None, 1)
    with workers(2, None) as two:
        assert two.size == 2
        assert two.executor.submit(abs, -3).result() == 3
    for engine in ("spark:here", "dask", "dask:"):
        with pytest.raises(EngineError) as raised, workers(1, engine):
            pass
        assert str(raised.value) == f"'{engine}' is no engine"
        assert raised.value.help == "write 'dask:tcp://host:8786', or leave it out and say how many jobs"


def test_the_file_to_go_on_from(tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "_LEAST", 4)
    monkeypatch.setattr(running, "_KEEP_EVERY", 0.0)
    file = tmp_path / "state.json"
    task = asking(required=False)().task
    looked = []

    def told(done):
        looked.append((done, json.loads(file.read_text())["done"] if file.exists() else None))

    whole = SweepRun(task, told, str(file))(Workers())
    assert [place for _, place in looked[1:]] == list(range(1, len(looked)))
    state = json.loads(file.read_text())
    assert (state["cnncalc"], state["task"], state["done"]) == (cnncalc.__version__, task.key, len(looked) - 1)
    more = []
    assert SweepRun(task, more.append, str(file))(Workers()) == whole
    monkeypatch.setattr(running, "_KEEP_EVERY", time.monotonic() * 1.5)
    file.rename(tmp_path / "other.json")
    looked.clear()
    SweepRun(task, told, str(file))(Workers())
    assert {place for _, place in looked} == {None}, "it is kept at its end, and before only now and then"
    assert more == [54]
    with pytest.raises(ResumeError, match=r"cannot write .*: No such file or directory"):
        SweepRun(task, None, str(tmp_path / "none" / "state.json"))(Workers())
    with pytest.raises(ResumeError, match=r"is no file that a sweep goes on from: Is a directory\Z"):
        SweepRun(task, None, str(tmp_path))(Workers())


def test_summaries_are_joined_on_the_way(monkeypatch):
    monkeypatch.setattr(tasks, "_LEAST", 1)
    monkeypatch.setattr(tasks, "_MOST", 1)
    for asked in ({"top": None}, {"top": 4}, {"top": 4, "minimize": "params"}):
        task = asking(vary={"n": "1..30", "m": "1..6"}, **asked)().task
        whole = SweepRun(task)(Workers())
        assert whole.candidates == 180
        assert sum(one.many for one in joined([whole], None, False).rows) <= whole.kept
        if asked["top"] is None:
            assert sum(one.many for one in whole.rows) == whole.kept


def test_a_file_of_another_format_is_read_where_it_lies(tmp_path):
    path = tmp_path / "net.cfg"
    path.write_text(
        "[net]\nwidth=16\nheight=16\nchannels=3\n\n[convolutional]\nfilters=4\nsize=3\nstride=2\n\n[maxpool]\nsize=2\nstride=2\n"
    )
    source, folder = read_source(str(path))

    def asking(**vary):
        return Asking(
            source,
            folder,
            SweepRequest(vary, columns=("macs",), maximize="macs", where="macs < 10k"),
            {},
            {},
            10**6,
            str(path),
        )

    small = asking(input="3x1x1..3x9x9..4")().task
    found = SweepRun(small)(Workers())
    assert (found.candidates, found.possible, [(one.many, one.first) for one in found.causes.values()]) == (
        3,
        2,
        [(1, 0)],
    )
    prepared = asking(input="3x8x8..3x24x24..4")()
    done = SweepRun(prepared.task)(Workers())
    assert prepared.task.file == str(path)
    assert [(prepared.task.space.settings(one.first)["input"], one.values) for one in done.rows] == [
        ((3, size, size), (27 * 4 * ((size - 3) // 2 + 1) ** 2,)) for size in (20, 16, 12, 8)
    ]  # fmt: skip
    assert dict(what_stops(asking(input="3x8x8..3x24x24..4"), prepared, done).settings) == {"input": (3, 24, 24)}
    with pytest.raises(AskError) as raised:
        asking(width="1..3")()
    assert (str(raised.value), raised.value.help) == ("no top-level variable is called 'width'", "it has: input")
    with pytest.raises(AskError) as raised:
        asking()()
    assert raised.value.help == "it has: input"
