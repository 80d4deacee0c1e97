"""The calls of a graph, and where each stood in the source and among the modules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...records import Record
from .fields import LONGEST, argument, list_of, names_of, object_of, text_of


class ProgramCall(Record):
    """A call: its target, arguments, the names of what it gives, and where it stood."""

    target: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    outputs: Sequence[str | None]
    #: The modules around it, outermost first: path, class, and what tells one call of a module from another.
    modules: Sequence[tuple[str, str, str]]
    #: The line of the source that called it: its file, number and text.
    line: tuple[str, int, str] | None
    #: Whether its one name is that of all that it gives: in memory others take the results apart.
    packed: bool = False


_FRAME = re.compile(r'File "([^"\n]{1,500})", line (\d{1,9}), in [^\n]{1,200}(?:\n +([^\n]{1,300}))?')
#: Frames of PyTorch itself are no lines of the model.
_INSIDE = ("/torch/nn/", "/torch/_", "torch/fx/")
#: How paths of modules were written before.
_OLD_PATH = re.compile(r"L\['self'\]\.?|\(.*?\)|@\d+$")


def call_of(value: Any) -> ProgramCall:
    """A call. Raises CorruptExport."""
    found = object_of(value, "a node")
    args, kwargs = list[Any](), dict[str, Any]()
    for one in list_of(found.get("inputs"), "the arguments of a node"):
        given = object_of(one, "an argument")
        made = argument(given.get("arg"))
        if given.get("kind", 1) == 2:
            kwargs[text_of(given.get("name"), "the name of an argument")] = made
        else:
            args.append(made)
    outputs = [name for one in list_of(found.get("outputs"), "the results of a node") for name in names_of(one)]
    metadata = found.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    target = text_of(found.get("target"), "the target of a node")
    return ProgramCall(target, args, kwargs, outputs, _modules(metadata), own_line(metadata.get("stack_trace")))


def _modules(metadata: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The modules around a call: ``KEY,PATH,CLASS;…``."""
    text = metadata.get("nn_module_stack")
    if not isinstance(text, str) or text.startswith("_empty"):
        return []
    found = []
    for one in text[: 50 * LONGEST].split(";"):
        key, _, rest = one.partition(",")
        path, _, kind = rest.rpartition(",")
        found.append((_OLD_PATH.sub("", path), kind, key))
    return found


def own_line(text: object) -> tuple[str, int, str] | None:
    """The innermost line of the model's own source in a stack."""
    if not isinstance(text, str):
        return None
    frames = _FRAME.findall(text[-20 * LONGEST :])
    own = [frame for frame in frames if not any(part in frame[0] for part in _INSIDE)] or frames
    return (own[-1][0], int(own[-1][1]), own[-1][2]) if own and own is not frames else None
