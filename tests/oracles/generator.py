"""Draws abstract network programs from templates.py, sound ones mostly, and breaks some.

Whether a program is sound is PyTorch's to say, not the generator's.
"""

from __future__ import annotations

from random import Random
from typing import Any

from .programs import Head, Join, Layer, Line, Op, Program, Stage, Start, Var
from .programs import lines as all_lines
from .templates import Body, C, Maker


def program(seed: int) -> Program:
    """A program, the same one for the same seed."""
    random = Random(seed)
    rank = random.choice([1, 2, 2, 2, 3])
    maker = Maker(random, rank)
    shape = (
        random.choice([1, 3, 8, 16]),
        *[random.randint(3, {1: 30, 2: 14, 3: 6}[rank]) for _ in range(rank)],
    )
    lets: dict[str, Any] = {"base": random.choice([8, 16]), "nonlinear": random.choice(["silu", "relu"])}
    lets["twice"] = Op("*", Var("base"), 2)
    maker.widths = [8, 16, 24, C, Var("base"), Var("twice"), Op("+", C, 8)]
    maker.act = Var("nonlinear")
    for number in range(random.randint(0, 3)):
        maker.blocks[f"block{number}"] = maker.block(f"block{number}")
    inputs = random.choice([["input"], ["input"], ["input"], ["left", "right"]])
    outputs = random.choice([[], [], ["stem"], ["end"], ["end", "stem"]])
    return Program(inputs, shape, lets, maker.blocks, [*_stems(maker, inputs), *_main(maker)], outputs)


def _stems(maker: Maker, inputs: list[str]) -> Body:
    """The first line, or one from each of two inputs, joined."""
    filters = maker.one(8, 16, Var("base"))
    stem = Layer("conv", {"filters": filters, "kernel": 3, "pad": 1})
    if len(inputs) == 1:
        return [Line([stem], "stem")]
    lines = [Line([Start(name), stem], label) for name, label in zip(inputs, ("stem", "other"), strict=True)]
    join = Join(maker.one("concat", "add"), maker.one(("stem",), ("stem", "other")))
    return [*lines, Line([join])]


def _main(maker: Maker) -> Body:
    body: Body = []
    for number in range(maker.random.randint(1, 4)):
        part = maker.body(2, maker.random.randint(1, 2))
        body += [Stage(f"stage{number}", part)] if maker.one(0, 0, 1) else part
        if maker.one(0, 0, 0, 1):
            classify = Line([Layer("avgpool", {"to": maker.one(1, 2)}), Layer("flatten"), Layer("fc", {"units": 5})])
            body.append(Head(f"head{number}", [maker.keeping(), classify], maker.one(True, False)))
    ends = [
        [Layer("gavgpool"), Layer("fc", {"units": 10, "bias": maker.one(True, False)})],
        [Layer("gmaxpool"), Layer("flatten"), Layer("dropout"), Layer("fc", {"units": 10})],
        [Layer("tokens"), Layer("attention", {"heads": maker.one(1, 2, 4)}), Layer("ln")],
        [maker.conv()],
    ]
    return [*body, Line(maker.one(*ends), "end")]


FAULTS: list[tuple[str, Layer]] = [
    ("a window too large", Layer("conv", {"filters": 8, "kernel": 41})),
    ("groups that do not divide", Layer("conv", {"filters": 15, "kernel": 1, "groups": 5})),
    ("groups that do not divide", Layer("gn", {"groups": 7})),
    ("groups that do not divide", Layer("shuffle", {"groups": 5})),
    ("another width", Layer("conv", {"filters": 20, "kernel": 1})),
    ("another size", Layer("conv", {"filters": C, "kernel": 3, "stride": 2, "pad": 1})),
    ("another size", Layer("conv", {"filters": C, "kernel": 2})),
    ("a dense layer on a map", Layer("fc", {"units": 8})),
    ("a window too large", Layer("maxpool", {"kernel": 37})),
    ("no vector", Layer("flatten")),
    ("an odd halving", Layer("glu")),
]


def spoiled(seed: int) -> Program:
    """The seed's program with one layer put in somewhere, also in blocks, paths and rounds."""
    random, made = Random(-seed - 1), program(seed)
    places = [line for body in [made.body, *(b.body for b in made.blocks.values())] for line in all_lines(body)]
    line = random.choice([place for place in places if place.name != "end"])
    at = random.randint(1 if isinstance(line.elements[0], Start) else 0, len(line.elements))
    line.elements.insert(at, random.choice(FAULTS)[1])
    return made
