"""What ends a run of the code: an exception that it raises, a value that cannot be told, a bound that is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .values import Place, UnknownValue, Value

if TYPE_CHECKING:
    from ...values import Shape
    from .values import Instance


class Raised(Exception):
    """An exception of the code itself, which its `except` can catch."""

    def __init__(self, value: Instance, place: Place | None, help: str | None = None) -> None:
        super().__init__()
        self.value, self.place = value, place
        #: What to write instead, and what was asked of a value that has no such attribute.
        self.help = help
        self.missing: tuple[Value, str] | None = None


class Stop(Exception):
    """The code cannot be followed further: why, where, and what helps. No `except` of the code catches it."""

    def __init__(
        self, message: str, place: Place | None, help: str | None = None, code: str = "python",
        notes: tuple[tuple[str, Place], ...] = (),
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.message, self.place, self.help, self.code, self.notes = message, place, help, code, notes


class ReadAgain(Exception):
    """The code is to be followed once more: with the shapes of inputs that are asked for, or the channels first."""

    def __init__(self, first: bool, given: dict[int, Shape]) -> None:
        super().__init__()
        self.first, self.given = first, given


class Undecided(Stop):
    """A branch, a count or a shape hangs on a value that is not known."""

    def __init__(self, what: str, unknown: UnknownValue, place: Place | None) -> None:
        elsewhere = unknown.place is not None and unknown.place is not place
        notes = ((f"{unknown.what} is not known", unknown.place),) if elsewhere and unknown.place else ()
        super().__init__(f"{what} depends on {unknown.what}, which the code alone does not tell", place, notes=notes)
        self.unknown = unknown
