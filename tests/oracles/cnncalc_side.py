"""What cnncalc makes of a spec, boiled down to what can be compared with another program's answer."""

from __future__ import annotations

from typing import Any, NamedTuple

import cnncalc

Shape = tuple[int, ...]


class Verdict(NamedTuple):
    """The document of a spec, or what was found wrong with it."""

    document: dict[str, Any]
    diagnostics: list[tuple[str, str, str]]  # severity, code, message

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        return [d for d in self.diagnostics if d[0] == "error"]

    @property
    def refusals(self) -> list[tuple[str, str, str]]:
        """Warnings that PyTorch would refuse this sound geometry."""
        return [d for d in self.diagnostics if d[:2] == ("warning", "pytorch-refuses")]

    @property
    def warns(self) -> bool:
        return bool(self.errors or self.refusals)

    @property
    def shape(self) -> Shape | None:
        """The last layer's output."""
        output = self.document["layers"][-1]["output"]
        return None if output is None else tuple(output)

    @property
    def params(self) -> int:
        return int(self.document["totals"]["params"])

    @property
    def buffers(self) -> int:
        return int(self.document["totals"]["buffers"])


def judge(text: str) -> Verdict:
    """Analyse a spec. Anything but a document or a SpecError is left to escape: it is a bug."""
    try:
        analysis = cnncalc.analyze(cnncalc.loads(text))
    except cnncalc.SpecError as error:
        return Verdict({}, [(d.severity, d.code, d.message) for d in error.diagnostics])
    document = analysis.to_dict()
    found = [(d["severity"], d["code"], d["message"]) for d in document["diagnostics"]]
    return Verdict(document, found)
