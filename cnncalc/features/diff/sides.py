"""The two that are compared: which they are, how they are read, what is said of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.specs import Reading, built, layers_known
from ...records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...diagnostics import Diagnostic
    from ...measure import NetworkAnalysis
    from .facts import Diff

#: The code of a file that a revision does not have.
_NOT_THERE = "not-in-revision"


class Side(Record):
    """One of the two: what it is called, its analysis (None where it could not be read), and what is said of it."""

    file: str
    analysis: NetworkAnalysis | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def known(self) -> bool:
        """Whether its layers are those that were meant."""
        return self.analysis is not None and layers_known(self.diagnostics)


def both(old: Reading, new: Reading, alone: bool) -> tuple[Side, Side]:
    """The two sides, their faults in them; where one file is there on one side only, the other is a network without
    layers. `alone`: OLD was not named, so nothing is said of it where there is no NEW.
    """
    sides = (read(old, new), read(new, old))
    gone = [_is_absent(side) for side in sides]
    if alone and gone[1] and sides[0].analysis is None:
        return sides[0]._replace(diagnostics=()), _or_revision(sides[1])
    there = [side.analysis is not None for side in sides]
    if any(gone) and any(there) and _is_one_file(*(side.file for side in sides)):
        first, second = (absent(side.file, old) if missing else side for side, missing in zip(sides, gone, strict=True))
        return first, second
    return sides


def _or_revision(side: Side) -> Side:
    """A file that is not there, told the revision that is called like it."""
    from ...interpret.reading.repository import names
    from ...values import nearest

    near = nearest(side.file, names(), "")
    told = [diagnostic._replace(help=diagnostic.help or near or None) for diagnostic in side.diagnostics]
    return side._replace(diagnostics=tuple(told))


def _is_absent(side: Side) -> bool:
    """Whether there is no such file."""
    import os

    from ...interpret.reading.revisions import is_revision

    if side.analysis is not None:
        return False
    if is_revision(side.file):
        return any(diagnostic.code == _NOT_THERE for diagnostic in side.diagnostics)
    return side.file[:1] not in "-@" and not os.path.lexists(side.file)


def _is_one_file(*names: str) -> bool:
    """Whether both are the same file of a repository, at one revision or another."""
    import os

    from ...diagnostics import SpecError
    from ...interpret.reading.revisions import is_revision, places

    try:
        found = [set(places(name)) if is_revision(name) else {os.path.abspath(name)} for name in names]
    except SpecError:  # a repository without files of its own
        return False
    return any(map(is_revision, names)) and bool(found[0] & found[1])


def absent(name: str, reading: Reading) -> Side:
    """The side of a file that is not there."""
    from .facts import AbsentSpec

    return Side(name, AbsentSpec(name, **reading.terms), ())


def read(reading: Reading, other: Reading) -> Side:
    """One side, its faults in it; a revision in the place of a file is told what to write, by the other side."""
    from ...diagnostics import SpecError
    from ...interpret.reading.revisions import instead, read_either
    from ...measure import analyze

    name, how = reading.file or "", reading.how
    try:
        source, folder = read_either(name, how=how)
        network = built(reading, source, folder)
    except SpecError as error:
        placeless = (diagnostic.among_files(name) for diagnostic in error.diagnostics)
        help = instead(name, other.file or "")
        return Side(
            name, None, tuple(diagnostic._replace(help=help) if help else diagnostic for diagnostic in placeless)
        )
    return Side(name, analyze(network, **reading.terms), network.diagnostics)


def compared(sides: tuple[Side, Side]) -> Diff | None:
    """What changed; None where one of the two could not be read."""
    from .facts import Diff

    old, new = (side.analysis for side in sides)
    return Diff(old, new) if old is not None and new is not None else None


def history(sides: tuple[Side, Side]) -> list[Diagnostic]:
    """What is said of OLD: its errors, and its warnings that NEW does not have. Failed expectations there are notes."""
    from ...diagnostics import ERROR, EXPECTATION_FAILED, NOTE

    known = {(one.code, one.message) for one in sides[1].diagnostics}
    found = []
    for diagnostic in sides[0].diagnostics:
        if diagnostic.code == EXPECTATION_FAILED:
            diagnostic = diagnostic._replace(severity=NOTE)
        elif diagnostic.severity == NOTE:
            continue
        if diagnostic.severity == ERROR or (diagnostic.code, diagnostic.message) not in known:
            found.append(diagnostic)
    return found


def without_warnings_of(side: Side, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics but for the warnings of one side: under --strict those of NEW count, those of OLD are history."""
    from ...diagnostics import WARNING

    past = {id(diagnostic) for diagnostic in side.diagnostics if diagnostic.severity == WARNING}
    return [diagnostic for diagnostic in diagnostics if id(diagnostic) not in past]
