"""The fuzzer of model files: some of it each time, and each file of its seeds cut at many places."""

import time

import pytest

from . import files, model_seeds

pytestmark = pytest.mark.filterwarnings("error")
#: What reads the format, or writes its seeds.
NEEDED = {"h5": ("h5py",), "tflite": ("tflite", "numpy")}


@pytest.fixture(params=model_seeds.SEEDS)
def form(request):
    for package in NEEDED.get(request.param, ()):
        pytest.importorskip(package)
    return request.param


def test_nothing_is_found(form):
    report = files.many(form, 120, 11, show=False)
    assert report.failures == {}
    assert report.sorts.total() == 120


def test_an_input_is_the_same_each_time(form, monkeypatch):
    """In another year, too: archives say of their members when they were written."""
    inputs = [files.data_of(form, 5, number)[1] for number in range(20)]
    files.seeds.cache_clear()
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    assert [files.data_of(form, 5, number)[1] for number in range(20)] == inputs


def test_every_seed_is_a_network_and_cut_anywhere_a_fault(form):
    _, seeds, _ = files.seeds(form)
    for data in seeds:
        assert files.read(form, data) == "network"
    data = min(seeds, key=len)
    step = max(len(data) // 200, 1)  # all places are fuzzed by tests/fuzz/files.py
    assert {files.read(form, data[:end]) for end in range(0, len(data), step)} <= {"network", "broken", "fault"}


def test_what_is_opened_is_seen(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("x")
    monkeypatch.setattr(files, "examined", lambda *_: (tmp_path / "secret").read_text())
    monkeypatch.setattr(files, "commanded", lambda *_: (tmp_path / "secret").read_text())
    with pytest.raises(files.run.Unclean, match="something is opened or run: open"):
        files.one("darknet", 1, 1)
