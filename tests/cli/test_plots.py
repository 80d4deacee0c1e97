"""Charts into files, as SVG or by CairoSVG."""

import sys
from types import SimpleNamespace

import pytest

from cnncalc.cli.guard import Refused
from cnncalc.cli.plots import converted, kind_of, write_plot

SVG = '<svg xmlns="http://www.w3.org/2000/svg">×</svg>'


@pytest.fixture
def cairo(monkeypatch):
    """A CairoSVG that says what it is asked for."""

    def say(kind):
        return lambda bytestring, scale: f"{kind} {scale} {bytestring.decode()}".encode()

    monkeypatch.setitem(sys.modules, "cairosvg", SimpleNamespace(svg2png=say("PNG"), svg2pdf=say("PDF")))


@pytest.mark.parametrize(
    ("path", "kind"), [("a.svg", "svg"), ("b.PNG", "png"), ("c.x.pdf", "pdf"), ("a", "a"), ("a.", "")]
)
def test_the_end_of_a_name_says_what_it_is(path, kind):
    assert kind_of(path) == kind


@pytest.mark.usefixtures("cairo")
@pytest.mark.parametrize(
    ("name", "written"), [("a.svg", SVG), ("a.SVG", SVG), ("a.png", f"PNG 2 {SVG}"), ("a.Pdf", f"PDF 1 {SVG}")]
)
def test_a_chart_is_written_as_its_name_says(folder, name, written):
    """A PNG has two pixels for one of the picture: it is looked at on sharp screens."""
    write_plot(name, SVG, [])
    assert (folder / name).read_text("utf-8") == written


@pytest.mark.usefixtures("cairo")
def test_a_chart_goes_over_no_file_that_was_read(folder):
    (folder / "a.svg").write_text("input 3x8x8\n")
    with pytest.raises(Refused, match=r"^--plot a\.svg is the spec itself$"):
        write_plot("a.svg", SVG, ["a.svg"])
    assert (folder / "a.svg").read_text() == "input 3x8x8\n"


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_without_cairo(monkeypatch, kind):
    monkeypatch.setitem(sys.modules, "cairosvg", None)
    with pytest.raises(Refused) as refused:
        converted(SVG, kind)
    assert refused.value.message == f"{kind} needs CairoSVG: pip install 'cnncalc[picture]', or write an .svg"


def test_without_the_library_that_cairosvg_uses(monkeypatch, tmp_path):
    (tmp_path / "cairosvg.py").write_text("raise OSError('no library called cairo')")
    monkeypatch.delitem(sys.modules, "cairosvg", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Refused, match=r"^png needs CairoSVG \(no library called cairo\): pip install"):
        converted(SVG, "png")
