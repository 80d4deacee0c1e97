"""What is folded, and that rows always sum to the total."""

import pytest

from cnncalc.document.columns import Selection, choose, find
from cnncalc.document.tree import items, rows, unfolded
from cnncalc.render.text import Screen
from document.fakes import Analysis, Row, block, residual
from document.fakes import shown as text_of
from hang import hang_guard

ALL = Selection(choose(None))


def shown(layers, view=ALL, tree=True):
    return ["  " * item.level + item.label for item in items(layers, view, tree)]


def test_the_tree():
    assert shown(residual().layers) == [
        "stem",
        "  conv1",
        "group1",
        "  basic2 ×3",
        "group2",
        "  basic5",
        "    conv5",
        "    relu5",
        "    add5",
        "  basic6",
        "    conv6",
        "    relu6",
        "    add6",
        "aux",
        "  gavgpool1",
        "  fc1",
        "fc2",
    ]


def test_depth_1_is_the_top_level():
    rows = list(items(residual().layers, ALL._replace(depth=1), True))
    assert [(row.label, row.operation) for row in rows] == [
        ("stem", "conv 8 7x7"),
        ("group1", "basic ×3"),
        ("group2", "basic ×2"),
        ("aux", "train head: gavgpool fc"),
        ("fc2", "fc 10"),
    ]


def test_depth_2_folds_blocks():
    assert shown(residual().layers, ALL._replace(depth=2)) == [
        "stem",
        "  conv1",
        "group1",
        "  basic2 ×3",
        "group2",
        "  basic5",
        "  basic6",
        "aux",
        "  gavgpool1",
        "  fc1",
        "fc2",
    ]


def test_lists_fold_only_by_depth():
    layers = residual().layers
    assert shown(layers, tree=False) == [layer.name for layer in layers]
    assert shown(layers, ALL._replace(flat=True)) == [layer.name for layer in layers]
    assert shown(layers, ALL._replace(depth=2), tree=False) == [
        "conv1",
        "basic2",
        "basic3",
        "basic4",
        "basic5",
        "basic6",
        "gavgpool1",
        "fc1",
        "fc2",
    ]


def test_a_chain_of_single_groups_is_one_row():
    inner = {"path": ("stage1", "outer1", "inner1"), "blocks": ("stage", "outer", "inner")}
    layers = [Row("conv1", "conv 8 3x3", (8, 5, 5), **inner), Row("relu1", "relu", (8, 5, 5), **inner)]
    assert shown(layers) == ["stage1/outer1/inner1", "  conv1", "  relu1"]
    assert shown(layers, ALL._replace(depth=2)) == ["stage1/outer1"]


def test_blocks_with_other_weights_do_not_fold():
    layers = block(1, "s", 8) + block(2, "s", 8)
    assert shown(layers) == ["s", "  basic1 ×2"]
    layers[3].params = 0
    assert len(shown(layers)) == 9


def test_sorted_by_falling_numbers_with_the_unknown_last():
    layers = residual().layers
    layers[0].params = None
    rows = shown(layers, ALL._replace(sort=find("params")))
    assert rows[:3] == ["fc2", "conv5", "fc1"]
    assert rows[-1] == "conv1"


def test_sorted_by_rising_text():
    rows = shown(residual().layers, ALL._replace(sort=find("name")))
    assert rows[:4] == ["add2", "add3", "add4", "add5"]


def test_sorted_shapes_fall_by_their_elements():
    assert shown(residual().layers, ALL._replace(sort=find("output")))[0] == "conv1"


def test_top_is_by_macs_and_works_on_groups():
    assert shown(residual().layers, ALL._replace(top=2)) == ["fc2", "conv1", "17 more"]
    assert shown(residual().layers, ALL._replace(top=2, depth=1)) == ["fc2", "stem", "3 more"]
    assert len(shown(residual().layers, ALL._replace(top=99))) == 19


@pytest.mark.parametrize("tree", [True, False])
@pytest.mark.parametrize(
    "view", [ALL, ALL._replace(depth=1), ALL._replace(depth=2), ALL._replace(flat=True), ALL._replace(top=3)]
)
def test_rows_sum_to_the_total(view, tree):
    layers = residual().layers
    rows = [row for row in items(layers, view, tree) if not row.heading]
    assert sum(row.total("params") for row in rows) == sum(layer.params for layer in layers)
    assert sum(len(row.layers) for row in rows) == len(layers)


def test_no_layers_no_rows():
    assert [*items([], ALL, True), *items([], ALL._replace(depth=1), False)] == []


def test_deep_nesting_and_many_layers_are_linear():
    path = tuple(f"b{number}" for number in range(3000))
    deep = [Row("conv1", "conv 1 1x1", (1, 1, 1), 2, 1, path, path), Row("fc1", "fc 1", (1,))]
    assert len(list(items(deep, ALL, True))) == 3
    chain = [row for number in range(20_000) for row in block(number, f"s{number // 100}", 8)]
    with hang_guard():
        assert len(list(items(chain, ALL._replace(depth=1), True))) == 1
        assert len(list(items(chain, ALL._replace(flat=True), True))) == 60_000


