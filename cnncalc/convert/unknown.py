"""What is said of the operators of a file that no layer of ours is."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import NOTE, UNKNOWN_OPERATOR, Diagnostic, NamedPlace, Source, Span
from ..values import nearest

#: Operators that the note names.
_NAMED = 5


def unknown_note(
    file: Source, types: Iterable[str], known: Iterable[str] = (), place: Span | NamedPlace | None = None
) -> Diagnostic:
    """The note that nothing is known of what operators of these `types` give or cost.

    It stands at the `place` of the first; `known` are the names of those that there are, of which one may be meant: but
    not where that one is what is written.
    """
    names = list(dict.fromkeys(types))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    what = ", ".join(f"'{name}'" for name in names[:_NAMED])
    verbs = "gives or costs" if len(names) == 1 else "give or cost"
    message = f"nothing is known of what {what}{more} {verbs}"
    known = tuple(known)
    help = None if names[0] in known else nearest(names[0], known, "", 0.75) or None
    span, spot = (place, None) if isinstance(place, Span) else (None, place)
    return Diagnostic(NOTE, UNKNOWN_OPERATOR, message if place else f"{file.name}: {message}", span, help, spot=spot)
