"""What is worked out for all candidates at once is what each is by itself: every measure, and every fault."""

import random
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec
from cnncalc.interpret.reading.examples import example_path
from cnncalc.interpret.specification import specification
from cnncalc.measure.measurements import Measurements, UnknownMeasure
from cnncalc.measure.result import analyze
from cnncalc.measures import WORDS
from cnncalc.spec.expressions import value as read_value
from cnncalc.variants.formulas import MeasureScope
from cnncalc.variants.groups import Box, Groups
from cnncalc.variants.space import Space, parted
from cnncalc.variants.texts import filled
from cnncalc.variants.tracing import SpecModel, SweepQuestion, TracedSpec, Tracer, fault_of
from variants.specs import BUNDLED, PLAIN, axes

CANDIDATES = 200
MEASURES = tuple((word, None) for word in WORDS if word not in ("arena", "training"))
#: Measures that take long, one by one.
SLOW_MEASURES = (("arena", None), ("training", None))
CONDITIONS = (
    "params <= 60000 and peak < 40000 or macs > 3*10**6",
    "not field >= 20",
    "output != 10 and layers < 2*depth+9",
)


def plain(value):
    """A number as the arrays give it."""
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


def one_by_one(spec, space, settings, trees, measures=MEASURES):
    """The measures of one candidate, what conditions say of it, and its first fault."""
    values, inputs = parted(space.axes, settings)
    network = spec.network(inputs=inputs, settings=values, checked=False)
    errors = [one for one in network.diagnostics if fault_of([one])]
    if errors:
        return None, errors
    measured = Measurements(analyze(network))
    found = []
    for measure in measures:
        try:
            found.append(plain(measured(*measure)))
        except UnknownMeasure:
            found.append(None)
    scope = MeasureScope(measured, {**specification(network).variables, **values})
    return found, [scope.formula(tree) for tree in trees]


def at_once(space, tracer, trees):
    """The same of all candidates: by index the group of each, and where it is in that."""
    groups, found = Groups(tracer), {}
    box = Box(tuple(np.arange(size) for size in space.shape))
    for block in range(space.blocks):
        for group in groups.of(space.words(block), box):
            for place, index in enumerate(group.indices):
                assert found.setdefault(block * space.block_size + int(index), (group, place))[1] == place
    return found


def number(group, place, value):
    if isinstance(value, tuple):
        return tuple(number(group, place, one) for one in value)
    if hasattr(value, "polynomial"):
        return int(group.values(value.polynomial)[place])
    if hasattr(value, "bottom"):
        made = Fraction(number(group, place, value.top), number(group, place, value.bottom))
        return made.numerator if made.denominator == 1 else made
    return value


def compare(source, folder, varied, count=CANDIDATES, measures=MEASURES):
    space = Space(axes(varied))
    trees = [read_value(text, 0, units=True) for text in CONDITIONS]
    tracer = Tracer(SpecModel(TracedSpec(source, folder)), space, SweepQuestion(measures, ()))
    asked = [Tracer(tracer.model, space, SweepQuestion((), (tree,), required=False)) for tree in trees]
    found = at_once(space, tracer, trees)
    held = [at_once(space, one, trees) for one in asked]
    assert sorted(found) == list(range(space.size))
    spec = Spec(source, folder)
    faults = 0
    for index in random.Random(17).sample(range(space.size), min(count, space.size)):
        settings = space.settings(index)
        values, said = one_by_one(spec, space, settings, trees, measures)
        group, place = found[index]
        if values is None:
            faults += 1
            told = group.answer.fault
            assert told is not None, (settings, said)
            message = filled(told.message, group, place)
            spots = {
                (one.code, one.span, re.sub(r" \(one of [\d,]+ from this line\)$", "", one.message)) for one in said
            }
            assert (told.code, told.span, message) in spots, settings
            continue
        assert group.answer.fault is None, settings
        assert [number(group, place, one) for one in group.answer.values] == values, settings
        for tree, formula in zip(held, said, strict=True):
            group, place = tree[index]
            assert bool(group.holds(group.answer.wanted)[place]) is bool(formula), settings
    return tracer.count, faults


@pytest.mark.parametrize("name", PLAIN)
def test_generated(name):
    text, varied = PLAIN[name]
    compare(Source(name, text), None, varied)


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled(name):
    path = Path(example_path(name))
    compare(Source(name, path.read_text("utf-8")), path.parent, BUNDLED[name], 40)


@pytest.mark.parametrize("name", ["lenet", "resnet", "unet", "dense", "train", "if"])
def test_arena_and_training(name):
    text, varied = PLAIN[name]
    varied = {key: list(values)[::3] for key, values in varied.items()}
    compare(Source(name, text), None, varied, 15, SLOW_MEASURES)


@pytest.mark.slow
@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_of_many_candidates(name):
    path = Path(example_path(name))
    compare(Source(name, path.read_text("utf-8")), path.parent, BUNDLED[name])
