"""Which layer of the old network is which of the new one: aligned, moved, or replaced by one of its family; and which
tensor is which, seen through what was put between.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from itertools import pairwise

from ...network import Network, Node
from .layers import Profile, Profiles, likeness, stage

#: A layer that says little may have moved past so many others, and no further.
NEAR = 3
#: The most places that are looked at for where a run has gone, and the most comparisons made for all runs.
PLACES, STEPS = 20, 1_000_000
#: So many tensors stand for one that was made by layers that are new or gone.
TENSORS = 8


class Matching:
    """The layers of two networks, matched. Indices count layers, inputs left out."""

    def __init__(self, old: Network, new: Network) -> None:
        self.networks = (old, new)
        self.layers: tuple[list[Node], list[Node]] = (list(old.layers), list(new.layers))
        self.profiles: tuple[list[Profile], list[Profile]] = ([], [])
        #: Matched in order, old to new; and moved.
        self.pairs: dict[int, int] = {}
        self.moved: dict[int, int] = {}
        self._steps = STEPS
        #: The number of a profile, and the one object that stands for all that are equal.
        self._codes: dict[Profile, tuple[int, Profile]] = {}
        codes = (self._coded(0), self._coded(1))
        self._bodies = [
            [(profile.kind, profile.arguments, profile.train) for profile in side] for side in self.profiles
        ]
        if self._equal():
            self.pairs = {place: place for place in range(len(self.layers[0]))}
            return
        self._align(codes)
        self._move()
        self._settle()
        self._replace()

    def _equal(self) -> bool:
        """Whether the networks are one, layer by layer: then names and stages say nothing of which is which."""
        old, new = self.networks
        if self._bodies[0] != self._bodies[1] or len(old.nodes) != len(new.nodes):
            return False
        return all(one == other for one, other in paired_inputs(old, new).items()) and all(
            (node.inputs, node.owner) == (other.inputs, other.owner)
            for node, other in zip(old.nodes, new.nodes, strict=True)
        )

    def _coded(self, side: int) -> list[int]:
        """A number for every layer, equal for equal profiles."""
        profiles = Profiles(self.networks[side])
        codes = []
        for node in self.layers[side]:
            profile = profiles.of(node)
            code, kept = self._codes.setdefault(profile, (len(self._codes), profile))
            self.profiles[side].append(kept)
            codes.append(code)
        return codes

    def _align(self, codes: tuple[list[int], list[int]]) -> None:
        from .align import Aligner, slid

        known = list(self._codes)
        kinds: dict[str, int] = {}
        coarse = tuple([kinds.setdefault(profile.kind, len(kinds)) for profile in side] for side in self.profiles)
        common = {stage(profile) for profile in self.profiles[0]} & {stage(profile) for profile in self.profiles[1]} - {
            None
        }
        aligner = Aligner(
            *codes, (coarse[0], coarse[1]), lambda one, other: likeness(known[one], known[other], common)
        )  # fmt: skip
        self.pairs = dict(aligner.pairs())
        back = {new: old for old, new in self.pairs.items()}
        slid(back, self._gaps(1, back), codes[1], lambda place: self._edge(place, 1))
        self.pairs = {old: new for new, old in back.items()}
        slid(self.pairs, self._gaps(0, self.pairs), codes[0], lambda place: self._edge(place, 0))

    def _gaps(self, side: int, partners: dict[int, int]) -> list[tuple[int, int]]:
        """The runs without partners beside which nothing is missing on the other side, the last first."""
        found = []
        for start, end in runs(len(self.layers[side]), partners):
            before = partners.get(start - 1, -1) if start else -1
            after = partners.get(end, len(self.layers[1 - side]))
            if after - before == 1:
                found.append((start, end))
        return found[::-1]

    def _edge(self, place: int, side: int) -> float:
        """What it costs a run to begin or end before a layer: more in the midst of blocks, and of a line."""
        layers = self.layers[side]
        if place in (0, len(layers)):
            return 0
        before, after = layers[place - 1], layers[place]
        shared = 0
        for step, other in zip(before.path, after.path, strict=False):
            if step.name != other.name:
                break
            shared += 1
        return shared + 0.5 * (before.line == after.line and before.source is after.source)

    # --- moved --------------------------------------------------------------------------------------

    def _move(self) -> None:
        """Finds the runs that are gone here and have come there."""
        gone, come = runs(len(self.layers[0]), self.pairs), runs(len(self.layers[1]), set(self.pairs.values()))
        ends = {place: run for run in come for place in range(*run)}
        where: dict[object, list[int]] = {}
        for place in ends:
            where.setdefault(self._bodies[1][place], []).append(place)
        taken: set[int] = set()
        matched = (sorted(self.pairs), sorted(self.pairs.values()))
        for run in gone:
            at = run[0]
            while at < run[1]:
                length, target = self._longest(at, run, where, ends, taken, matched)
                for step in range(length):
                    self.moved[at + step] = target + step
                    taken.add(target + step)
                at += length or 1

    def _longest(
        self, at: int, run: tuple[int, int], where: dict[object, list[int]], ends: dict[int, tuple[int, int]],
        taken: set[int], matched: tuple[list[int], list[int]],
    ) -> tuple[int, int]:  # fmt: skip
        """The longest run from `at` on that has moved, and to where; of equally long ones the nearest."""
        rank = bisect_left(matched[0], at)
        places = where.get(self._bodies[0][at], [])
        middle = bisect_left(places, matched[1][rank] if rank < len(matched[1]) else len(self.layers[1]))
        best = (0, 0, 0)
        for place in places[max(0, middle - PLACES) : middle + PLACES] if self._steps > 0 else ():
            length = 0
            while at + length < run[1] and place + length < ends[place][1] and place + length not in taken \
                    and self._bodies[0][at + length] == self._bodies[1][place + length]:  # fmt: skip
                length += 1
            self._steps -= length + 1
            far = abs(bisect_left(matched[1], place) - rank)
            whole = length == run[1] - run[0] == ends[place][1] - ends[place][0]
            if length and self._says(at, place, length, whole and far <= NEAR):
                best = max(best, (length, -far, place))
        return best[0], best[2]

    def _says(self, at: int, place: int, length: int, near: bool) -> bool:
        """Whether layers that are alike are the same ones: by what they are, by name, or because they are near."""
        names = [self.profiles[0][at + step].name for step in range(length)]
        named = any(name and name == self.profiles[1][place + step].name for step, name in enumerate(names))
        return near or named or any(node.layer and node.layer.weighted for node in self.layers[0][at : at + length])

    def _settle(self) -> None:
        """Takes what has moved past nothing for matched in order: other stages were drawn around it."""
        matched = (sorted(self.pairs), sorted(self.pairs.values()))
        last = (-1, -1)
        for old, new in sorted(self.moved.items()):
            gap = bisect_left(matched[0], old)
            if gap == bisect_left(matched[1], new) and (gap, new) > last:
                last = (gap, new)
                self.pairs[old] = new
                del self.moved[old]

    # --- replaced -----------------------------------------------------------------------------------

    def _replace(self) -> None:
        """Takes what stands where one of its family stood for its replacement: gelu for relu, avgpool for maxpool."""
        gone = runs(len(self.layers[0]), self.pairs.keys() | self.moved.keys())
        back = {new: old for old, new in self.pairs.items()}
        moved = set(self.moved.values())
        behind = {}
        for start, end in runs(len(self.layers[1]), back.keys() | moved):
            before = _before(start, moved)
            behind[back.get(before, -1 if before < 0 else -2)] = (start, end)
        for start, end in gone:
            place, stop = behind.get(_before(start, self.moved), (0, 0))
            for at in range(start, end):
                found = next((to for to in range(place, stop) if self._family(at, to)), None)
                if found is not None:
                    self.pairs[at] = found
                    place = found + 1

    def _family(self, at: int, to: int) -> bool:
        old, new = self.layers[0][at].layer, self.layers[1][to].layer
        same = old is not None and new is not None and (old.family or old.kind) == (new.family or new.kind)
        return same and self.profiles[0][at].place == self.profiles[1][to].place


def _before(start: int, moved: Collection[int]) -> int:
    """The layer before a run that has not moved; -1 at the start."""
    before = start - 1
    while before in moved:
        before -= 1
    return before


def paired_inputs(old: Network, new: Network) -> dict[int, int]:
    """The inputs of two networks: those of one name, and the others in their order."""
    names = {node.name: node.position for node in new.inputs}
    found = {node.position: names.pop(node.name) for node in old.inputs if node.name in names}
    rest = [node.position for node in old.inputs if node.position not in found]
    return found | dict(zip(rest, names.values(), strict=False))


def runs(size: int, matched: Collection[int]) -> list[tuple[int, int]]:
    """The stretches of 0 … size - 1 that are not in `matched`, each from its first up to but without its last."""
    bounds = pairwise([-1, *sorted(matched), size])
    return [(before + 1, after) for before, after in bounds if after - before > 1]


# --- tensors -------------------------------------------------------------------------------------------


class Wiring:
    """The tensors of two networks. Indices are those of nodes, inputs included."""

    def __init__(self, matching: Matching) -> None:
        networks = matching.networks
        positions = [[node.position for node in side] for side in matching.layers]
        pairs = {positions[0][old]: positions[1][new] for old, new in matching.pairs.items()}
        pairs |= paired_inputs(*networks)
        self._pairs = pairs
        self._partners = pairs | {positions[0][old]: positions[1][new] for old, new in matching.moved.items()}
        self._origins = (
            _origins(networks[0], pairs),
            _origins(networks[1], {new: new for new in pairs.values()}),
        )

    def partner(self, old: int) -> int | None:
        """The new node that an old one has become; None where it is gone."""
        return self._partners.get(old)

    def same(self, old: int, new: int) -> bool:
        """Whether an old and a new node give the same tensor, but for layers put in between or taken out."""
        if old < 0 or new < 0:
            return old == new
        theirs, mine = self._origins[0][old], self._origins[1][new]
        return theirs == mine or (not theirs.isdisjoint(mine) and (len(theirs) > 1 or len(mine) > 1))

    def keys(self, side: int, node: int) -> frozenset[int | None]:
        """What a node of a side, 0 or 1, has in common with those of the other side that give the same tensor."""
        if node < 0:
            return frozenset((node,))
        return self._origins[side][node] or frozenset((None,))


def _origins(network: Network, pairs: dict[int, int]) -> list[frozenset[int]]:
    """For every node the tensors that it comes from: itself where it has a partner, else those of what it reads."""
    found: list[frozenset[int]] = []
    for node in network.nodes:
        if node.position in pairs:
            found.append(frozenset((pairs[node.position],)))
            continue
        come = [found[index] for index in node.inputs if index >= 0]
        if len(come) == 1:
            found.append(come[0])
        else:
            found.append(frozenset(sorted(frozenset().union(*come))[:TENSORS]))
    return found
