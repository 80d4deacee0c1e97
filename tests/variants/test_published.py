"""Families that papers publish come out of one sweep each, with the published parameters and MACs.

Sources: torchvision's model pages (EfficientNet, ResNet: parameters, and GFLOPs, which are MACs); the table of
checkpoints of tensorflow/models, research/slim/nets/mobilenet (MobileNetV2: millions of MACs by width and resolution).
"""

from pathlib import Path

from cnncalc.diagnostics import Source
from cnncalc.interpret.reading.examples import example_path
from cnncalc.variants.asking import Asking, SweepRequest
from cnncalc.variants.result import SweepResult
from cnncalc.variants.running import SweepRun, Workers

EFFICIENTNET = [
    (5_288_548, 0.39), (7_794_184, 0.69), (9_109_994, 1.09), (12_233_232, 1.83), (19_341_616, 4.39), (30_389_784, 10.27),
    (43_040_704, 19.07), (66_347_960, 37.75),
]  # fmt: skip
#: By width: millions of MACs at 96, 128, 160, 192 and 224 pixels.
MOBILENET = {
    "0.35": (11, 20, 30, 43, 59), "0.5": (18, 32, 50, 71, 97), "0.75": (39, 69, 107, 153, 209), "1": (56, 99, 154, 221, 300),
}  # fmt: skip
RESNETS = {(4, 6): (25_557_032, 4.09), (4, 23): (44_549_160, 7.80), (8, 36): (60_192_808, 11.51)}


def swept(text, vary, settings=None):
    asking = Asking(
        Source("net.txt", text),
        None,
        SweepRequest(vary, columns=("params", "macs"), top=None, required=False),
        settings or {},
        {},
        10**6,
        "net.txt",
    )
    prepared = asking()
    return SweepResult(prepared, SweepRun(prepared.task)(Workers()))


def example(name):
    return Path(example_path(name)).read_text("utf-8")


def test_efficientnet_b0_to_b7():
    sizes = (224, 240, 288, 300, 380, 456, 528, 600)  # torchvision's, of B2 more than the paper's 260
    found = swept(example("efficientnet"), {"b": "0..7", "input": ",".join(f"3x{size}x{size}" for size in sizes)})
    rows = {(row["b"], row["input"][1]): (row["params"], round(row["macs"] / 1e9, 2)) for row in found.rows}
    assert [rows[pair] for pair in enumerate(sizes)] == EFFICIENTNET


def test_mobilenet_v2_by_width_and_resolution():
    found = swept(example("mobilenet_mcu"), {"width": "0.35,0.5,0.75,1,1.3,1.4", "size": "96..224..32"})
    millions = {(str(float(row["width"])).removesuffix(".0"), row["size"]): row["macs"] / 1e6 for row in found.rows}
    for width, published in MOBILENET.items():
        for size, macs in zip((96, 128, 160, 192, 224), published, strict=True):
            assert int(millions[width, size]) == macs, "which the table has without its decimals"
    assert (int(millions["1.3", 224]), int(millions["1.4", 224])) == (509, 582)
    assert {row["params"] for row in found.rows if row["width"] == 1} == {3_504_872}


def test_resnets_by_their_depths():
    text = example("resnet50").replace("group 128 4", "group 128 n3").replace("group 256 6", "group 256 n4")
    found = swept(f"let n3 = 4\nlet n4 = 6\n{text}", {"n3": "4,8", "n4": "6,23,36"})
    rows = {(row["n3"], row["n4"]): (row["params"], round(row["macs"] / 1e9, 2)) for row in found.rows}
    assert {depths: rows[depths] for depths in RESNETS} == RESNETS
