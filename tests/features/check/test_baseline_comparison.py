"""Verdicts against a baseline file, and the file that they make."""

import json
import os
from fractions import Fraction

import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.features.check.baseline import figures, load
from cnncalc.features.check.baseline_comparison import BaselineComparison
from cnncalc.features.check.project import BASELINE, Project
from cnncalc.features.check.verdict import Verdict
from cnncalc.interpret import build, read_source
from cnncalc.measure import analyze

NET = "input 3x8x8\nconv {width} 3\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def checked(folder):
    """The verdict on a spec, written first, without anything asked of it."""

    def make(name="models/a.txt", width=4, text=NET, **settings):
        (folder / name).write_text(text.format(width=width), "utf-8")
        source, place = read_source(name)
        network = build(source, folder=place, settings=settings)
        return Verdict(name, settings, analyze(network), (), (), network.diagnostics)

    return make


def comparison(folder, tolerance=None):
    return BaselineComparison(Project(folder), load(Project(folder)), tolerance or {})


def written(folder, verdicts, **more):
    update = comparison(folder).updated(verdicts, **{"whole": True, **more})
    (folder / BASELINE).write_text(update.text, "utf-8")
    return update


def held(folder, verdicts, tolerance=None, **more):
    """What is said of the verdicts, by file."""
    found = comparison(folder, tolerance or {}).compared(verdicts, **{"whole": True, **more})
    return [(one.file, [said.message for said in one.diagnostics], one.code) for one in found]


def test_no_file_is_no_baseline(folder):
    assert load(Project(folder)) is None


def test_a_project_as_it_was_written_does_not_drift(folder, checked):
    some = [checked(), checked("b.txt", 8)]
    update = written(folder, some)
    assert (update.total, update.new, update.changed, update.gone) == (2, ("models/a.txt", "b.txt"), (), ())
    assert json.loads(update.text)["specs"]["b.txt"] == figures(some[1].analysis)
    assert held(folder, some) == [("models/a.txt", [], 0), ("b.txt", [], 0)]


def test_a_change_in_either_direction_is_stopped_until_it_is_accepted(folder, checked):
    written(folder, [checked(width=4)])
    for width, words in ((5, "params 140, the baseline says 112: +28 (+25 %) (and 8 more figures)"),
                         (3, "params 84, the baseline says 112: -28 (-25 %) (and 8 more figures)")):  # fmt: skip
        assert held(folder, [checked(width=width)]) == [("models/a.txt", [words], 1)]
    assert written(folder, [checked(width=5)]).changed == ("models/a.txt",)
    assert held(folder, [checked(width=5)]) == [("models/a.txt", [], 0)]


def test_tolerances(folder, checked):
    written(folder, [checked(width=4)])
    names = ("params", "macs", "flops", "activations", "peak", "memory", "arena", "flash", "training")
    assert held(folder, [checked(width=4)], dict.fromkeys(names, Fraction(1, 4)))[0][2] == 0
    ((_, (message,), _),) = held(folder, [checked(width=5)], dict.fromkeys(names, Fraction(1, 4)))
    assert message == "output 5x6x6, the baseline says 4x6x6"


def test_a_new_spec_and_one_that_is_gone_are_drifts(folder, checked):
    written(folder, [checked("models/old.txt"), checked()])
    some = [checked(), checked("models/new.txt")]
    assert held(folder, some) == [
        ("models/a.txt", [], 0),
        ("models/new.txt", ["the baseline does not know this spec"], 1),
        (BASELINE, ["'models/old.txt' is checked no more"], 1),
    ]
    span = comparison(folder).compared(some, whole=True)[-1].diagnostics[0].span
    assert span.source.line(span.line)[span.column - 1 : span.end_column - 1] == '"models/old.txt":'
    assert written(folder, some).gone == ("models/old.txt",)
    assert [code for _, _, code in held(folder, some)] == [0, 0]


def test_some_specs_say_nothing_of_the_others(folder, checked):
    written(folder, [checked("b.txt"), checked()])
    assert held(folder, [checked()], whole=False) == [("models/a.txt", [], 0)]
    update = written(folder, [checked(width=9)], whole=False)
    assert (update.total, update.changed, update.gone) == (2, ("models/a.txt",), ())
    assert held(folder, [checked(width=9), checked("b.txt")])[-1] == ("b.txt", [], 0)


