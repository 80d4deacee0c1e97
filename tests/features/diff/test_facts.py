"""What changed between two networks: each sort of change, and what must hold of any two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.diagnostics import Source, exit_code
from cnncalc.features.diff.facts import STATUSES, Diff
from cnncalc.interpret import build
from cnncalc.measure import analyze
from cnncalc.measures import FIGURES
from hang import hang_guard
from mutations import EXAMPLES, mutations

INPUT = "input 3x32x32\n"
BLOCK = """\
block basic(w):
    add:
        - conv w 3 pad=1 | bn | relu
          conv w 3 pad=1 | bn
        - identity
    relu
"""


def analysed(text, folder=None):
    return analyze(build(Source("model.txt", text), folder=folder))


def diff(old, new, before=INPUT):
    return Diff(analysed(before + old), analysed(before + new))


def told(found):
    """The changes in short: status, the layer's name, and its differences."""
    return [
        (one.status, one.row.name, *(f"{each.name} {each.old_text} → {each.new_text}" for each in one.differences))
        for one in found.changes
        if one.status != "affected"
    ]


def counts(found):
    return {status: found.count(status) for status in STATUSES if found.count(status)}


# --- one change -----------------------------------------------------------------------------------------

BASE = """\
conv 16 3 pad=1 | bn | relu
skip = conv 16 3 pad=1 | bn | relu
maxpool 2
conv 16 3 pad=1 | relu
resize 2 mode=bilinear
add @skip
dropout 0.2
gavgpool | flatten
fc 10
"""

CHANGES = {
    "an argument": ("conv 16 3 pad=1 | relu", "conv 16 5 pad=2 | relu",
                    [("changed", "conv3", "kernel 3x3 → 5x5", "pad 1 → 2")]),
    "a bias": ("conv 16 3 pad=1 | relu", "conv 16 3 pad=1 bias=no | relu", [("changed", "conv3", "bias yes → no")]),
    "padding that keeps the shape": ("conv 16 3 pad=1 | relu", "conv 16 3 pad=0:2 | relu",
                                     [("changed", "conv3", "pad 1 → 0:2")]),
    "a rate": ("dropout 0.2", "dropout 0.3", [("changed", "dropout1", "rate 0.2 → 0.3")]),
    "a mode": ("mode=bilinear", "mode=nearest", [("changed", "resize1", "mode bilinear → nearest")]),
    "an affine flag": ("16 3 pad=1 | bn | relu\nskip", "16 3 pad=1 | bn affine=no | relu\nskip",
                       [("changed", "bn1", "affine yes → no")]),
    "another kind of the family": ("maxpool 2", "avgpool 2", [("changed", "avgpool1", "kind maxpool → avgpool")]),
    "an activation": ("pad=1 | relu\nresize", "pad=1 | gelu\nresize", [("changed", "gelu1", "kind relu → gelu")]),
    "a layer in between": ("maxpool 2\n", "maxpool 2\nconv 16 1\n", [("added", "conv3")]),
    "a layer gone": ("maxpool 2\nconv 16 3 pad=1 | relu\n", "maxpool 2\nrelu\n", [("removed", "conv3")]),
    "two layers swapped": ("bn | relu\nmaxpool", "relu | bn\nmaxpool",
                           [("moved", "relu2"), ("renamed", "skip")]),
    "a skip from elsewhere": ("skip = conv 16 3 pad=1 | bn | relu\n", "conv 16 3 pad=1 | bn\nskip = identity | relu\n",
                              [("added", "identity1")]),
    "a layer at the end": ("fc 10\n", "fc 10 | softmax\n", [("added", "softmax1")]),
    "a layer at the start": ("conv 16 3 pad=1 | bn | relu\nskip", "bn | conv 16 3 pad=1 | bn | relu\nskip",
                             [("added", "bn1")]),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES.values(), ids=CHANGES)
def test_one_change_is_shown_as_it_is(before, after, expected):
    assert BASE.count(before) == 1
    found = diff(BASE, BASE.replace(before, after))
    assert not found.equal
    assert told(found) == expected


