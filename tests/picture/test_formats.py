"""What is written: XML whatever names are, text that fits, what Graphviz, Mermaid and LaTeX take, the same bytes always."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.cli.guard import Refused
from cnncalc.features.draw import formats
from cnncalc.picture import dot, mermaid, palette, tikz
from cnncalc.picture.picture import Picture, PictureOptions
from cnncalc.picture.svg import drawn
from cnncalc.picture.volumes import Volumes
from cnncalc.render.text import Charset, Screen, width
from helpers import named, network

EXAMPLES = sorted(Path(cnncalc.__file__).parents[1].glob("examples/*.txt"))
SCREEN = Screen(80, False, Charset(), "--format")
TEXTS = [name for name in formats.FORMATS if name not in ("png", "pdf")]


def analysis(name: str) -> cnncalc.Analysis:
    return cnncalc.analyze(cnncalc.load(EXAMPLES[0].with_name(f"{name}.txt")))


def written(found: cnncalc.Analysis, name: str, screen: Screen = SCREEN, **asked: object) -> str:
    return formats.render(Picture(found, PictureOptions(**asked)), name, screen).decode()


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=300)
def test_any_name_is_inert(name: str) -> None:
    found = cnncalc.analyze(named(name))
    for style in (Picture, Volumes):
        root = ElementTree.fromstring(drawn(style(found, PictureOptions())))
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            "svg", "title", "style", "rect", "g", "text", "path", "circle", "polygon", "polyline",
        }  # fmt: skip
    page = written(found, "html")
    assert page.count("<title") == page.count("</title>")
    for form in ("mermaid", "dot", "text", "tikz"):
        text = written(found, form)
        assert all(char.isprintable() or char == "\n" or ord(char) > 0x2FF for char in text)


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "a]]>b", "\"&quot;'", "\u202eevil", "x" * 10_000, ']"; rm', "end", "%% \\n{}$^"],
)
def test_hostile_names(name: str) -> None:
    found = cnncalc.analyze(named(name))
    texts = {form: written(found, form) for form in TEXTS}
    assert "<script" not in texts["svg"] + texts["html"] + texts["mermaid"]
    assert all("\u202e" not in text for text in texts.values())
    assert all(len(text) < 60_000 for text in texts.values())
    labels = re.findall(r'\["(.*)"\]', texts["mermaid"])
    assert labels and all('"' not in label for label in labels)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_text_fits_and_names_everything(path: Path) -> None:
    found = cnncalc.analyze(cnncalc.load(path))
    text = written(found, "text")
    assert all(width(line) <= 80 for line in text.splitlines()[2:])
    cut = path.stem in ("ssd300", "wavenet")  # six heads side by side, fifty skips
    assert cut == any(line.endswith("…") for line in text.splitlines()) == ("wider than 80 columns" in text)
    ascii_text = written(found, "text", Screen(80, False, Charset("ascii"), "--format"))
    assert ascii_text.isascii()
    if 0 < len(found.layers) < 24:
        assert all(row.name.rpartition("/")[2] in text for row in found.layers)


def test_text_of_a_small_net_whole() -> None:
    text = written(cnncalc.analyze(network("input 1x8x8\na = conv 2 3 pad=1\nrelu\nadd @a\nflatten | fc 10")), "text")
    assert text == (Path(__file__).parent / "small.txt").read_text("utf-8")


def test_the_same_bytes_again() -> None:
    for name in ("unet", "googlenet", "hrnet_w18"):
        for form in TEXTS:
            assert written(analysis(name), form) == written(analysis(name), form)


def test_sizes() -> None:
    assert len(written(analysis("resnet50"), "svg")) < 40 * 1024
    chain = "input 3x64x64\n" + "conv 8 3 pad=1\nbn\nrelu\nconv 8 1\nrelu\n" * 1000
    text = written(cnncalc.analyze(network(chain)), "svg")
    assert len(text) < 1 << 20
    assert "layers in the middle stand in one box" in text


def test_mermaid_has_no_more_edges_than_github_draws() -> None:
    block = "block b:\n" + "    conv 8 3 pad=1\n" * 300
    found = cnncalc.analyze(network(f"input 8x8x8\n{block}b\nrelu\nb\nbn\nb\nfc 10"))
    text = mermaid.render(Picture(found, PictureOptions(depth=9)), "mermaid", SCREEN)
    assert text.count(" --> ") <= mermaid.MOST_EDGES
    assert "%% folded" in text
    for path in EXAMPLES:
        one = written(cnncalc.analyze(cnncalc.load(path)), "mermaid")
        nodes = set(re.findall(r"^ *(n\d+)[\[(]", one, re.MULTILINE)) | set(re.findall(r"subgraph (n\d+)", one))
        ends = {end for edge in re.findall(r"(n\d+) --> (n\d+)", one) for end in edge}
        assert ends <= nodes


@pytest.mark.skipif(shutil.which("dot") is None, reason="no Graphviz")
@pytest.mark.parametrize("name", ["unet", "googlenet", "lenet5"])
def test_graphviz_takes_it(name: str) -> None:
    text = dot.render(Picture(analysis(name), PictureOptions()), "dot", SCREEN)
    done = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, timeout=120, check=True)
    assert not done.stderr and b"<svg" in done.stdout


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX")
@pytest.mark.parametrize("style", [Picture, Volumes])
def test_latex_takes_it(tmp_path: Path, style: type[Picture | Volumes]) -> None:
    (tmp_path / "net.tex").write_text(tikz.render(style(analysis("unet"), PictureOptions()), "tikz", SCREEN), "utf-8")
    subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "net.tex"], cwd=tmp_path, capture_output=True,
                   timeout=120, check=True)  # fmt: skip


def test_a_fault_is_drawn_red_with_its_message() -> None:
    text = "input 3x32x32\na = conv 16 3 pad=1\nconv 8 3 groups=3\nrelu\nfc 10"
    found = cnncalc.analyze(network(text))
    picture = Picture(found, PictureOptions())
    svg = drawn(picture)
    assert 'class="wrong"' in svg and "does not divide the 16 input" in svg
    assert [thing.part.label for thing in picture.everything() if thing.part] == ["a", "conv1"]
    assert "? groups=3 does not divide" in written(found, "text")
    assert [volume.faulty for volume in Volumes(found, PictureOptions()).volumes] == [False, False, True]


def test_shades_of_cost_say_their_share() -> None:
    found = analysis("alexnet")
    svg = written(found, "svg", color="cost", label="params")
    shares = [float(share) for share in re.findall(r"params · ([\d.]+) %<", svg)]
    assert max(shares) == 61.8  # fc1: 37,752,832 of 61,100,840
    assert svg.count('<rect class="shade4"') == 2  # that layer, and its sample in the legend
    assert [palette.shade(Fraction(share)) for share in ("0", "1/100", "299/1000", "1")] == [0, 1, 3, 4]


@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_converted(suffix: str) -> None:
    try:
        import cairosvg  # noqa: F401
    except (ImportError, OSError) as error:  # the package, or the library that it loads
        pytest.skip(str(error))
    made = formats.render(Picture(analysis("lenet5"), PictureOptions()), suffix, SCREEN)
    assert made.startswith(b"\x89PNG" if suffix == "png" else b"%PDF")


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cairosvg", None)
    with pytest.raises(Refused, match=r"pip install 'cnncalc\[picture\]'"):
        formats.render(Picture(analysis("lenet5"), PictureOptions()), "png", SCREEN)
