"""The passes one by one, under pytest-benchmark: pytest tests/benchmarks/bench_passes.py"""

from pathlib import Path

import pytest

import cnncalc

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(params=["lenet5", "resnet50", "densenet121"])
def text(request):
    return (EXAMPLES / f"{request.param}.txt").read_text("utf-8")


def test_loads(benchmark, text):
    benchmark(cnncalc.loads, text)


def test_analyze(benchmark, text):
    benchmark(cnncalc.analyze, cnncalc.loads(text))


def test_to_dict(benchmark, text):
    benchmark(cnncalc.analyze(cnncalc.loads(text)).to_dict)
