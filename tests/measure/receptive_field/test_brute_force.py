"""Receptive fields of nets with branches against brute force: sets of positions, pushed back tap by tap.

The brute force knows nothing of fields: it has its own little network, of which the spec is a print. Positions are not
clipped; a global layer reads the positions that its input has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc


@dataclass(eq=False)
class Net:
    """One node: what it is, and what it reads."""

    kind: str
    size: int
    reads: tuple[Net, ...] = ()
    kernel: int = 1
    stride: int = 1
    dilation: int = 1
    pads: tuple[int, int] = (0, 0)
    lines: list[str] = field(default_factory=list)


def sees(net: Net, position: int) -> set[int]:
    """The input positions on which output `position` depends."""

    @cache
    def back(net: Net, position: int) -> frozenset[int]:
        if net.kind == "input":
            return frozenset({position})
        if net.kind == "whole":
            places = range(net.reads[0].size)
        elif net.kind == "window":
            start = position * net.stride - net.pads[0]
            places = range(start, start + net.kernel * net.dilation, net.dilation)
        elif net.kind == "gate":
            return back(net.reads[0], position) | back(net.reads[1], 0)
        else:  # a merge
            return frozenset().union(*(back(one, position) for one in net.reads))
        return frozenset().union(*(back(net.reads[0], place) for place in places))

    return set(back(net, position))


@st.composite
def nets(draw: st.DrawFn) -> tuple[str, list[tuple[str, Net]]]:
    """A spec of named lines, and the node of every name."""
    size = draw(st.integers(60, 90))
    current = Net("input", size)
    lines, named = [f"input 2@{size}"], []

    def window(before: Net, keep: bool) -> tuple[str, Net]:
        kernel, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3))
        span = dilation * (kernel - 1)
        if keep:
            left = draw(st.integers(0, span))
            pads, stride = (left, span - left), 1
        else:
            pads, stride = (draw(st.integers(0, 3)), draw(st.integers(0, 3))), draw(st.integers(1, 3))
        made = (before.size + sum(pads) - span - 1) // stride + 1
        if made < 3:
            return "conv 2 1", Net("window", before.size, (before,))
        kind = draw(st.sampled_from(["conv 2", "dwconv", "maxpool"]))
        text = f"{kind} {kernel} stride={stride} dilation={dilation} pad={pads[0]}:{pads[1]}"
        return text, Net("window", made, (before,), kernel, stride, dilation, pads)

    for number in range(draw(st.integers(1, 5))):
        name = f"y{number}"
        what = draw(st.sampled_from(["window", "window", "add", "concat", "gate", "ending"]))
        if what == "window":
            text, current = window(current, False)
            lines.append(f"{name} = {text}")
        elif what == "gate":
            lines += [f"{name} = mul:", "    - identity", "    - gavgpool | conv 2 1"]
            current = Net("gate", current.size, (current, Net("whole", 1, (current,))))
        elif what == "ending":
            continue
        else:
            paths = []
            lines.append(f"{name} = {what}:")
            for _ in range(draw(st.integers(2, 3))):
                path, words = current, ["relu"]
                for _ in range(draw(st.integers(0, 2))):
                    text, path = window(path, True)
                    words.append(text)
                lines.append(f"    - {' | '.join(words)}")
                paths.append(path)
            current = Net("merge", current.size, tuple(paths))
            if what == "concat":
                lines.append("conv 2 1")
                current = Net("window", current.size, (current,))
        named.append((name, current))
    if draw(st.booleans()):
        lines.append(f"end = {draw(st.sampled_from(['gavgpool', 'flatten', 'gmaxpool', 'flatten | fc 3', 'mean L']))}")
        named.append(("end", Net("whole", 1, (current,))))
    return "\n".join(lines), named


@settings(max_examples=300)
@given(made=nets())
def test_fields_are_the_hull_of_what_brute_force_reaches(made: tuple[str, list[tuple[str, Net]]]) -> None:
    text, named = made
    network = cnncalc.loads(text)
    analysis = cnncalc.analyze(network)
    for name, net in named:
        found = analysis.fields[network.extents[name].output]
        assert found is not None
        reached = sees(net, 0)
        assert found[0].start == min(reached), (text, name)
        assert found[0].size == max(reached) - min(reached) + 1, (text, name)


@settings(max_examples=100)
@given(made=nets())
def test_the_jump_leads_to_the_next_output(made: tuple[str, list[tuple[str, Net]]]) -> None:
    text, named = made
    network = cnncalc.loads(text)
    analysis = cnncalc.analyze(network)
    for name, net in named:
        found = analysis.fields[network.extents[name].output]
        assert found is not None
        if net.size < 2 or len(found[0].parts) > 1 or not found[0].jump:
            continue
        assert min(sees(net, 1)) == found[0].start + found[0].jump, (text, name)
