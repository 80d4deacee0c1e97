"""The page in a browser: its script works under its own policy, and axe-core finds it accessible."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cnncalc
from chromium import CHROMIUM, NODE, faults
from cnncalc.features.report.model import ReportedModel
from cnncalc.features.report.page import page
from cnncalc.measure.conventions import find
from helpers import network

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]

#: What is looked at in the page, once its own script has run.
LOOK = """
{
const said = [], expect = (what, is) => { if (!is) said.push(what); };
const click = element => element.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
const rows = () => Array.from(document.querySelectorAll(".layers tbody tr")).filter(row => !row.hidden);
const all = rows().length;
click(document.querySelectorAll(".picture a")[1]);
const panel = document.querySelector(".panel").textContent;
expect("the panel has the arithmetic", panel.includes("Worked out") && panel.includes("parameters"));
expect("its row is marked", document.querySelectorAll(".layers .here").length === 1);
const heads = document.querySelectorAll(".layers thead button");
click(heads[3]);
expect("sorted by parameters", rows()[0].cells[3].textContent === "112");
expect("groups are no rows of a sorted list", rows().every(row => !row.classList.contains("g")));
click(heads[3]); click(heads[3]);
expect("as it was", rows().length === all);
const fold = document.querySelector(".layers .g button");
click(fold);
expect("folded", rows().length < all && fold.getAttribute("aria-expanded") === "false");
click(fold);
const search = document.querySelector("input[type=search]");
search.value = "relu"; search.dispatchEvent(new Event("input"));
expect("found", rows().length === 2);
search.value = ""; search.dispatchEvent(new Event("input"));
expect("all again", rows().length === all);
document.body.append(Object.assign(document.createElement("pre"), {id: "faults", textContent: said.join("\\n")}));
}
"""
AXE = """
axe.run().then(found => {
  const said = found.violations.filter(one => ["serious", "critical"].includes(one.impact)).map(one =>
    `${one.impact} ${one.id}: ${one.nodes.map(node => node.html.slice(0, 120)).slice(0, 3).join(" | ")}`);
  said.unshift(`${found.passes.length > 20}`);
  document.body.append(Object.assign(document.createElement("pre"), {id: "faults", textContent: said.join("\\n")}));
});
"""
TEXT = "input 3x8x8\nstage a:\n    conv 4 3 pad=1 | relu\nstage b:\n    conv 2 3 pad=1 | relu\ngavgpool\nfc 30\n"


def report(*models: cnncalc.Network) -> str:
    return page([ReportedModel(cnncalc.analyze(one), [find("fvcore")]) for one in models])


def with_script(text: str, script: str) -> str:
    """The page with a script of the test behind its own; its policy lets that run, and nothing else more."""
    from base64 import b64encode
    from hashlib import sha256

    digest = b64encode(sha256(script.encode()).digest()).decode()
    return text.replace("script-src ", f"script-src 'sha256-{digest}' ").replace(
        "</body>", f"<script>{script}</script></body>"
    )


def test_its_script_does_what_it_says(tmp_path: Path) -> None:
    assert faults(tmp_path, with_script(report(network(TEXT)), LOOK), 1200) == []


@pytest.mark.skipif(not NODE, reason="CNNCALC_NODE names no folder with axe-core")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [400, 1200, 2400])
@pytest.mark.parametrize("names", [("@unet",), ("@resnet18", "@lenet5")], ids=["one", "two"])
def test_it_is_accessible(tmp_path: Path, names: tuple[str, ...], width: int, dark: bool) -> None:
    text = report(*map(cnncalc.load, names))
    axe = Path(NODE, "node_modules/axe-core/axe.min.js").read_text("utf-8")
    text = re.sub(r"<meta http-equiv[^>]*>", "", text)  # axe-core makes styles of its own
    enough, *found = faults(tmp_path, text.replace("</body>", f"<script>{axe}</script><script>{AXE}</script></body>"),
                            width, dark, wait=20_000)  # fmt: skip
    assert enough == "true"
    assert found == []
