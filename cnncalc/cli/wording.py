"""The command line's words for what it overrides."""

from __future__ import annotations

from collections.abc import Container

from ..diagnostics import INPUT, Wording


class OptionWording(Wording):
    """Names the options: ``--set width=64``; ``--vary`` for the variables that are `varied`."""

    more_layers = "--max-layers raises the limit"

    def __init__(self, varied: Container[str | None] = ()) -> None:
        self.varied = varied

    def named(self, target: str, name: str | None, text: str | None) -> str:
        """The option with its value: ``--input 3x8x8``."""
        option = "--input" if target == INPUT else "--vary" if name in self.varied else "--set"
        if text is None and target == INPUT:
            text = "…" if name else ""
        words = "=".join(word for word in (name, text) if word)
        return f"{option} {words}".rstrip()
