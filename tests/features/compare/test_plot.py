"""`cnncalc compare --plot`: a picture with what it must have on it, or a clear message."""

import sys

import pytest

from features.compare.drawn import CONVOLUTIONS, RECORDED, everything

pytestmark = pytest.mark.usefixtures("folder")

TINY = "model Tiny\ninput 1x4x4\nconv 2 3\n"


def test_without_matplotlib(run, spec, folder, monkeypatch):
    spec()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run("compare", "--plot", "x.svg")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: --plot draws with matplotlib, which is not here: pip install 'cnncalc[plot]'\n"
    assert not (folder / "x.svg").exists()


def test_nothing_else_loads_it(spec, start):
    """Nor rich, nor json, where the output is piped."""
    spec()
    process = start("compare", environment={"PYTHONPROFILEIMPORTTIME": "1"})
    _, errors = process.communicate(timeout=60)
    loaded = {line.rpartition(b"|")[2].strip() for line in errors.splitlines()}
    assert b"cnncalc.measure.mlp" in loaded
    assert not loaded & {b"matplotlib", b"rich", b"json", b"numpy"}


class TestWithMatplotlib:
    @pytest.fixture(autouse=True)
    def _matplotlib(self):
        pytest.importorskip("matplotlib")

    @pytest.mark.parametrize(
        "arguments",
        [
            ["@lenet5"], ["@alexnet", "--hidden", "4096,4096"], ["@resnet50"], ["@pairs/flatten"],
            ["@pairs/average-pool"], ["@pairs/plain", "@pairs/bottleneck", "--mlp"], ["@unet"],
            ["@pairs/three-3x3", "--vary", "width=8,16,32"],
        ],
    )  # fmt: skip
    def test_png(self, run, folder, arguments):
        result = run("compare", *arguments, "--plot", "x.png")
        assert (result.exit_code, result.stderr) == (0, "")
        data = (folder / "x.png").read_bytes()
        assert data.startswith(b"\x89PNG")
        assert int.from_bytes(data[16:20]) == 1920, "as wide as a slide"

    def test_the_same_twice(self, run, folder):
        for name in ("a.svg", "b.svg"):
            assert run("compare", "@lenet5", "--plot", name).exit_code == 0
        assert (folder / "a.svg").read_bytes() == (folder / "b.svg").read_bytes()
        assert (folder / "a.svg").read_text("utf-8").startswith("<?xml")

    def test_what_is_written_on_it(self):
        from matplotlib.figure import Figure

        from cnncalc.features.compare.model import ComparedModel
        from cnncalc.features.compare.models import Variant
        from cnncalc.features.compare.plot import _alone, _several
        from cnncalc.interpret import build, read_source
        from cnncalc.measure import analyze

        models = []
        for name in ("@lenet5", "@alexnet"):
            source, folder = read_source(name)
            models.append(ComparedModel(analyze(build(source, folder=folder)), Variant({}, {})))
        figure = _alone(models[0])
        assert isinstance(figure, Figure)
        assert figure.get_suptitle() == "LeNet-5, fully connected: 110× the parameters"
        left, right = figure.axes
        assert left.get_xlabel() == "dense weights for each weight of the convolution, log scale"
        assert [text.get_text() for text in left.get_legend().get_texts()] == [
            "sparse interaction",
            "parameter sharing",
        ]
        assert [text.get_text() for text in left.texts] == ["32,113×", "784×", "1×", "133×"]
        assert right.get_xlabel() == "parameters, log scale"
        panels = _several(models, False).axes
        assert [axes.get_title(loc="left") for axes in panels] == [
            "Parameters", "Multiply-accumulates", "Peak of activations", "Memory in all",
        ]  # fmt: skip
        assert [text.get_text() for text in panels[0].texts] == ["61,706  least", "61.1 M"]

    def test_all_that_is_drawn(self):
        """Written anew by drawn.py: read the difference."""
        assert RECORDED.read_text("utf-8").split("\n") == list(everything())

    def test_a_picture_grows_with_the_bars(self, run, spec, folder):
        spec(CONVOLUTIONS)
        assert run("compare", "--plot", "x.png").exit_code == 0
        assert run("compare", "model.txt", "@lenet5", "--plot", "y.png").exit_code == 0
        heights = [int.from_bytes((folder / name).read_bytes()[20:24]) for name in ("x.png", "y.png")]
        assert heights == [1470, 1080]

    def test_titles_are_only_text(self, run, spec, folder):
        spec("model $x^2 <b>&amp; \u6f22\u5b57 \\frac\ninput 1x4x4\nconv 2 3\n")
        result = run("compare", "--plot", "x.svg")
        assert (result.exit_code, result.stderr) == (0, "")

    def test_whole_or_not_at_all(self, run, spec, folder):
        spec(TINY)
        (folder / "x.png").write_bytes(b"old")
        (folder / "x.png").chmod(0o400)
        result = run("compare", "--plot", "no/x.png")
        assert result.exit_code == 2
        assert "cannot write no/x.png" in result.stderr
        assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []

    def test_nothing_to_draw(self, run, spec, folder):
        spec("input 1x4x4\nconv 2 9\n")
        result = run("compare", "--plot", "x.png")
        assert result.exit_code == 2
        assert "there is nothing to draw" in result.stderr
        assert not (folder / "x.png").exists()

    def test_never_over_a_spec(self, run, folder):
        (folder / "spec.svg").write_text(TINY)
        result = run("compare", "spec.svg", "--plot", "spec.svg")
        assert (result.exit_code, (folder / "spec.svg").read_text()) == (2, TINY)

    @pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
    def test_every_kind_the_same_twice(self, run, folder, kind):
        for name in ("a", "b"):
            assert run("compare", "@lenet5", "--plot", f"{name}.{kind}").exit_code == 0
        assert (folder / f"a.{kind}").read_bytes() == (folder / f"b.{kind}").read_bytes()

    def test_a_pdf(self, run, folder):
        assert run("compare", "@lenet5", "@alexnet", "--plot", "x.PDF").exit_code == 0
        assert (folder / "x.PDF").read_bytes().startswith(b"%PDF")

    def test_one_layer_is_drawn_alone(self):
        from cnncalc.features.compare.plot import _one_layer

        figure = _one_layer([model("@alexnet")], "conv1")
        assert figure.get_suptitle() == "conv1 of AlexNet (one column): 1,254,400× the weights, fully connected"
        weights, macs = figure.axes
        assert [text.get_text() for text in weights.texts] == ["23,232", "69.6 M", "29.1 G"]
        assert [text.get_text() for text in macs.texts] == ["70.3 M", "69.6 M", "29.1 G"]
        several = _one_layer([model("@alexnet"), model("@lenet5")], "conv1").axes
        assert [axes.get_title(loc="left") for axes in several][::2] == [
            "Weights: AlexNet (one column)",
            "Weights: LeNet-5",
        ]

    def test_a_layer_of_the_command(self, run, folder):
        assert run("compare", "@alexnet", "--layer", "conv1", "--plot", "x.png").exit_code == 0
        assert run("compare", "@alexnet", "--plot", "y.png").exit_code == 0
        assert (folder / "x.png").read_bytes() != (folder / "y.png").read_bytes()
        result = run("compare", "@alexnet", "--layer", "relu1", "--plot", "z.png")
        assert (result.exit_code, (folder / "z.png").exists()) == (2, False)
        assert result.stderr == "error: there is nothing to draw of relu1: it is no convolution\n"

    def test_one_unit_on_an_axis_and_its_bars(self):
        """Of bytes the marks are powers of two, as the figures are; parameters have no bytes beside them."""
        from cnncalc.features.compare.plot import _alone, _several

        parameters, macs, *memory = _several([model("@lenet5"), model("@alexnet")], False).axes
        for axes in memory:
            marks = [text.get_text() for text in axes.get_xticklabels()]
            assert len(marks) > 1
            assert all(mark.endswith(("bytes", "iB")) for mark in marks), marks
        for axes in (parameters, macs, *_alone(model("@lenet5")).axes[1:]):
            texts = [text.get_text() for text in (*axes.get_xticklabels(), *axes.texts)]
            assert not [text for text in texts if text.endswith("B") or "iB)" in text], texts

    def test_a_mark_stands_where_its_number_is(self):
        from math import isclose, log10

        from cnncalc.features.compare.plot import _binary

        for bits in range(0, 45, 7):
            for longest in (0.1, 1.0, 3.0, 9.0, 20.0):
                marks = _binary([longest], bits)
                assert 1 <= len(marks) <= 6
                for place, text in marks:
                    number, unit = text.split()
                    power = ("byte", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB").index(unit.removesuffix("s"))
                    assert isclose(
                        place + bits * log10(2), log10(int(number.replace(",", "")) * 1024**power), abs_tol=1e-9
                    )


def model(name):
    """A model to be drawn."""
    from cnncalc.features.compare.model import ComparedModel
    from cnncalc.features.compare.models import Variant
    from cnncalc.interpret import build, read_source
    from cnncalc.measure import analyze

    source, folder = read_source(name)
    return ComparedModel(analyze(build(source, folder=folder)), Variant({}, {}))
