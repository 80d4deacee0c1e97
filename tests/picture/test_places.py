"""Where the things of a picture lie: no box on another, no edge through a box, no text outside its box, every name there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from random import Random

import pytest

import cnncalc
from cnncalc.picture import fonts
from cnncalc.picture.picture import Picture, PictureOptions, line_width
from cnncalc.picture.scope import BOX, FRAME, INPUT, MERGE, OUTPUT, PORT, Thing
from cnncalc.picture.svg import Drawing
from cnncalc.picture.volumes import Volume, Volumes
from fuzz import generator
from helpers import network

EXAMPLES = sorted(Path(cnncalc.__file__).parents[1].glob("examples/*.txt"))
Box = tuple[float, float, float, float]


def picture(text: str, **asked: object) -> Picture:
    return Picture(cnncalc.analyze(network(text)), PictureOptions(**asked))


def drawings(analysis: cnncalc.Analysis) -> Iterator[Drawing]:
    for right in (False, True):
        for depth in (None, 9):
            yield Drawing(Picture(analysis, PictureOptions(depth=depth, right=right)))


def boxes(drawing: Drawing) -> list[tuple[Thing, Box]]:
    things = drawing.picture.everything()
    return [(thing, drawing.corners(thing)) for thing in things if thing.sort not in (FRAME, PORT)]


def check(drawing: Drawing) -> None:
    placed = boxes(drawing)
    for (one, (x, y, wide, high)), (other, (left, top, width, height)) in combinations(placed, 2):
        apart = (
            x + wide <= left + 0.01 or left + width <= x + 0.01 or y + high <= top + 0.01 or top + height <= y + 0.01
        )
        assert apart, f"{said(one)} lies on {said(other)}"
    for (x, y), (end_x, end_y) in edges(drawing):
        for thing, (left, top, wide, high) in placed:
            beside = max(x, end_x) <= left + 1 or min(x, end_x) >= left + wide - 1
            past = max(y, end_y) <= top + 1 or min(y, end_y) >= top + high - 1
            assert beside or past, f"an edge goes through {said(thing)}"
    for thing, (x, y, wide, high) in placed:
        assert x >= 0 and y >= 0 and x + wide <= drawing.width and y + high <= drawing.height, said(thing)
        if thing.sort in (BOX, INPUT, OUTPUT):
            inside = wide if drawing.right else 2 * thing.left
            assert all(line_width(line) <= inside for line in drawing.picture.texts(thing)), said(thing)
    frames = [thing for thing in drawing.picture.everything() if thing.sort == FRAME]
    for frame in frames:
        x, y, wide, high = drawing.corners(frame)
        heading = y + 18  # its name, and below its line what stands in it
        for thing in frame.things:
            if thing.sort != PORT:
                left, top, width, height = drawing.corners(thing)
                assert x <= left and left + width <= x + wide and top + height <= y + high, said(thing)
                assert heading <= top, f"the heading of {said(frame)} lies on {said(thing)}"


def edges(drawing: Drawing) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    for route in drawing.picture.routes:
        yield from pairwise(map(drawing.point, route.points))


def said(thing: Thing) -> str:
    return thing.part.label if thing.part else thing.name


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    analysis = cnncalc.analyze(cnncalc.load(path))
    for drawing in drawings(analysis):
        check(drawing)
        shown = [thing.part for thing, _ in boxes(drawing) if thing.part is not None]
        if len(analysis.layers):
            assert shown and all(part.label for part in shown)


@pytest.mark.parametrize("seed", range(10))
def test_made_up_networks(seed: int) -> None:
    """Ten a seed, of those that can be read."""
    random, drawn = Random(seed), 0
    while drawn < 10:
        made = network(generator.spec(random))
        if not 0 < len(list(made.layers)) <= 80:
            continue
        drawn += 1
        for drawing in drawings(cnncalc.analyze(made)):
            check(drawing)


def test_every_layer_has_its_box_where_all_is_open() -> None:
    for path in EXAMPLES:
        analysis = cnncalc.analyze(cnncalc.load(path))
        if len(analysis.layers) > 400:
            continue
        drawing = Picture(analysis, PictureOptions(depth=99))
        things = [thing for thing in drawing.everything() if thing.sort in (BOX, MERGE)]
        folded = sum(
            thing.part.length * (thing.part.times - 1) for thing in drawing.everything() if thing.sort == FRAME
        )
        layers = {row.name for row in analysis.layers if not row.behind_unknown}
        assert {row.name for thing in things for row in drawing.rows(thing.part)} <= layers
        assert folded or len(things) == len(layers), path


def test_edges_are_those_of_the_network() -> None:
    """A block's shortcut, two branches, and a head beside: each edge once, from where the tensor is made."""
    text = "input 8x8x8\na = conv 8 3 pad=1\nb = conv 8 3 pad=1\nadd @a\nconcat:\n    - conv 4 1\n    - relu | conv 4 1\nfc 10"
    drawn = picture(text)
    drawn.place()
    names = {index: said(thing) for index, thing in enumerate(drawn.root.things)}
    assert sorted((names[edge.source], names[edge.target]) for edge in drawn.root.edges) == sorted([
        ("input", "a"), ("a", "b"), ("b", "add1"), ("a", "add1"), ("add1", "conv1"), ("add1", "relu1"),
        ("relu1", "conv2"), ("conv1", "concat1"), ("conv2", "concat1"), ("concat1", "fc1"), ("fc1", "fc1"),
    ])  # fmt: skip


def test_a_trunk_is_straight_and_equal_blocks_are_one() -> None:
    drawn = picture("input 8x8x8\nblock b:\n    y = relu\n    conv 8 3 pad=1\n    add @y\nrepeat 3:\n    b\nfc 10")
    drawn.place()
    frame = next(thing for thing in drawn.everything() if thing.sort == FRAME)
    assert frame.part.label.endswith("×3")
    assert len({thing.x for thing in drawn.root.things}) == 1
    assert len(drawn.root.edges) == 3


def left(volume: Volume) -> float:
    """Where a volume begins, or the label below it."""
    return min(volume.x, volume.x + (volume.wide + volume.back - fonts.width(volume.label, 9)) / 2)


def right(volume: Volume) -> float:
    return max(volume.x + volume.wide + volume.back, left(volume) + fonts.width(volume.label, 9))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_volumes_lie_beside_each_other(path: Path) -> None:
    drawn = Volumes(cnncalc.analyze(cnncalc.load(path)), PictureOptions())
    for one, other in pairwise(drawn.volumes):
        assert right(one) < left(other)
    assert all(one.y - one.back >= 0 and one.y + one.high <= drawn.height + drawn.lift for one in drawn.volumes)
    assert all(0 <= x <= drawn.width and y >= 0 for arc in drawn.arcs for x, y in arc.points)


def test_a_u_is_a_u() -> None:
    """Down and up again, and the skips straight across."""
    drawn = Volumes(cnncalc.analyze(cnncalc.load(EXAMPLES[0].with_name("unet.txt"))), PictureOptions())
    assert drawn.levels == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 3, 2, 1, 0, 0]
    skips = [arc for arc in drawn.arcs if arc.skip]
    assert len(skips) == 4
    assert all(len({y for _, y in arc.points}) == 1 for arc in skips)


def test_other_networks_are_a_row() -> None:
    for name in ("alexnet", "resnet50", "vgg16", "mobilenet_v2"):
        drawn = Volumes(cnncalc.analyze(cnncalc.load(EXAMPLES[0].with_name(f"{name}.txt"))), PictureOptions())
        assert set(drawn.levels) == {0}
        assert [volume.flat for volume in drawn.volumes][-1]
