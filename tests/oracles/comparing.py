"""The judgement itself: cnncalc's verdict on a case against PyTorch's answer, recorded or executed."""

from __future__ import annotations

from typing import NamedTuple

from .cnncalc_side import Verdict, judge
from .geometry import sound
from .modules import Case, Shape, spec


class Expected(NamedTuple):
    """PyTorch's answer. `refusal` is its words, None where it accepts; `buffers` is None where not
    comparable."""

    shape: Shape | None
    params: int
    buffers: int | None
    refusal: str | None


def disagreement(case: Case, expected: Expected) -> str | None:
    """What cnncalc and PyTorch disagree on, told so that it can be repeated by hand; None where they
    agree."""
    text = spec(case)
    verdict = judge(text)
    fault = _on_refusal(case, expected, verdict) if expected.refusal else _on_acceptance(expected, verdict)
    return f"{fault}\n{text}\nPyTorch: {expected}\n{case}" if fault else None


def _on_acceptance(expected: Expected, verdict: Verdict) -> str | None:
    if verdict.errors:
        return f"cnncalc refuses what PyTorch accepts: {verdict.errors}"
    if verdict.refusals:
        return f"cnncalc says that PyTorch refuses, and it accepts: {verdict.refusals}"
    got = (verdict.shape, verdict.params, verdict.buffers)
    want = (
        expected.shape,
        expected.params,
        verdict.buffers if expected.buffers is None else expected.buffers,
    )
    return None if got == want else f"cnncalc has (shape, params, buffers) {got}, PyTorch {want}"


def _on_refusal(case: Case, expected: Expected, verdict: Verdict) -> str | None:
    """An error for what cannot be; a warning and a shape for what only PyTorch cannot do."""
    if not sound(case):
        return None if verdict.errors or verdict.refusals else "cnncalc accepts what PyTorch refuses"
    if verdict.errors:
        return f"sound geometry is an error, and should be a warning: {verdict.errors}"
    if case.kwargs.get("padding") == "same":
        return None  # strided 'same' is defined here, in one way; nothing to warn of
    return None if verdict.refusals else "cnncalc does not warn of what PyTorch refuses"
