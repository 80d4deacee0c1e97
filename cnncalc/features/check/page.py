"""The verdicts of `cnncalc check` as a report of findings, which every format draws, and as a JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from ...cli.specs import STRICT
from ...diagnostics import BROKEN, ERROR, EXPECTATION_FAILED, UNANSWERED, WARNING, Diagnostic
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
        SpecFindings(one.file, one.diagnostics, tuple(promises(one)), one.code, one.tried, one.spec,
                     str(one.score or "")) for one in verdicts
    )  # fmt: skip
    return Report(tuple(specs), remark, root, data)


class _Errors:
    """The errors of a verdict, and which of them break no promise that is known yet."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._errors = [one for one in diagnostics if one.severity == ERROR]
        self._taken: set[int] = set()
        self._at: dict[tuple[str, str, int], list[Diagnostic]] = {}
        for one in self._errors:
            self._at.setdefault((one.code, *_place(one)), []).append(one)

    @property
    def left(self) -> list[Diagnostic]:
        """Those that were not taken."""
        return [one for one in self._errors if id(one) not in self._taken]

    def take(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Takes those of some that are left."""
        taken = tuple(one for one in found if id(one) not in self._taken)
        self._taken.update(map(id, taken))
        return taken

    def at(self, code: str, file: str, line: int) -> list[Diagnostic]:
        """Those with a code at a place."""
        return self._at.get((code, file, line), [])


def _place(one: Diagnostic) -> tuple[str, int]:
    """The file and the line of a diagnostic."""
    return (one.span.source.name, one.span.line) if one.span else ("", 0)


def promises(verdict: Verdict) -> Iterator[Promise]:
    """That a spec is understood, each expectation, each requirement, and whatever else there is to be broken."""
    errors = _Errors(verdict.diagnostics)
    remarks = tuple(one for one in verdict.diagnostics if one.severity != ERROR)
    expectations = [_expected(one, verdict, errors) for one in verdict.expectations]
    requirements = [_judged(one, errors) for one in verdict.requirements]
    codes = dict.fromkeys(one.code for one in errors.left if one.code in BROKEN)
    others = [Promise(_NAMES.get(code, code), errors.take(one for one in errors.left if one.code == code))
              for code in codes]  # fmt: skip
    if verdict.spec:
        yield Promise(UNDERSTOOD, tuple(errors.left), remarks)
    yield from (*expectations, *requirements, *others)
    if verdict.strict:
        yield Promise(f"no warnings ({STRICT})", tuple(one for one in remarks if one.severity == WARNING))


def _expected(one: Expected, verdict: Verdict, errors: _Errors) -> Promise:
    place = (one.file or verdict.file, one.line)
    faults: tuple[Diagnostic, ...] = ()
    if not one.ok:
        faults = errors.take([*errors.at(EXPECTATION_FAILED, *place), *errors.at(UNANSWERED, *place)])
    got = "is not known" if one.got is None else f"is {'x'.join(map(str, one.got))}"
    reason = "" if one.ok or faults else f"expected {one.text}: the shape {got}"
    file = f"{one.file}, " if one.file else ""
    return Promise(f"{file}line {one.line}: -> {one.text}", faults, reason=reason)


def _judged(one: Judged, errors: _Errors) -> Promise:
    name = one.text if one.line is None else f"line {one.line}: require {one.text}"
    if one.ok:
        return Promise(name)
    there = errors.at(one.fault.code, *_place(one.fault)) if one.fault and one.fault.code in BROKEN else []
    faults = errors.take(fault for fault in there if fault == one.fault)
    known = "it is not known whether it holds" if one.value is None else f"it does not hold: it is {one.value}"
    return Promise(name, faults, reason="" if faults else f"{one.text}: {known}")


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
        "file": verdict.file, "format": verdict.format, "passed": verdict.passed, "code": verdict.code,
        **({"settings": verdict.settings} if verdict.settings else {}),
        **({"worksheet": verdict.score._asdict()} if verdict.score else {}),
        "requirements": [
            {"text": one.text, "line": one.line, "value": one.value, "limit": one.limit, "ok": one.ok}
            | ({"blank": True} if one.blank else {})
            for one in verdict.requirements
        ],
        "expectations": [
            {"text": one.text, "line": one.line, "got": None if one.got is None else list(one.got), "ok": one.ok}
            | ({"blank": True} if one.blank else {})
            | ({"file": one.file} if one.file is not None else {})
            for one in verdict.expectations
        ],
    }  # fmt: skip
