"""What the page is: one file that loads nothing, whose links lead somewhere, in which names are inert."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.features.report.model import ReportedModel
from cnncalc.features.report.page import page
from cnncalc.interpret.specification import specification
from cnncalc.measure.conventions import find
from helpers import named, network

EXAMPLES = sorted(Path(cnncalc.__file__).parents[1].glob("examples/*.txt"))
VOID = {"meta", "br", "input"}
#: Elements that end by themselves, in HTML.
OPEN = {"th", "td", "tr", "tbody", "thead", "dt", "dd"}


class Reader(HTMLParser):
    """Elements with their attributes, texts of scripts and styles, and whether what is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.inline: list[str] = []
        self.policy = self.text = ""
        self.stack: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        found = dict(attrs)
        self.attributes |= found.keys()
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []
        if found.get("http-equiv"):
            self.policy = found["content"]
        if tag not in VOID | OPEN:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID | OPEN:
            assert self.stack.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID | OPEN:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] in ("script", "style"):
            self.inline.append(data)
        else:
            self.text += data


def read(text: str) -> Reader:
    reader = Reader(text)
    assert not reader.stack
    return reader


def sound(text: str) -> Reader:
    """The page, read; whatever is in it, these hold."""
    found = read(text)
    assert found.tags["script"] == 1
    assert len(found.ids) == len(set(found.ids))
    assert all(link[0] == "#" and link[1:] in found.ids for link in found.links)
    assert not {name for name in found.attributes if name.startswith("on")} | ({"src", "style"} & found.attributes)
    assert not {"iframe", "object", "embed", "img", "link", "base", "form"} & found.tags.keys()
    digests = {f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in found.inline}
    assert digests <= set(re.findall(r"'sha256-[^']+'", found.policy))
    assert "default-src 'none'" in found.policy and "unsafe" not in found.policy
    return found


def report(*networks: cnncalc.Network, counts: str = "") -> str:
    ways = [find(name) for name in counts.split(",") if name]
    return page([ReportedModel(cnncalc.analyze(one), ways) for one in networks])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    one = cnncalc.load(path)
    if specification(one).library:
        return  # blocks only
    found = sound(report(one))
    for row in cnncalc.analyze(one).layers:
        assert row.name in found.text
    assert found.text.count("along the layers") >= 2


def test_resnet50_is_small() -> None:
    text = report(cnncalc.load("@resnet50"))
    assert len(text.encode()) < 200 * 1024
    assert text == report(cnncalc.load("@resnet50"))


def test_several_in_one() -> None:
    models = [cnncalc.load(name) for name in ("@resnet18", "@resnet50")]
    found = sound(report(*models, counts="fvcore,ptflops"))
    assert "from fvcore-0.1.5 to ptflops" in found.text


PLAIN = read(report(named("plain"), named("plain2"))).tags


@given(st.text(min_size=1, max_size=20) | st.sampled_from(
    ["</script><script>alert(1)</script>", "</style><b>", '"><img src=x onerror=alert(1)>', "&lt;", "\u202egnp.exe",
     "]]>", "<!--", "{0}", "{}", "x" * 10_000, "<style>b{}</style>"]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_name_is_inert(name: str) -> None:
    text = report(named(name), named(name + "2"))
    found = sound(text)
    assert found.tags - PLAIN == Counter() or found.tags.keys() == PLAIN.keys()
    assert not any(char in text for char in "\u202e\u202d\u2066\u2067\u2068")


def test_rows_sum_to_the_total_and_boxes_lead_to_their_row() -> None:
    text = report(
        network("input 8x8x8\nblock b:\n    y = relu\n    conv 8 3 pad=1\n    add @y\nrepeat 3:\n    b\nfc 10")
    )
    rows = re.findall(r'<tr id="(m0[rg][^"]*)"([^>]*)><th scope="row">(.*?)<td>', text)
    assert [re.sub("<[^>]*>", "", label) for _, _, label in rows] == [
        "b1", "b1/y", "conv1", "add1", "b2", "b2/y", "conv2", "add2", "b3", "b3/y", "conv3", "add3", "fc1",
    ]  # fmt: skip
    ids = {identity for identity, _, _ in rows}
    boxes = re.findall(r'<a href="#([^"]*)"><g', text)
    assert len(boxes) == 4 and set(boxes) <= ids  # a block, drawn once, and what follows


def test_alike_layers_share_their_arithmetic() -> None:
    text = report(network("input 8x8x8\nconv 8 3 pad=1\nconv 8 3 pad=1\nrelu\n"))
    articles = re.findall(r"<article.*?</article>", text)
    assert len(articles) == 2
    assert "conv1" in articles[0] and "conv2" in articles[0] and "64 positions" not in articles[0]
    assert "8 filters of 8×3×3" in articles[0]


def test_a_deep_chain_is_bounded() -> None:
    text = page(
        [ReportedModel(cnncalc.analyze(network("input 8x8x8\nrepeat 5000:\n    conv 8 3 pad=1")))], more_rows="ask"
    )
    assert "rows left out: 2,000 layers" in text and "ask" in text
    assert len(text) < 3 << 19