def test_counters_that_shift_are_no_change():
    found = diff(BASE, "conv 3 1\n" + BASE)
    assert counts(found) == {"added": 1, "equal": 15}
    assert found.layers[1].old.name == "conv1"
    assert found.layers[1].new.name == "conv2"


def test_a_skip_that_comes_from_another_layer():
    text = "a = conv 3 3 pad=1\nb = conv 3 3 pad=1\nconv 3 3 pad=1\nadd @a\n"
    found = diff(text, text.replace("add @a", "add @b"))
    assert told(found) == [("changed", "add1", "inputs conv1, a → conv1, b")]
    assert found.layers[-1].differences[0].old == ["conv1", "a"]


def test_shared_weights():
    text = "a = conv 3 3 pad=1\nb = conv 3 3 pad=1\nconv 3 3 pad=1 share=@a\n"
    one = diff(text, text.replace(" share=@a", ""))
    assert told(one) == [("changed", "conv1", "weights of a → its own")]
    assert [total.difference for total in one.totals if total.name == "params"] == [84]
    assert told(diff(text, text.replace("@a", "@b"))) == [("changed", "conv1", "weights of a → of b")]


def test_a_round_more_is_one_block_more():
    text = BLOCK + INPUT + "conv 8 3 pad=1\nrepeat 3:\n    basic 8\nconv 8 3 pad=1 | bn | relu\nfc 10\n"
    text = text.replace("fc", "gavgpool\nfc")
    more = diff(text, text.replace("repeat 3", "repeat 4"), "")
    added = [one for one in more.layers if one.status == "added"]
    assert counts(more) == {"added": 8, "equal": 30}
    assert {one.new.path for one in added} == {("basic4",)}
    fewer = diff(text.replace("repeat 3", "repeat 4"), text, "")
    assert {one.old.path for one in fewer.layers if one.status == "removed"} == {("basic4",)}


def test_a_block_that_moves_is_neither_gone_nor_new():
    stages = {name: f"stage {name}:\n    conv {width} 3 pad=1 | bn | relu\n    conv {width} 1 | bn\n" for name, width in
              {"one": 8, "two": 16, "three": 24}.items()}  # fmt: skip
    found = diff("".join(stages.values()), stages["two"] + stages["one"] + stages["three"])
    assert counts(found) == {"moved": 5, "affected": 2, "equal": 8}


def test_names_alone_leave_the_networks_equal():
    found = diff(BASE, BASE.replace("skip", "side"))
    assert found.equal
    assert [(one.what, one.old, one.new) for one in found.remarks] == [("name", "skip", "side")]
    assert counts(found) == {"renamed": 1, "equal": 14}


def test_stages_alone_leave_the_networks_equal():
    staged = "stage stem:\n    conv 16 3 pad=1 | bn | relu\n" + BASE.split("\n", 1)[1]
    found = diff(BASE, staged)
    assert found.equal
    assert [(one.what, one.old, one.new) for one in found.remarks] == [("place", "–", "stem")]
    moved = staged.replace("skip = conv 16 3 pad=1 | bn | relu\nmaxpool 2\n", "skip = conv 16 3 pad=1 | bn | relu\n")
    assert diff(moved.replace("    conv", "    maxpool 2\n    conv"), moved.replace("stage", "maxpool 2\nstage")).equal


def test_a_stage_that_stands_around_another_of_two_equal_blocks():
    block = "block cell:\n    conv 3 3 pad=1 | bn | relu\n"
    old, new = (f"{block}{calls}" for calls in ("stage s:\n    cell\ncell\n", "cell\nstage s:\n    cell\n"))
    found = diff(old, new)
    assert found.equal
    assert counts(found) == {"renamed": 6}
    assert [(one.what, one.old, one.new) for one in found.remarks] == [
        ("place", "s/cell", "cell"), ("place", "cell", "s/cell"),
    ]  # fmt: skip


