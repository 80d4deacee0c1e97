"""The document of `cnncalc explain --format json` (`cnncalc help json`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...diagnostics import Diagnostic
from ...measure.row import listed
from .facts import LayerGroup, NetworkFacts

if TYPE_CHECKING:
    from ...convert.call import CallText
    from ...measure.conventions import Ledger
    from ...network.accepted import Accepted
    from .layer_facts import AxisFacts, LayerFacts
    from .look import Look
    from .without import Without


def document(
    file: str, origin: Mapping[str, Any], model: str | None, conditions: Mapping[str, Any],
    diagnostics: Iterable[Diagnostic], **parts: object,
) -> dict[str, Any]:  # fmt: skip
    """The document with `parts` such as "layer", "network" or "ledger" in it; `conditions` say of what it is."""
    return {
        "version": 1, "command": "explain", "file": file, **origin, "model": model,
        **conditions, **parts, "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics],
    }  # fmt: skip


def layer(facts: LayerFacts, look: Look | None) -> dict[str, Any]:
    """Everything about one layer: its entry as in `shapes`, and what explains it."""
    from .truths import truths

    found = facts.row.to_dict()
    found.update(
        {
            "input_shapes": [listed(shape) for _, shape in facts.inputs],
            "weights": [{"name": name, "shape": list(shape)} for name, shape in facts.weights],
            "elements": facts.elements, "bytes": facts.bytes, "view": facts.view,
            "nominal": facts.row.nominal,
            "coverage": facts.row.coverage and [float(one) for one in facts.row.coverage],
            "axes": [_axis(axis) for axis in facts.axes],
            "reads": {place: list(counts) for place, counts in facts.reads.items()},
            "torch": _call(facts.torch), "keras": _call(facts.keras), "truths": list(truths(facts)),
        }
    )  # fmt: skip
    line = facts.line
    if line is not None:
        found["line_layers"] = [row.name for row in line.rows]
    if look is not None:
        window = look.window
        found["at"] = {
            "position": list(look.at), "input": window.input, "blank": window.blank, "exact": window.exact,
            "window": [list(run) for run in window.hull],
            "runs": [[list(run) for run in runs] for runs in window.runs],
        }  # fmt: skip
    return found


def _call(call: CallText) -> dict[str, Any]:
    return {"code": call.code or None, "remark": call.remark or None}


def _axis(axis: AxisFacts) -> dict[str, Any]:
    return {
        "axis": axis.name, "input": axis.size, "output": axis.output, "formula": axis.formula,
        "quotient": None if axis.quotient is None else float(axis.quotient),
        "windows": [{"number": number, "taps": list(taps)} for number, taps in axis.windows],
        "shared": axis.shared, "skipped": axis.skipped, "unread": axis.unread, "padding": list(axis.padding),
        "reads": {"first": axis.first, "last": axis.last, "centre": list(axis.middle)},
    }  # fmt: skip


def group(found: LayerGroup) -> dict[str, Any]:
    """A stage, head, line or block, with the entries of its layers."""
    return {
        "name": found.name, "what": found.what, "params": found.total("params"), "macs": found.total("macs"),
        "layers": [row.to_dict() for row in found.rows],
    }  # fmt: skip


def network(facts: NetworkFacts) -> dict[str, Any]:
    """The network on a page."""
    return {
        "parts": [_part(part) for part in facts.groups],
        "kinds": [_part(kind) for kind in facts.kinds],
        "records": [{"what": name, "layer": row.name, "value": value} for name, row, value in facts.records],
        "depth": facts.depth,
        "accepts": [_accepted(accepted) for accepted in facts.accepted],
    }


def _part(part: LayerGroup) -> dict[str, Any]:
    return {
        "name": part.name, "what": part.what, "layers": len(part.rows),
        "params": part.total("params"), "macs": part.total("macs"), "bytes": part.stored,
    }  # fmt: skip


def _accepted(accepted: Accepted) -> dict[str, Any]:
    found: dict[str, Any] = {
        "inputs": list(accepted.inputs), "axes": list(accepted.axes), "present": accepted.present,
        "tried": accepted.tried,
        "sizes": [{"from": sizes.first, "to": sizes.last, "step": sizes.step} for sizes in accepted.sizes],
        "fixed": None,
    }  # fmt: skip
    if accepted.fixed is not None:
        name, shape, sizes = accepted.fixed
        found["fixed"] = {"layer": name, "shape": list(shape), "from": sizes.first, "to": sizes.last}
    return found


def without(found: Without) -> dict[str, Any]:
    """The network beside itself."""
    return {
        "what": found.what,
        "fits": not found.faults,
        "faults": [fault.message for fault in found.faults],
        "layers": [
            {
                "name": real.name, "output": listed(real.output), "without": other and listed(other.output),
                "macs": real.macs, "macs_without": other and other.macs,
                "params": real.params, "params_without": other and other.params,
            }
            for real, other in found.layers
        ],
        "totals": found.analysis.totals_entry(),
    }  # fmt: skip


def ledger(found: Ledger) -> dict[str, Any]:
    """The way from one total to the other."""
    return {
        "from": {"convention": found.start.name, "total": found.start.total},
        "to": {"convention": found.end.name, "total": found.end.total},
        "terms": [
            {
                "kind": entry.kind, "measure": entry.quantity, "coefficient": entry.coefficient, "amount": entry.amount,
                "layers": list(entry.layers), "uncounted": entry.uncounted or None,
            }
            for entry in found.entries
        ],
    }  # fmt: skip
