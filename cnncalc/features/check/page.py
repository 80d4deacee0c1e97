"""The verdicts of `cnncalc check` as a report of findings, which every format draws, and as a JSON document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from ...diagnostics import BROKEN, ERROR, EXPECTATION_FAILED, WARNING, Diagnostic
from ...document.findings import Promise, Report, SpecFindings
from .verdict import Expected, Judged, Verdict

UNDERSTOOD = "the spec is understood"
_FAILED = "requirement-failed"
#: The promises that errors break which no expectation or requirement of the spec accounts for.
_NAMES = {
    "baseline-drift": "the figures are those of the baseline",
    EXPECTATION_FAILED: "the expectations of used files hold",
    _FAILED: "the requirements hold",
}


def report(
    verdicts: Sequence[Verdict], *, remark: str = "", root: str = "", quiet: bool = False, skipped: int = 0,
    more: Sequence[Diagnostic] = (),
) -> Report:  # fmt: skip
    """The findings of the verdicts; with `quiet` what made a spec fail alone, but for the data, which is whole."""
    data = partial(document, verdicts, skipped, more)
    if quiet:
        verdicts = [one._replace(diagnostics=tuple(one.errors)) for one in verdicts]
    specs = (
        SpecFindings(one.file, one.diagnostics, tuple(promises(one)), one.code, one.tried, one.spec) for one in verdicts
    )
    return Report(tuple(specs), remark, root, data)


def promises(verdict: Verdict) -> Iterator[Promise]:
    """That a spec is understood, each expectation, each requirement, and whatever else there is to be broken."""
    errors = [one for one in verdict.diagnostics if one.severity == ERROR]
    remarks = tuple(one for one in verdict.diagnostics if one.severity != ERROR)
    expectations = [_expected(one, verdict, errors) for one in verdict.expectations]
    requirements = [_judged(one, errors) for one in verdict.requirements]
    codes = dict.fromkeys(one.code for one in errors if one.code in BROKEN)
    others = [Promise(_NAMES.get(code, code), _taken(errors, code)) for code in codes]
    if verdict.spec:
        yield Promise(UNDERSTOOD, tuple(errors), remarks)
    yield from (*expectations, *requirements, *others)
    if verdict.strict:
        yield Promise("no warnings (--strict)", tuple(one for one in remarks if one.severity == WARNING))


def _expected(one: Expected, verdict: Verdict, errors: list[Diagnostic]) -> Promise:
    place = (one.file or verdict.file, one.line)

    def there(fault: Diagnostic) -> bool:
        return fault.span is not None and (fault.span.source.name, fault.span.line) == place

    faults = () if one.ok else _taken(errors, EXPECTATION_FAILED, there) + _taken(errors, "unanswered", there)
    got = "is not known" if one.got is None else f"is {'x'.join(map(str, one.got))}"
    reason = "" if one.ok or faults else f"expected {one.text}: the shape {got}"
    file = f"{one.file}, " if one.file else ""
    return Promise(f"{file}line {one.line}: -> {one.text}", faults, reason=reason)


def _judged(one: Judged, errors: list[Diagnostic]) -> Promise:
    name = one.text if one.line is None else f"line {one.line}: require {one.text}"
    if one.ok:
        return Promise(name)
    faults = _taken(errors, _FAILED, lambda fault: fault == one.fault)
    known = "it is not known whether it holds" if one.value is None else f"it does not hold: it is {one.value}"
    return Promise(name, faults, reason="" if faults else f"{one.text}: {known}")


def _taken(
    errors: list[Diagnostic], code: str, chosen: Callable[[Diagnostic], bool] = lambda fault: True
) -> tuple[Diagnostic, ...]:
    """Takes from `errors` what has a code and is chosen."""
    taken = tuple(one for one in errors if one.code == code and chosen(one))
    errors[:] = [one for one in errors if one not in taken]
    return taken


# --- JSON -------------------------------------------------------------------------------------------


def document(verdicts: Sequence[Verdict], skipped: int, more: Sequence[Diagnostic]) -> dict[str, Any]:
    """The document: an entry a verdict, and all diagnostics, `more` first; `skipped` are `*.txt` that are no specs."""
    diagnostics = [one.to_dict() for one in more]
    for verdict in verdicts:
        settings = {"settings": verdict.settings} if verdict.settings else {}
        for one in verdict.diagnostics:
            entry = one.to_dict()
            diagnostics.append({**entry, "file": entry["file"] or verdict.file, **settings})
    return {
        "version": 1, "command": "check", "files": [_entry(one) for one in verdicts if one.spec], "skipped": skipped,
        "diagnostics": diagnostics,
    }  # fmt: skip


def _entry(verdict: Verdict) -> dict[str, Any]:
    return {
        "file": verdict.file, "passed": verdict.passed, "code": verdict.code,
        **({"settings": verdict.settings} if verdict.settings else {}),
        "requirements": [
            {"text": one.text, "line": one.line, "value": one.value, "limit": one.limit, "ok": one.ok}
            for one in verdict.requirements
        ],
        "expectations": [
            {"text": one.text, "line": one.line, "got": None if one.got is None else list(one.got), "ok": one.ok}
            | ({"blank": True} if one.blank else {})
            | ({"file": one.file} if one.file is not None else {})
            for one in verdict.expectations
        ],
    }  # fmt: skip