def test_inputs_that_change_their_order_are_found_by_name():
    """Each layer stands where it stood, and reads what is now another's."""
    old = "x = input 4x8x8\ny = input 4x8x8\nsub = @x | relu\nadd @sub @y\n"
    new = old.replace("x = input 4x8x8\ny = input 4x8x8", "y = input 4x8x8\nx = input 4x8x8")
    assert told(diff(old, new, before="")) == []
    assert told(diff(old, new.replace("@x |", "@y |"), before="")) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("conv 8 3", "conv 8 3x3"),
        ("conv 8 3 pad=1", "conv 8 3 pad=1x1"),
        ("conv 8 3 pad=1", "conv 8 3 pad=1:1"),
        ("conv 8 3", "Conv2d 8 3 # the same"),
        ("maxpool 2", "maxpool 2 stride=2"),
        ("conv 8 3 bias=no", "default conv bias=no\nconv 8 3"),
        ("let w = 4\nconv 2*w 3", "conv K=8 F=3"),
    ],
)
def test_other_ways_to_write_the_same(old, new):
    found = diff(old, new)
    assert found.equal
    assert [one.what for one in found.remarks] == ["text"]


def test_what_leaves_the_network_as_it_is_is_named():
    old = "model A\n" + INPUT + "conv 8 3   -> 8x30x30\nrequire params <= 1k\n"
    new = "model B\n" + INPUT + 'conv 8 3   -> ?x30x30\nrequire params <= 2k  "ours"\nrequire macs < 1G\n'
    found = diff(old, new, "")
    assert found.equal
    assert [(one.what, one.old, one.new) for one in found.remarks] == [
        ("title", "A", "B"),
        ("requirement", "params <= 1k", None),
        ("requirement", None, 'params <= 2k  "ours"'),
        ("requirement", None, "macs < 1G"),
        ("expectation", "-> 8x30x30", "-> ?x30x30"),
    ]
    assert diff(old, old, "").remarks == []


def test_blanks_are_no_other_requirement_or_expectation():
    old = 'conv 8 (3,3)->8x30x30\nconv 8 3->( 8,28,28 )\nrequire params<=1,000 "a  b"\nrequire macs  < 1G\n'
    new = 'conv 8 (3, 3)  -> 8x30x30\nconv 8 3  -> (8, 28, 28)\nrequire params <= 1,000  "a  b"\nrequire macs < 1G\n'
    assert [one.what for one in diff(old, new).remarks] == ["text"]
    assert [one.what for one in diff(old, new.replace("a  b", "a b")).remarks] == ["requirement"]


def test_the_layout_is_no_change_of_the_network():
    found = diff("input 3x32x16\nconv 8 3\n", "layout hwc\ninput 32x16x3\nconv 8 3\n", "")
    assert found.equal
    assert [one.what for one in found.remarks] == ["layout"]


# --- inputs and outputs ---------------------------------------------------------------------------------


def test_an_input_that_changes():
    found = diff("input 3x32x32\nconv 8 3\ngavgpool\n", "input 3x64x64\nconv 8 3\ngavgpool\n", "")
    assert [tuple(one) for one in found.structure] == [("input", "input", (3, 32, 32), (3, 64, 64))]
    assert counts(found) == {"affected": 2}


def test_inputs_come_and_go():
    one, two = "a = input 3x32x32\nconv 8 3\n", "a = input 3x32x32\nb = input 3x32x32\nconcat @a @b\nconv 8 3\n"
    found = diff(one, two, "")
    assert ("input", "b", None, (3, 32, 32)) in [tuple(each) for each in found.structure]
    back = diff(two, one, "")
    assert ("input", "b", (3, 32, 32), None) in [tuple(each) for each in back.structure]


def test_outputs_that_change():
    text = "a = conv 8 3 pad=1\nb = conv 8 3 pad=1\nc = add @a\noutput @b @c\n"
    found = diff(text, text.replace("output @b @c", "output @a @c"))
    assert not found.equal
    assert [tuple(one) for one in found.structure] == [("output", "b", "b", None), ("output", "a", None, "a")]
    order = diff(text, text.replace("@b @c", "@c @b"))
    assert [tuple(one) for one in order.structure] == [("output order", "", ("b", "c"), ("c", "b"))]


