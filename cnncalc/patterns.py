"""Regular expressions that are compiled when they are first asked: most specs need few of them."""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    """Stands for a compiled expression; its methods are that one's own from the first use on."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def lazy(text: str, flags: int = 0) -> re.Pattern[str]:
    """The regular expression `text`, compiled at its first use."""
    return cast("re.Pattern[str]", _Lazy(text, flags))
