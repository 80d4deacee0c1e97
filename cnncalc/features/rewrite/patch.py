"""Unified diffs of a text and what fmt or annotate make of it, in time that grows with the text.

Both change lines, and take some away that are blank or nothing but an arrow; they never add any. So it is known which
line became which, and a search for it, as difflib's, which takes the square of the time where every second line
changes, is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: Lines that stay, before and behind those that change.
_CONTEXT = 3
_ARROW = "->"


def unified(old: Sequence[str], new: Sequence[str], names: tuple[str, str]) -> Iterator[str]:
    """The lines of the diff; nothing where nothing changes. A line without its end stays so."""
    if list(old) == list(new):
        return
    partners = _partners(old, new)
    yield f"--- {names[0]}\n"
    yield f"+++ {names[1]}\n"
    for start, end in _hunks(old, new, partners):
        yield from _hunk(old, new, partners, range(start, end))


def _partners(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """For every old line the place of the new one that it became, below 0 where it went; new ones in their order."""
    found: list[int] = []
    at = 0
    for place, line in enumerate(old):
        spare = len(old) - place - (len(new) - at)
        if at == len(new) or (spare > 0 and _goes(line, new[at])):
            found.append(-1)
        else:
            found.append(at)
            at += 1
    return found


def _goes(line: str, next: str) -> bool:
    """Whether a line is blank, or an arrow with no comment that would stay, and the next new one is not that line."""
    if not line.strip():
        return bool(next.strip())
    return line.lstrip().startswith(_ARROW) and "#" not in line and not next.lstrip().startswith(_ARROW)


def _hunks(old: Sequence[str], new: Sequence[str], partners: Sequence[int]) -> Iterator[tuple[int, int]]:
    """From which to before which old line there are changes, context included."""
    start = end = -1
    for place, partner in enumerate(partners):
        if partner >= 0 and old[place] == new[partner]:
            continue
        if end >= 0 and place - _CONTEXT > end:
            yield start, end
            start = -1
        start = max(0, place - _CONTEXT) if start < 0 else start
        end = min(len(old), place + 1 + _CONTEXT)
    yield start, end


def _hunk(old: Sequence[str], new: Sequence[str], partners: Sequence[int], places: range) -> Iterator[str]:
    """The lines of one hunk, those that go before those that come."""
    kept = [partners[place] for place in places if partners[place] >= 0]
    first = kept[0] if kept else next((one + 1 for one in reversed(partners[: places.start]) if one >= 0), 0)
    yield f"@@ -{_range(places.start, len(places))} +{_range(first, len(kept))} @@\n"
    come: list[str] = []
    for place in places:
        partner = partners[place]
        if partner >= 0 and old[place] == new[partner]:
            yield from come
            come = []
            yield f" {old[place]}"
            continue
        yield f"-{old[place]}"
        if partner >= 0:
            come.append(f"+{new[partner]}")
    yield from come


def _range(start: int, length: int) -> str:
    """Where a hunk lies, as a patch says it: from the line before, where it has none."""
    if length == 1:
        return str(start + 1)
    return f"{start + (length > 0)},{length}"