def test_a_head_that_inference_runs_too():
    text = "conv 8 3\nhead aux train:\n    gavgpool\n    fc 10\nconv 8 3\n"
    found = diff(text, text.replace(" train", ""))
    assert [one[0] for one in told(found)] == ["changed", "changed"]
    assert [tuple(one) for one in found.structure] == [("output", "aux", "fc1 (training only)", "fc1")]
    assert [one.difference for one in found.totals if one.name == "params"] == [90]
    assert [one.difference for one in found.totals if one.name == "params_train"] == [0]


# --- of any two -----------------------------------------------------------------------------------------


def held(found):
    """What must hold of any diff of sound networks."""
    old, new = found.old, found.new
    assert [one.old.name for one in sorted(found.layers, key=_place(old)) if one.old] == [
        row.name for row in old.layers
    ]
    assert [one.new.name for one in found.layers if one.new] == [row.name for row in new.layers]
    totals = {one.name: one for one in found.totals}
    assert tuple(totals) == FIGURES
    for measure in ("params", "buffers", "macs", "flops"):
        assert totals[measure].difference == sum(
            (0 if one.new is None or one.new.train else getattr(one.new, measure))
            - (0 if one.old is None or one.old.train else getattr(one.old, measure))
            for one in found.layers
        )
    assert totals["params_train"].difference == sum(one.delta("params") for one in found.layers)
    assert totals["layers"].difference == len([row for row in new.layers if not row.train]) - len(
        [row for row in old.layers if not row.train]
    )


def _place(analysis):
    places = {row.name: place for place, row in enumerate(analysis.layers)}
    return lambda one: places[one.old.name] if one.old else -1


def unfolded(analysis):
    """The network without its texts, for an equality that knows nothing of alignments."""
    network = analysis.network
    layers = [
        (
            node.kind,
            node.layer and node.layer.values,
            node.train,
            node.owner,
            node.inputs,
            node.output,
            node.result and (node.result.params, node.result.buffers, node.result.macs),
        )
        for node in network.nodes
    ]
    return layers, [(port.node, port.train) for port in network.outputs]


def mirrored(found):
    back = Diff(found.new, found.old)
    swapped = {"added": "removed", "removed": "added"}
    assert {swapped.get(status, status): count for status, count in counts(back).items()} == counts(found)
    assert back.equal == found.equal
    assert [one.new for one in back.totals] == [one.old for one in found.totals]


LAYERS = st.sampled_from([
    "conv 8 3 pad=1", "conv 8 1", "conv 4 3 pad=1", "bn", "relu", "gelu", "maxpool 3 stride=1 pad=1", "dropout 0.1",
    "a = conv 8 3 pad=1", "b = bn", "basic C", "repeat 2:\n    basic C", "stage s:\n    conv 8 3 pad=1 | bn | relu",
    "stage t:\n    basic C", "head h:\n    gavgpool\n    fc 10", "conv 8 3 pad=1 | bn | relu",
])  # fmt: skip


def once(lines):
    """The lines without those that set a name once more."""
    kept = []
    for line in lines:
        if line not in kept or not line.startswith(("a ", "b ", "stage", "head")):
            kept.append(line)
    return "\n".join(kept)


SPECS = st.lists(LAYERS, min_size=1, max_size=9).map(lambda lines: f"{BLOCK}{INPUT}conv 8 1\n{once(lines)}\n")


@given(SPECS, SPECS)
@settings(max_examples=150, deadline=None)
def test_of_any_two_networks(old, new):
    found = Diff(analysed(old), analysed(new))
    held(found)
    assert found.equal == (unfolded(found.old) == unfolded(found.new))


CALLS = st.lists(st.sampled_from(["cell", "cell", "conv 8 3 pad=1", "relu", "maxpool 3 stride=1 pad=1"]), min_size=1,
                 max_size=7)  # fmt: skip


def staged(calls, sizes):
    """The calls, the first so many of them in a stage of its own, the next so many out of any, and so on."""
    lines, at = [], 0
    for number, size in enumerate(sizes):
        inside = number % 2 == 0 and calls[at : at + size]
        lines += [f"stage s{number}:"] * bool(inside)
        lines += [f"{'    ' * bool(inside)}{call}" for call in calls[at : at + size]]
        at += size
    return "block cell:\n    conv 8 3 pad=1 | bn | relu\ninput 8x16x16\n" + "\n".join([*lines, *calls[at:]])


