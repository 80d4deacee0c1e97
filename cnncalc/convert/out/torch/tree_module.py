"""The classes of a network that was read from code, with the names of its modules: a tree like that of the source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ....network import Network
from .columns import Unlike
from .helpers import HELPERS
from .layout import CodePiece, attribute_lines, call, lines, signature
from .names import ClassNames
from .tree import SEQUENTIAL, StepLook, TreeModule, looks_of, tree_of, without
from .tree_class import TreeClass, folded, ordered
from .tree_text import TreeWriter

_NAME = re.compile(r"[A-Za-z_]\w*")
_WIDEST = 88


def tree_classes(network: Network, title: str | None) -> list[TreeClass]:
    """The classes, inner ones first, that of the network last. Raises Unlike, Unsayable where there is no such tree."""
    root = tree_of(network)
    names = ClassNames(("Tensor", "OrderedDict", *HELPERS))
    own = root.type if root.type != SEQUENTIAL and network.modules[""].base == "" else ""
    main = TreeClass(names.take(title or own or network.title or "Net", "Net"), network, [root])
    found: dict[str, TreeClass] = {}
    made: list[TreeClass] = []
    for modules in _by_class(root):
        for variant in _variants(network, modules, found):
            variant.name = names.take(modules[0].type, "Block")
            TreeWriter(variant, found).write()
            made.append(variant)
    TreeWriter(main, found).write()
    return [*made, main]


def _by_class(root: TreeModule) -> list[list[TreeModule]]:
    """The modules that are classes of the source, but for the outermost, those that are in others first."""
    found: dict[tuple[str, str], list[TreeModule]] = {}
    heights: dict[str, int] = {}
    for module in root.modules():
        inner = [heights[child.path] for child in module.children.values() if isinstance(child, TreeModule)]
        heights[module.path] = max(inner, default=0) + (not module.inline)
        if not module.inline and module is not root:
            found.setdefault((module.type, module.base), []).append(module)
    return sorted(found.values(), key=lambda modules: max(heights[tree_module.path] for tree_module in modules))


def _variants(network: Network, modules: Sequence[TreeModule], found: dict[str, TreeClass]) -> list[TreeClass]:
    """Classes for modules of one class of the source: one where steps are all that some of them lack."""
    alike: dict[tuple[StepLook, ...], list[TreeModule]] = {}
    for module in modules:
        try:
            looks = looks_of(network, module, found)
        except KeyError:
            raise Unlike("a class in itself") from None
        alike.setdefault(looks, []).append(module)
    made: list[tuple[tuple[StepLook, ...], TreeClass]] = []
    for looks, some in sorted(alike.items(), key=lambda pair: -len(pair[0])):
        base, lacking = next(((one, left) for more, one in made if some[0].base == ""
                              for left in [without(more, looks)] if left), (None, []))  # fmt: skip
        if base is None:
            base = TreeClass("", network, [])
            made.append((looks, base))
        for step in lacking:
            base.lacking.setdefault(step, set()).update(range(len(base.uses), len(base.uses) + len(some)))
        base.uses += some
        found.update({tree_module.path: base for tree_module in some})
    for _, tree_class in made:
        if tree_class.first.base == SEQUENTIAL and len(tree_class.uses) == 1:
            tree_class.first.type = SEQUENTIAL  # what stands once is written where it stands
    return [one for _, one in made if not one.first.inline]


def class_text(made: TreeClass) -> str:
    """The lines of a class."""
    first = made.first
    sequence = [(name, piece) for name, piece, _ in made.parts if name in first.children]
    numbered = first.numbered and len(sequence) > 0
    named = first.base == SEQUENTIAL and not all(name.isidentifier() for name, _ in sequence)
    if (numbered or named) and any(flag for _, _, flag in made.parts):
        raise Unlike("optional")
    base = "nn.Sequential" if first.base == SEQUENTIAL or numbered else "nn.Module"
    text = [f"class {made.name}({base}):", *lines(signature(made.scope), 4, "def __init__", " -> None:")]
    pieces = [piece for _, piece in sequence]
    if numbered:
        text += lines(call("super().__init__", folded(pieces)), 8)
    elif named:
        inside = call("OrderedDict", [ordered([name for name, _ in sequence], pieces)])
        text += lines(call("super().__init__", [inside]), 8)
    else:
        text.append("        super().__init__()")
    for name, piece, flag in made.parts:
        if not ((numbered or named) and name in first.children):
            text += _assigned(name, piece, flag)
    if first.base != SEQUENTIAL:
        several = len(made.outputs) > 1
        result = f"tuple[{', '.join('Tensor' for _ in made.outputs)}]" if several else "Tensor"
        given = call("", ["self", *[f"{name}: Tensor" for name in made.inputs]])
        text += ["", *lines(given, 4, "def forward", f" -> {result}:"), *_statements(made)]
    return "\n".join(text) + "\n"


def _assigned(name: str, piece: CodePiece, flag: str) -> list[str]:
    """What makes an attribute: where a flag says so, else one that passes on what enters it."""
    if not flag:
        return attribute_lines(name, piece)
    before = f"self.{name} = "
    if 8 + len(before) + len(whole := f"{piece.flat} if {flag} else nn.Identity()") <= _WIDEST:
        return [f"        {before}{whole}"]
    return [f"        if {flag}:", *lines(piece, 12, before), "        else:", f"            {before}nn.Identity()"]


def _statements(made: TreeClass) -> list[str]:
    """The lines of `forward`; what is given back at once has no name."""
    statements = made.statements
    direct = len(made.outputs) == 1 and bool(statements) and statements[-1][0] == made.outputs[0]
    direct = direct and not statements[-1][2]
    used, text = set(made.outputs), list[list[str]]()
    for number, (target, piece, flag) in reversed(list(enumerate(statements))):
        last = direct and number == len(statements) - 1
        named = ", ".join([name if name in used else "_" for name in target.split(", ")])
        inside = lines(piece, 12 if flag else 8, "return " if last else f"{named} = ")
        text.append([f"        if {flag}:", *inside] if flag else inside)
        used |= set(_NAME.findall(piece.flat))
    found = [line for char in reversed(text) for line in char]
    return found if direct else [*found, f"        return {', '.join(made.outputs)}"]
