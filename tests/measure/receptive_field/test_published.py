"""The published table of google-research/receptive_field, all four models.

TF-slim's definitions: valid convolution and pools where the models say so, "same" elsewhere, which for a stride of 1 and
an odd kernel is even; resnet_v1_50 has its stride in the last unit of a block, on the 3x3 and on the shortcut.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import cnncalc

TABLE = Path(__file__).parent / "data" / "receptive_fields.csv"

ALEXNET = """input 3x224x224
conv1 = conv 64 11 stride=4
pool1 = maxpool 3 stride=2
conv2 = conv 192 5 pad=same
pool2 = maxpool 3 stride=2
conv3 = conv 384 3 pad=same
conv4 = conv 384 3 pad=same
conv5 = conv 256 3 pad=same
pool5 = maxpool 3 stride=2
"""


def vgg(counts: list[int]) -> str:
    """vgg.vgg_arg_scope: 3x3 'same', 2x2 pools."""
    lines = ["input 3x224x224"]
    for stage, (count, width) in enumerate(zip(counts, (64, 128, 256, 512, 512), strict=True), 1):
        lines += [f"conv{stage}_{number} = conv {width} 3 pad=same | relu" for number in range(1, count + 1)]
        lines.append(f"pool{stage} = maxpool 2")
    return "\n".join(lines)


RESNET = """input 3x224x224
block unit(width, stride=1):
    add:
        - conv width 1 | bn | relu
          conv width 3 stride=stride pad=1 | bn | relu
          conv width*4 1 | bn
        - if C != width*4:
              conv width*4 1 stride=stride | bn
          elif stride != 1:
              maxpool 1 stride=stride
    relu
block group(width, n, stride=2):
    repeat n-1:
        unit width
    unit width stride=stride
conv 64 7 stride=2 pad=3 | bn | relu
maxpool 3 stride=2 pad=same
stage block1:
    group 64 3
stage block2:
    group 128 4
stage block3:
    group 256 6
stage block4:
    group 512 3 stride=1
"""

MODELS = {"alexnet_v2": ALEXNET, "vgg_a": vgg([1, 1, 2, 2, 2]), "vgg_16": vgg([2, 2, 3, 3, 3]), "resnet_v1_50": RESNET}


def published() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", published(), ids=lambda row: row["end_point"])
def test_published(row: dict[str, str]) -> None:
    network = cnncalc.loads(MODELS[row["model"]])
    analysis = cnncalc.analyze(network)
    name = row["end_point"].rpartition("/")[2]
    found = analysis.fields[network.extents[name].output]
    assert found is not None
    for axis in found:
        assert axis.size == int(row["receptive_field"])
        assert axis.jump == int(row["effective_stride"])
        if row["effective_padding"]:
            assert -axis.start == int(row["effective_padding"])


def test_the_whole_table_is_there() -> None:
    assert len(published()) == 37
    assert {row["model"] for row in published()} == set(MODELS)


def test_inception_v3_of_the_design() -> None:
    """counting.md: 1311 / 32 / 618; the longest path through slim's inception_v3, its valid stem included."""
    stem = "conv 32 3 stride=2 | conv 32 3 | conv 64 3 pad=same | maxpool 3 stride=2 | conv 80 1 | conv 192 3"
    a = "conv 64 1 | conv 96 3 pad=same | conv 96 3 pad=same"
    b = "conv 128 1 | conv 128 7x1 pad=same | conv 128 1x7 pad=same | conv 128 7x1 pad=same | conv 192 1x7 pad=same"
    reduction = "conv 192 1 | conv 192 1x7 pad=same | conv 192 7x1 pad=same | conv 192 3 stride=2"
    c = "conv 448 1 | conv 384 3 pad=same | conv 384 3 pad=same"
    lines = [stem, "maxpool 3 stride=2", *[a] * 3, "conv 64 1 | conv 96 3 pad=same | conv 96 3 stride=2", *[b] * 4]
    text = "input 3x299x299\n" + "\n".join([*lines, reduction, c, c])
    row = cnncalc.analyze(cnncalc.loads(text)).layers[-1]
    assert (row.field, row.jump, row.start) == ((1311, 1311), (32, 32), (-618, -618))