@given(CALLS, *[st.lists(st.integers(0, 3), max_size=6)] * 2)
@settings(max_examples=100, deadline=None)
def test_stages_around_equal_blocks_leave_the_networks_equal(calls, old, new):
    found = Diff(analysed(staged(calls, old)), analysed(staged(calls, new)))
    assert found.equal
    assert {*counts(found)} <= {"equal", "renamed"}
    held(found)


@given(SPECS)
@settings(max_examples=50, deadline=None)
def test_a_network_is_itself(text):
    found = Diff(analysed(text), analysed(text))
    assert found.equal
    assert found.remarks == found.structure == []
    assert counts(found) == {"equal": len(found.new.layers)}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_itself(path):
    found = Diff(*(analysed(path.read_text("utf-8"), path.parent) for _ in range(2)))
    assert found.equal
    assert all(one.old == one.new for one in found.totals)
    assert counts(found) == ({"equal": len(found.new.layers)} if found.new.layers else {})


def test_mutations_are_errors_or_shown_or_leave_the_networks_equal():
    seen = {"error": 0, "equal": 0, "shown": 0, "argument": 0}
    for one in mutations(150, seed=5):
        old, new = (analysed(text, one.path.parent) for text in (one.before, one.after))
        if exit_code(new.diagnostics) == 2:
            seen["error"] += 1
            continue
        found = Diff(old, new)
        held(found)
        assert found.equal == (unfolded(old) == unfolded(new)), one
        if found.equal:
            assert found.remarks, one  # the text at least
            seen["equal"] += 1
            continue
        causes = [each for each in found.changes if each.status in ("changed", "added", "removed", "moved")]
        assert causes or found.structure, one
        mirrored(found)
        seen["shown"] += 1
        if one.argument is not None:
            at = [each for each in causes if each.row.line == one.line and each.row.file is None]
            changes = [(each.old, each.new) for cause in at for each in cause.differences]
            assert (one.old, one.new) in changes, (one, one.argument, changes)
            seen["argument"] += 1
    assert min(seen.values()) > 10, seen


# --- in Python ------------------------------------------------------------------------------------------


def test_the_public_function_takes_networks_and_analyses():
    old, new = cnncalc.loads(INPUT + "conv 8 3"), cnncalc.loads(INPUT + "conv 8 5")
    document = cnncalc.diff(old, new).to_dict()
    assert document["totals"]["params"] == {"old": 224, "new": 608, "difference": 384, "ratio": 608 / 224}
    assert document["changes"][0]["arguments"] == [{"name": "kernel", "old": 3, "new": 5}]
    again = cnncalc.diff(cnncalc.analyze(old, batch=2), cnncalc.analyze(new, batch=2))
    assert again.to_dict()["totals"]["macs"]["old"] == 2 * document["totals"]["macs"]["old"]


def test_outputs_are_found_in_time_that_grows_with_them():
    heads = "".join(f"head h{number}:\n    conv 2 1\n" for number in range(20_000))
    found = diff(heads, heads.replace("head h", "head g"))
    with hang_guard():  # each with each: 400 million
        assert found.structure == []


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("avgpool 2\nfc 3\n", "maxpool 2\nfc 3\n", [("changed", "maxpool1", "kind avgpool → maxpool")]),
        ("relu\navgpool 2\nfc 3\n", "tanh\nmaxpool 2\nfc 3\n",
         [("changed", "tanh1", "kind relu → tanh"), ("changed", "maxpool1", "kind avgpool → maxpool")]),
        ("avgpool 2\nfc 3\n", "relu\nfc 3\n", [("removed", "avgpool1"), ("added", "relu1")]),
    ],
)  # fmt: skip
def test_a_first_layer_that_one_of_its_family_replaces(old, new, changes):
    """No layer before it tells where it stood: it is the start that both have in common."""
    assert sorted(told(diff(old, new))) == sorted(changes)
