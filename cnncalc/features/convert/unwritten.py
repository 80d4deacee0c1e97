"""What a spec says besides its network, and what is written of it does not: requirements, comments, arrows."""

from __future__ import annotations

from ...diagnostics import NOTE, Diagnostic
from ...document.figures import listed, quantity
from ...interpret.specification import specification
from ...network import Network
from ...spec.words import strip_comment


def unwritten(network: Network, target: str) -> list[Diagnostic]:
    """The one note on it. Another spec has arrows of its own, so that only those with variables are lost."""
    says = specification(network)
    if says.program is None:
        return []
    comments = sum(strip_comment(line).strip() != line.strip() for line in network.source.text.splitlines())
    arrows = [expectation for expectation in says.expectations.values() if target != "spec" or not expectation.constant]
    counts = [
        (len({requirement.span for requirement in says.requirements}), "require line", ""),
        (comments, "comment", ""),
        (len(arrows), "arrow", " with variables" if target == "spec" else ""),
    ]
    found = [quantity(count, what) + more for count, what, more in counts if count]
    if not found:
        return []
    single = sum(count for count, *_ in counts) == 1
    return [Diagnostic(NOTE, "not-written", f"{listed(found)} {'is' if single else 'are'} not written")]