@pytest.mark.parametrize("sort", [None, "params"])
def test_no_more_rows_than_a_person_reads(sort):
    """The rest is one row, so that the rows still sum to the total; it is said how many are shown."""
    layers = [Row(f"conv{number}", "conv 8 3x3", (8, 8, 8), number, 2 * number) for number in range(1, 1301)]
    view = Selection(choose(None), sort=find(sort) if sort else None)
    rows = list(items(layers, view, tree=True, most=500))
    assert len(rows) == 501
    assert rows[-1].label == "800 more"
    assert sum(row.total("params") for row in rows) == sum(layer.params for layer in layers)
    drawn = text_of(Analysis(layers), view, "table", Screen(80)).splitlines()
    assert len(drawn) < 510
    assert "  the first 500 rows" in drawn
    assert max(map(len, drawn)) <= 80


def test_a_folded_tree_is_cut_between_its_rows():
    layers = [layer for number in range(400) for layer in block(number, f"stage{number}", 8 + number % 2)]
    rows = list(items(layers, ALL, tree=True, most=100))
    assert len(rows) == 101
    below = [layer for row in rows if not row.heading for layer in row.layers]
    assert [layer.name for layer in below] == [layer.name for layer in layers]


def test_a_heading_is_where_it_stands():
    rows = list(items(residual().layers, ALL, True))
    heading = next(row for row in rows if row.label == "basic5")
    assert (heading.path, heading.level, heading.kind, heading.operation) == (("group2",), 1, "basic", "")
    assert [row.label for row in rows if row.heading] == ["stem", "group1", "group2", "basic5", "basic6", "aux"]


def test_rows_without_a_value_are_last_and_not_lost():
    layers = residual().layers
    rows = list(items(layers, ALL._replace(sort=find("line"), depth=1), False))
    assert [row.label for row in rows] == ["fc2", "stem", "group1", "group2", "aux"]
    layers[-1].params = None
    assert [row.label for row in items(layers, ALL._replace(sort=find("params"), depth=1), False)][-1] == "fc2"


def test_rows_are_faint_where_only_training_runs_them():
    layers = residual().layers
    made = list(rows(layers, ALL, ALL.columns))
    assert [row.tone for row in made] == ["faint" if layer.train else "" for layer in layers]
    assert not any(row.group or row.level for row in made)
    assert made[0].cells == ("conv1", "conv 8 7x7", (8, 28, 28), 400, 30000)
    tree = list(rows(layers, ALL, ALL.columns, tree=True, most=5))
    assert [(row.cells[0], row.level, row.group) for row in tree] == [
        ("stem", 0, True), ("conv1", 1, False), ("group1", 0, True), ("basic2 ×3", 1, True), ("group2", 0, True),
        ("9 more", 0, True),
    ]  # fmt: skip


def test_unfolded_every_layer_has_its_row():
    found = list(unfolded(residual().layers))
    assert [row.label for row in found if not row.heading] == [layer.name for layer in residual().layers]
    assert [(row.label, row.level) for row in found[2:9]] == [
        ("group1", 0), ("basic2", 1), ("conv2", 2), ("relu2", 2), ("add2", 2), ("basic3", 1), ("conv3", 2),
    ]  # fmt: skip


def names_of_rows(layers, **more):
    return ["  " * row.level + row.cells[0] for row in rows(layers, ALL, ALL.columns, tree=True, **more)]


@pytest.mark.parametrize(
    ("known", "kept", "last"),
    [
        (19, 17, []),
        (18, 16, ["1 layer below: not known"]),
        (16, 13, ["3 layers below: not known"]),
        (13, 9, ["6 layers below: not known"]),
        (0, 0, ["19 layers below: not known"]),
    ],
)
def test_one_row_tells_of_all_layers_behind_a_fault(known, kept, last):
    """The headings of stages of which nothing is known are gone with them."""
    layers = residual().layers
    for layer in layers[known:]:
        layer.behind_unknown = True
    assert names_of_rows(layers) == names_of_rows(residual().layers)[:kept] + last
    assert len(list(rows(layers, ALL, ALL.columns))) == 19, "a list has a row for each"


def test_layers_behind_a_fault_between_others_have_one_row_where_they_stand():
    layers = residual().layers
    for layer in [*layers[4:9], *layers[11:13], layers[16]]:
        layer.behind_unknown = True
    assert names_of_rows(layers) == [
        "stem", "  conv1", "group1", "  basic2 ×3", "group2", "  basic5", "    conv5", "    2 layers: not known", "  basic6",
        "    conv6", "    relu6", "    add6", "aux", "  1 layer: not known", "  fc1", "fc2",
    ]  # fmt: skip
