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
        verdicts = [verdict._replace(diagnostics=tuple(verdict.errors)) for verdict in verdicts]
    specs = (
        SpecFindings(verdict.file, verdict.diagnostics, tuple(promises(verdict)), verdict.code, verdict.tried,
                     verdict.spec, str(verdict.score or "")) for verdict in verdicts
    )  # fmt: skip
    return Report(tuple(specs), remark, root, data)


class _Errors:
    """The errors of a verdict, and which of them break no promise that is known yet."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == ERROR]
        self._taken: set[int] = set()
        self._at: dict[tuple[str, str, int], list[Diagnostic]] = {}
        for error in self._errors:
            self._at.setdefault((error.code, *_place(error)), []).append(error)

    @property
    def left(self) -> list[Diagnostic]:
        """Those that were not taken."""
        return [error for error in self._errors if id(error) not in self._taken]

    def take(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Takes those of some that are left."""
        taken = tuple(diagnostic for diagnostic in found if id(diagnostic) not in self._taken)
        self._taken.update(map(id, taken))
        return taken

    def at(self, code: str, file: str, line: int) -> list[Diagnostic]:
        """Those with a code at a place."""
        return self._at.get((code, file, line), [])


def _place(diagnostic: Diagnostic) -> tuple[str, int]:
    """The file and the line of a diagnostic."""
    return (diagnostic.span.source.name, diagnostic.span.line) if diagnostic.span else ("", 0)


def promises(verdict: Verdict) -> Iterator[Promise]:
    """That a spec is understood, each expectation, each requirement, and whatever else there is to be broken."""
    errors = _Errors(verdict.diagnostics)
    remarks = tuple(diagnostic for diagnostic in verdict.diagnostics if diagnostic.severity != ERROR)
    expectations = [_expected(expectation, verdict, errors) for expectation in verdict.expectations]
    requirements = [_judged(requirement, errors) for requirement in verdict.requirements]
    codes = dict.fromkeys(diagnostic.code for diagnostic in errors.left if diagnostic.code in BROKEN)
    others = [Promise(_NAMES.get(code, code), errors.take(error for error in errors.left if error.code == code))
              for code in codes]  # fmt: skip
    if verdict.spec:
        yield Promise(UNDERSTOOD, tuple(errors.left), remarks)
    yield from (*expectations, *requirements, *others)
    if verdict.strict:
        yield Promise(f"no warnings ({STRICT})", tuple(remark for remark in remarks if remark.severity == WARNING))


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
        for diagnostic in verdict.diagnostics:
            entry = diagnostic.to_dict()
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
            {key: getattr(requirement, key) for key in ("text", "line", "value", "limit", "ok")}
            | ({"blank": True} if requirement.blank else {})
            for requirement in verdict.requirements
        ],
        "expectations": [
            {"text": expectation.text, "line": expectation.line,
             "got": None if expectation.got is None else list(expectation.got), "ok": expectation.ok}
            | ({"blank": True} if expectation.blank else {})
            | ({"file": expectation.file} if expectation.file is not None else {})
            for expectation in verdict.expectations
        ],
    }  # fmt: skip