def test_each_setting_has_its_entry(folder, checked):
    text = "let size = 8\ninput (3, size, size)\nconv 4 3\n"
    some = [checked(text=text, size=size) for size in ("8", "12")]
    assert written(folder, some).new == ("models/a.txt [size=8]", "models/a.txt [size=12]")
    assert [code for _, _, code in held(folder, some)] == [0, 0]
    assert [said for _, said, _ in held(folder, some[:1])][1] == ["'models/a.txt [size=12]' is checked no more"]


def test_settings_that_are_not_tried_any_more_are_gone_even_if_others_are_not_looked_at(folder, checked):
    text = "let size = 8\ninput (3, size, size)\nconv 4 3\n"
    written(folder, [*(checked(text=text, size=size) for size in ("8", "12")), checked("b.txt")])
    now = [checked(text=text, size="8"), checked(text=text, size="16")]
    assert [said for _, said, _ in held(folder, now, whole=False)] == [
        [],
        ["the baseline does not know this spec"],
        ["'models/a.txt [size=12]' is checked no more"],
    ]
    update = written(folder, now, whole=False)
    assert (update.new, update.gone) == (("models/a.txt [size=16]",), ("models/a.txt [size=12]",))
    assert [code for _, _, code in held(folder, now, whole=False)] == [0, 0]


def test_an_update_of_some_forgets_files_that_are_no_more(folder, checked):
    written(folder, [checked("b.txt"), checked()])
    (folder / "b.txt").unlink()
    assert written(folder, [checked()], whole=False).gone == ("b.txt",)


def test_what_cannot_be_understood_keeps_its_entry(folder, checked):
    before = written(folder, [checked()]).text
    broken = checked(text="input 3x8x8\nconf 4 3\n")
    assert written(folder, [broken]).text == before
    assert held(folder, [broken]) == [("models/a.txt", ["unknown layer 'conf'"], 2)]


def test_what_is_no_file_or_only_blocks_has_no_entry(folder, checked):
    blocks = checked("blocks.txt", text="block b:\n    relu\n")
    piped = checked()._replace(file="<stdin>")
    example = checked()._replace(file="@alexnet")
    assert [comparison(folder).entry_name(one) for one in (blocks, piped, example)] == [None] * 3
    assert written(folder, [blocks, piped, example]).total == 0
    assert [code for _, _, code in held(folder, [blocks, piped, example])] == [0, 0, 0]


def test_names_go_from_the_folder_of_the_project(folder, checked, monkeypatch):
    one = checked()
    assert comparison(folder).entry_name(one._replace(file=str(folder / "models" / "a.txt"))) == "models/a.txt"
    monkeypatch.chdir(folder / "models")
    assert comparison(folder).entry_name(one._replace(file="a.txt")) == "models/a.txt"
    assert comparison(folder).entry_name(one._replace(file="../b.txt")) == "b.txt"


@pytest.mark.parametrize("text", [b"", b"{}", b"<<<<<<< HEAD\n", b"\xff\xfe\x00", b'{"version": 9, "specs": {}}'])
def test_a_file_that_is_no_baseline(folder, text):
    (folder / BASELINE).write_bytes(text)
    with pytest.raises(SpecError, match=f"{BASELINE}.*no baseline"):
        load(Project(folder))


def test_a_name_with_brackets_is_no_setting(folder, checked):
    """What stands in brackets is a setting only at the end, and behind a blank."""
    names = ("models/x [a].txt", "models/x[b]")
    written(folder, [checked(name) for name in (*names, "models/y.txt")])
    assert written(folder, [checked("models/y.txt")], whole=False).gone == ()
    os.remove(names[0])
    os.remove(names[1])
    assert written(folder, [checked("models/y.txt")], whole=False).gone == names


def test_a_tolerance_is_told_as_it_is_given(folder, checked):
    written(folder, [checked(width=4)])
    for allowed, words in ((Fraction(2, 100), "2 %"), (3, "3"), (Fraction(55, 1000), "5.5 %")):
        ((_, said, _),) = held(folder, [checked(width=5)], {"params": allowed})
        assert said == [f"params 140, the baseline says 112: +28 (+25 %), tolerance {words} (and 8 more figures)"]
