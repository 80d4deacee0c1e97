"""Colours without rich, for texts that are drawn before anybody would wait for it: faults, patches, help."""

from __future__ import annotations

#: By style, in rich's words, the parameters of the escape code that sets it (ECMA-48, 8.3.117).
_CODES = {"bold": "1", "red": "31", "green": "32", "cyan": "36", "bold red": "1;31", "bold yellow": "1;33"}


def painted(text: str, style: str) -> str:
    """`text` in a style; as it is for none."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if style else text
