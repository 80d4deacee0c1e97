"""What the text of a spec says besides its network: requirements, expectations, blanks, variables, `allow` comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..diagnostics import Diagnostic, Span
from ..network import Network
from ..records import Record
from ..spec.nodes import Require
from ..values import Shape


class Requirement(Record):
    """A ``require`` line, to be judged by `cnncalc check`."""

    node: Require
    span: Span


class Outcome(Record):
    """What became of one ``-> SHAPE``: of its first run that is not as expected, else of its first run."""

    span: Span
    #: Whether it says the same at whatever values of the variables.
    constant: bool
    got: Shape | None
    ok: bool


class Specification:
    """What the interpreter keeps of a spec for those that ask about more than the network."""

    def __init__(self, variables: Mapping[str, object], library: bool, allows: Callable[[Diagnostic], bool]) -> None:
        #: The values of its top-level variables.
        self.variables = variables
        #: Blocks only, to be used by other files.
        self.library = library
        #: Whether an ``# allow:`` comment silences a diagnostic.
        self.allows = allows
        self.requirements: list[Requirement] = []
        #: The blanks, ``-> ____``, of lines that run, each once.
        self.blanks: list[Span] = []
        #: What became of each ``->`` that was reached, by its file, line and column.
        self.expectations: dict[tuple[int, int, int], Outcome] = {}


def specification(network: Network) -> Specification:
    """What the spec of `network` says besides; of a network that has no spec, nothing."""
    return (
        network.notes
        if isinstance(network.notes, Specification)
        else Specification({}, False, lambda diagnostic: False)
    )
