"""What changed between two networks: every layer of both, aligned, and the totals of the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from ...deployment import EAGER
from ...diagnostics import Source
from ...measure.measurements import all_figures
from ...measure.result import NetworkAnalysis
from ...measure.row import LayerRow, listed
from ...measures import FIGURES
from ...network import Network
from ...records import Record, make
from .layers import KIND, Difference, Shown, argument_differences, naming_differences, wiring_differences
from .match import Matching, Wiring
from .texts import TEXT, NetworkChange, inputs, outputs, texts

#: What has become of a layer. Affected: its arguments are the same, its shapes or counts are not. Renamed: only names.
EQUAL, RENAMED, AFFECTED, CHANGED = "equal", "renamed", "affected", "changed"
MOVED, ADDED, REMOVED = "moved", "added", "removed"
STATUSES = (CHANGED, ADDED, REMOVED, MOVED, AFFECTED, RENAMED, EQUAL)


#: What has become of a spec.
NEW, GONE = "new", "gone"


class AbsentSpec(NetworkAnalysis):
    """The side of a spec that is not there: a network without layers, which has nothing of any measure."""

    def __init__(
        self, file: str, batch: int = 1, dtype: Mapping[str, str] | None = None, execution: str = EAGER
    ) -> None:
        super().__init__(Network(Source(file, "")), batch, dtype, execution)


class LayerChange(Record):
    """What has become of one layer; `old` is None for an added one, `new` for a removed one."""

    status: str
    old: LayerRow | None
    new: LayerRow | None
    differences: tuple[Difference, ...] = ()
    #: Differences of names only.
    naming: tuple[Difference, ...] = ()

    @property
    def row(self) -> LayerRow:
        """The new layer; of a removed one the old."""
        row = self.new or self.old
        assert row is not None
        return row

    def delta(self, measure: str) -> int | None:
        """By how much a measure (params, buffers, macs, flops) of the layer grows; None where that is unknown."""
        old = 0 if self.old is None else getattr(self.old, measure)
        new = 0 if self.new is None else getattr(self.new, measure)
        return None if old is None or new is None else new - old

    @property
    def costs(self) -> bool:
        """Whether its parameters, buffers or MACs are others than before, or not known."""
        return self.delta("params") != 0 or self.delta("buffers") != 0 or self.delta("macs") != 0

    def to_dict(self) -> dict[str, Any]:
        return {
            "status": self.status, "old": _side(self.old), "new": _side(self.new),
            "arguments": [difference.to_dict() for difference in self.differences],
            "names": [difference.to_dict() for difference in self.naming],
            "difference": {name: self.delta(name) for name in ("params", "buffers", "macs", "flops")},
        }  # fmt: skip


def _side(row: LayerRow | None) -> dict[str, Any] | None:
    return None if row is None else {**row.to_dict(), "input_shapes": [listed(shape) for shape in row.input_shapes]}


class Total(Record):
    """One measure of both networks; None is unknown. A field has a number an axis."""

    name: str
    old: Any
    new: Any

    @property
    def difference(self) -> Any:
        """New less old; of fields an axis each. None where one is unknown, or they have other axes."""
        if self.old is None or self.new is None:
            return None
        if not isinstance(self.old, tuple):
            return self.new - self.old
        same = len(self.old) == len(self.new)
        return tuple(new - old for old, new in zip(self.old, self.new, strict=True)) if same else None

    @property
    def ratio(self) -> Fraction | None:
        """New over old; None where there is none, or one for every axis."""
        if self.old is None or self.new is None or isinstance(self.old, tuple) or not self.old:
            return None
        return Fraction(self.new, self.old)

    def to_dict(self) -> dict[str, Any]:
        values = (self.old, self.new, self.difference)
        old, new, difference = (listed(value) if isinstance(value, tuple) else value for value in values)
        ratio = self.ratio
        return {"old": old, "new": new, "difference": difference, "ratio": None if ratio is None else _double(ratio)}


def _double(ratio: Fraction) -> float | None:
    try:
        return float(ratio)
    except OverflowError:
        return None


class Diff:
    """Two analyses and what changed from the one to the other."""

    def __init__(self, old: NetworkAnalysis, new: NetworkAnalysis) -> None:
        self.old = old
        self.new = new

    @cached_property
    def totals(self) -> list[Total]:
        """Every measure of both."""
        old, new = _figures(self.old, self.new), _figures(self.new, self.old)
        return [Total(name, old[name], new[name]) for name in FIGURES]

    @cached_property
    def _matching(self) -> Matching:
        return Matching(self.old.network, self.new.network)

    @cached_property
    def _wiring(self) -> Wiring:
        return Wiring(self._matching)

    @cached_property
    def layers(self) -> list[LayerChange]:
        """Every layer of both, once: in the new order, those that are gone where they were."""
        matching = self._matching
        ends = (len(matching.layers[0]), len(matching.layers[1]))
        back = {new: old for old, new in matching.pairs.items()}
        come = {new: old for old, new in matching.moved.items()}
        changes: list[LayerChange] = []
        at = 0
        for place in range(ends[1] + 1):
            while at < ends[0] and at not in matching.pairs:
                if at not in matching.moved:
                    changes.append(make(LayerChange, (REMOVED, self.old.layers[at], None, (), ())))
                at += 1
            if place == ends[1]:
                break
            if place in back:
                changes.append(self._pair(back[place], place))
                at = back[place] + 1
            elif place in come:
                changes.append(self._pair(come[place], place, MOVED))
            else:
                changes.append(make(LayerChange, (ADDED, None, self.new.layers[place], (), ())))
        return changes

    @cached_property
    def changes(self) -> list[LayerChange]:
        """The layers that are not equal."""
        return [layer for layer in self.layers if layer.status != EQUAL]

    def __str__(self) -> str:
        """What `cnncalc diff` writes into a file."""
        return self._rendered("plain")

    def _repr_html_(self) -> str:
        return self._rendered("html")

    def _rendered(self, form: str) -> str:
        from ...render import render
        from ...render.text import Screen
        from .page import document

        return "".join(render(document(self, False, self.to_dict, "'layers' has every layer"), form, Screen()))

    def _pair(self, at: int, place: int, status: str = "") -> LayerChange:
        """What has become of a layer that is in both."""
        matching, wiring = self._matching, self._wiring
        old, new = matching.layers[0][at], matching.layers[1][place]
        profiles = (matching.profiles[0][at], matching.profiles[1][place])
        rows = (self.old.layers[at], self.new.layers[place])
        differences: list[Difference] = []
        if old.kind != new.kind:
            differences.append(Difference(KIND, old.kind, new.kind, old.kind, new.kind))
        elif profiles[0] is not profiles[1]:
            differences += argument_differences(old, new, profiles, self._shown)
        if status != MOVED:
            differences += wiring_differences(old, new, wiring.same, wiring.partner, self._shown)
        naming = () if profiles[0] == profiles[1] else tuple(naming_differences(old, new, profiles))
        if not status:
            affected = old.output != new.output or self._shown.shapes(old, 0) != self._shown.shapes(new, 1)
            status = CHANGED if differences else AFFECTED if affected else RENAMED if naming else EQUAL
        return make(LayerChange, (status, *rows, tuple(differences), naming))

    @cached_property
    def _shown(self) -> Shown:
        return Shown((self.old.network, self.new.network))

    @cached_property
    def structure(self) -> list[NetworkChange]:
        """What differs in the inputs and outputs of the networks."""
        old, new = self.old.network, self.new.network
        return [*inputs(old, new), *outputs(old, new, self._wiring)]

    @cached_property
    def remarks(self) -> list[NetworkChange]:
        """What differs and leaves the network as it is: the title, requirements, expectations, names.

        Where the networks are equal and nothing of that sort differs: whether the texts do.
        """
        if self.status in (NEW, GONE):
            return []
        changes = texts(self.old.network, self.new.network, [layer.naming for layer in self.layers if layer.naming])
        return changes if self.equal else [change for change in changes if change.what != TEXT]

    @property
    def status(self) -> str:
        """What has become of the spec: new, gone, changed or equal."""
        if isinstance(self.old, AbsentSpec):
            return NEW
        if isinstance(self.new, AbsentSpec):
            return GONE
        return EQUAL if self.equal else CHANGED

    @cached_property
    def equal(self) -> bool:
        """Whether the networks are equal, layer by layer: in their arguments, shapes, counts and connections."""
        return not self.structure and all(layer.status in (EQUAL, RENAMED) for layer in self.layers)

    def count(self, status: str) -> int:
        """How many layers have a status."""
        return self._counts[status]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter([layer.status for layer in self.layers])

    def to_dict(self, known: bool = True, whole: bool = False) -> dict[str, Any]:
        """The JSON document of `cnncalc diff`.

        Unless `known` there are totals only: nothing can be said of lines that were not understood. `whole`: the
        changes have the layers that are equal, too.
        """
        layers = self.layers if known else []
        return {
            "version": 1, "command": "diff", "old": head(self.old), "new": head(self.new),
            "equal": self.equal if known else None,
            "totals": {total.name: total.to_dict() for total in self.totals},
            "counts": {status: self.count(status) for status in STATUSES} if known else None,
            "changes": [layer.to_dict() for layer in layers if whole or layer.status != EQUAL],
            "network": [change.to_dict() for change in self.structure] if known else [],
            "texts": [remark.to_dict() for remark in self.remarks] if known else [],
            "diagnostics": [],
            **({"status": self.status} if self.status in (NEW, GONE) else {}),
        }  # fmt: skip


def _figures(analysis: NetworkAnalysis, other: NetworkAnalysis) -> dict[str, Any]:
    """Every figure; where one shape is unknown the number of layers alone; of nothing 0, for each axis of the other."""
    if isinstance(analysis, AbsentSpec):
        known = _figures(other, other)
        return {name: (0,) * len(value) if isinstance(value, tuple) else 0 for name, value in known.items()}
    if analysis.broken or any(node.output is None for node in analysis.network.nodes):
        return {**dict.fromkeys(FIGURES), "layers": analysis.totals.layers}
    return all_figures(analysis)


def head(analysis: NetworkAnalysis) -> dict[str, Any]:
    """What is said of one side in the JSON document."""

    def ports(some: Any) -> list[dict[str, Any]]:
        return [{"name": one.name, "shape": listed(one.shape), **({"train": True} if one.train else {})}
                for one in some]  # fmt: skip

    return {
        "file": analysis.file, **analysis.origin, "model": analysis.model, "layout": analysis.layout,
        **analysis.conditions, "inputs": ports(analysis.inputs), "outputs": ports(analysis.outputs),
    }  # fmt: skip
