"""What can be said of a spec before it is run: unknown layers and arguments anywhere, names set twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ..convert.lookup import all_names, lookup
from ..diagnostics import Source
from ..measures import WORDS
from ..spec.nodes import Block, Branch, Default, Element, If, Let, Line, Merge, Path, Stmt
from ..spec.symbols import VARIABLE, Symbols, declare
from ..spec.words import ABSENT, MERGES
from .binding import ArgumentFault, bind_block, bind_layer
from .faults import Faults, did_you_mean
from .position import BlockDef

#: How much of a layer's name an unknown one must have to be taken for a slip of the pen.
_LIKE = 0.72
#: The same for blocks of the file, of which there are few.
_LIKE_BLOCK = 0.66
#: The same for what is none of ours.
_NEAR = 0.88
_SHORTCUT = "a name for the line where it leaves, 'x = conv 64 3', and 'add @x' where it comes back"
#: What is called otherwise here, or made of several layers, by names in lower case.
_ELSEWHERE = {
    "separableconv2d": "two elements say it: 'dwconv 3 bias=no | conv 64 1'",
    "separableconv": "two elements say it: 'dwconv 3 bias=no | conv 64 1'",
    "sepconv": "two elements say it: 'dwconv 3 bias=no | conv 64 1'",
    "hswish": "write 'hardswish'", "hsigmoid": "write 'hardsigmoid'", "se": "'mul:' of the tensor and a path says it: "
    "'gavgpool | conv C//16 1 | relu | conv @here.C 1 | sigmoid'",
    "swapaxes": "'permute' says all axes in their new order: of CxL 'permute LC'", "bmm": "write 'matmul'",
    "subtract": "write 'sub'", "divide": "write 'div'",
    "cropping2d": "'crop' takes what stays, not what goes",
    "return": "leave it out: what the last line gives is the output",
    "sequential": "layers stand one below the other, without it",
    "activation": "the activation itself is a layer: 'relu'",
    "zeropad": "write 'pad 1'",
    "lrelu": "write 'leakyrelu'", "leaky": "write 'leakyrelu'",
    "batchnorm": "write 'bn'", "pool": "write 'maxpool' or 'avgpool'",
    "pooling": "write 'maxpool' or 'avgpool'", "convolution": "write 'conv'", "fullyconnected": "write 'fc'",
    "instancenorm": "write 'in'", "globalavgpool": "write 'gavgpool'", "globalaveragepool": "write 'gavgpool'",
    "chunk": "write 'a, b = split 2'", "cat": "write 'concat'", "concatenate": "write 'concat'", "sum": "write 'add'",
    "conv2dtranspose": "write 'upconv'", "residual": _SHORTCUT, "shortcut": _SHORTCUT, "skip": _SHORTCUT,
    "skipconnection": _SHORTCUT, "cropandconcat": "two paths say it: 'concat:', below it '- @name | crop like=@here' "
    "and '- identity'", "print": "'cnncalc shapes' prints the network: leave this line out",
    "summary": "'cnncalc shapes' prints the network: leave this line out",
    **dict.fromkeys(("import", "from", "class", "def", "pass", "assert", "raise", "del", "global", "super"),
                    "leave it out: a spec has layers, and no code around them"),
}  # fmt: skip


#: Layers of PyTorch, Keras and papers that the language does not have, in lower case: none of its own is meant.
_NONE_SUCH = frozenset(
    """
    lstmcell bilstm grucell bigru rnncell convlstm convlstm1d convlstm2d convgru
    embeddingbag deformconv deformconv2d dcn dcnv2 involution gatedconv partialconv graphconv gcn gat
    lazyconv2d octconv maxunpooling fold unfold lppool
    fractionalmaxpool2d roipool roialign spp spatialpyramidpooling einsum dot bilinear outer average stack
    gather squeeze unsqueeze expand roll flip where clip clamp sqrt exp log pow abs neg argmax topk sort nms
    hardtanh hardshrink softshrink softsign tanhshrink threshold celu rrelu logsigmoid softmin maxout crelu snake
    spectralnorm weightnorm batchrenorm rmsnorm adaptiveinstancenorm cbam eca ctc crf lambda timedistributed
    masking repeatvector transformer transformerencoder transformerencoderlayer crossattention gaussiannoise
    gaussiandropout dropblock capsule
    """.split()
)


#: Words of training, in lower case and without '_': optimizers, losses, and what calls them.
_TRAINING = frozenset(
    """
    sgd adam adamw adamax nadam radam rmsprop adagrad adadelta lion lamb lars lbfgs optimizer optim momentum weightdecay
    lr learningrate scheduler steplr epochs epoch criterion metrics compile fit train eval backward zerograd step cuda
    dataloader batch batchsize
    """.split()
)


class StaticCheck:
    """Checks one file's statements. Everything it finds is reported at every place where it stands."""

    def __init__(self, source: Source, blocks: Mapping[str, BlockDef], faults: Faults) -> None:
        self.source = source
        self.blocks = blocks
        self.faults = faults
        #: Elements that were looked at and are right, for lines that come again.
        self.sound: set[Element] = set()

    def body(self, body: Sequence[Stmt], names: frozenset[str], path: bool = False) -> None:
        """Checks statements in a scope whose variables are `names`; of a `path`, or of what it chooses by an if."""
        for stmt in body:
            node = stmt.node
            if isinstance(node, Line):
                for element in node.elements:
                    if element not in self.sound:
                        if element.name == ABSENT and element.pasted is None:
                            self.absent(node, stmt, element, path and _is_alone(stmt, body), path)
                        else:
                            self.element(element, stmt, names)
            elif isinstance(node, Merge):
                self.element(node.element, stmt, names, body=True)
                if len(stmt.body) == 1:
                    self.error(stmt, "one-path", f"'{node.element.name}' joins two or more paths; this has one",
                               node.start, node.end, "'- identity' is the tensor itself")  # fmt: skip
                self.body(stmt.body, names)
            elif isinstance(node, Default):
                self.default(node, stmt)
            elif stmt.body and not isinstance(node, Block):
                chosen = path and (isinstance(node, Branch) or (isinstance(node, If) and _is_alone(stmt, body)))
                self.body(stmt.body, names, chosen or isinstance(node, Path))

    def error(self, stmt: Stmt, code: str, message: str, start: int, end: int, help: str | None = None) -> None:
        """Reports an error at columns of the statement's content."""
        self.faults.error(code, message, stmt.span(self.source, start, end), help)

    def absent(self, node: Line, stmt: Stmt, element: Element, alone: bool, path: bool) -> None:
        """Reports a path that is said not to be there where there is none, or beside other lines of it."""
        if alone and len(node.elements) == 1 and not (element.args or node.name or node.names or node.arrow):
            return
        message = f"'{ABSENT}' says that a path of a merge is not there: it stands in no other place"
        help: str | None = f"behind a '-', '- {ABSENT}', or alone in a branch of an 'if' there"
        if path:
            message, help = f"'{ABSENT}' says that its path is not there: nothing else stands in it", None
        self.error(stmt, "misplaced", message, element.start, element.end, help)

    def element(self, element: Element, stmt: Stmt, names: frozenset[str], body: bool = False) -> None:
        """Checks the name and the arguments of an element."""
        if element.ref:
            return
        if element.pasted is not None:
            self.pasted(element, stmt)
            return
        found = lookup(element.name)
        try:
            if element.name in self.blocks and not body:
                bind_block(element.name, self.blocks[element.name].node.params, element)
                self.sound.add(element)
            elif found is not None:
                bind_layer(found[0], element, body, names)
                self.sound.add(element)
            elif element.name not in names:
                self.unknown(element, stmt, names)
        except ArgumentFault as fault:
            self.error(stmt, fault.code, fault.message, *fault.columns(element), fault.help)

    def unknown(self, element: Element, stmt: Stmt, names: frozenset[str]) -> None:
        """Reports a name that is no layer."""
        name = element.name
        help = _composed(element) or self._elsewhere(name)
        if not self.faults.many and self._is_tensor(name):
            help = f"a tensor that has a name is '@{name}'"
        if help is None and not self.faults.many:
            help = (
                self._of_layers(name)
                or self._slip_of_elsewhere(name)
                or did_you_mean(name, self.blocks)
                or did_you_mean(name, [*all_names(), *self.blocks, *names, *MERGES], _LIKE)
            )
        self.error(
            stmt, "unknown-layer", f"unknown layer '{name[:60]}'", element.start, element.start + len(name), help
        )

    def _is_tensor(self, name: str) -> bool:
        """Whether a line of the file names its output `name`, a layer's, not a call's; or a block its parameter."""
        line = rf"^[ \t]*(?:{re.escape(name)}[ \t]*=[ \t]*[^(\n]*$|block\b[^\n]*@{re.escape(name)}\b)"
        return bool(re.search(line, self.source.text, re.MULTILINE))

    def _elsewhere(self, name: str) -> str | None:
        """What is called otherwise here, or is not there."""
        folded = name.replace("_", "").lower()
        if folded in _TRAINING or folded.endswith("loss"):
            return f"'{name}' is of the training: leave the line out; a spec has the layers alone"
        if folded in _NONE_SUCH:
            stands = f"'op {name} shape=64x28x28' stands for one whose output you know"
            return f"there is no '{name}' in this language; {stands}"
        return _ELSEWHERE.get(folded)

    def _slip_of_elsewhere(self, name: str) -> str | None:
        """What is said of the name that a slip of the pen is nearer to than to any layer's."""
        import difflib

        folded = name[:60].replace("_", "").lower()
        near = difflib.get_close_matches(folded, [*_NONE_SUCH, *_ELSEWHERE, *all_names(), *self.blocks], 1, _NEAR)
        return self._elsewhere(near[0]) if near and lookup(near[0]) is None else None

    def _of_layers(self, name: str) -> str | None:
        """What is said of an argument in the place of a layer, and of a layer's name without its axes."""
        folded = name.replace("_", "").lower()
        key = lookup("conv")[0].keys.get(folded)  # type: ignore[index]
        if key is not None and len(folded) > 1:
            return f"'{key}' is an argument, and stands in the line of its layer: 'conv 64 3 {key}=2'"
        whole = next((one for one in all_names() if one.lower() == f"{folded}2d"), None)
        return f"did you mean '{whole}'?" if whole else None

    def pasted(self, element: Element, stmt: Stmt) -> None:
        """Answers a pasted Python call with the line to write."""
        from ..convert.pasted import translate

        text = self.source.line(stmt.line)[stmt.indent : stmt.indent + element.start]
        left = text.partition("=")[0].strip().rpartition(".")[2] if isinstance(stmt.node, Line) else ""
        # x = F.relu(x): what runs on has no name in a spec, where each is set once
        again = left.isidentifier() and bool(re.search(rf"\b{left}\b", element.pasted or ""))
        words = re.findall(r"(?<=[(\[, ])[A-Za-z_]\w*", element.pasted or "")
        advice = translate(element.pasted or "", left if again else "x" if not self._is_tensor("x") else "")
        if advice.line:
            named = "=" in text and left.isidentifier() and not again
            help = f"write '{left} = {advice.line}'" if named else f"write '{advice.line}'"
            help += f" behind the line of '{advice.behind}'" * bool(advice.behind)
        elif element.name in self.blocks:
            rest = re.sub(r"[(),\s]+", " ", (element.pasted or "")[len(element.name) :]).strip()
            self.error(stmt, "pasted-call", "a block is used like a layer, without parentheses", element.start,
                       element.end, f"write '{f'{element.name} {rest}'.strip()}'")  # fmt: skip
            return
        elif element.name in MERGES and (joined := [word for word in words if self._is_tensor(word)]):
            help = f"write '{element.name} @{' @'.join(joined)}'"
        elif advice.reason:
            help = advice.reason
        elif own := re.findall(r"\bself\.(\w+)\(", element.pasted or ""):
            lines = " and ".join(f"'{name}'" for name in own[::-1])
            help = f"put the line{'s' * (len(own) > 1)} of {lines} here: a spec has each layer where it runs"
        elif lookup(element.name) is not None:
            help = "arguments are separated by blanks: 'conv 64 3 stride=2'"
        else:
            close = did_you_mean(element.name, [*all_names(), *self.blocks], _LIKE) or "no such layer"
            help = self._elsewhere(element.name) or f"{close}; a layer is a line like 'conv 64 3 stride=2'"
        self.error(
            stmt, "pasted-call", "this is a call in Python, not a line of a spec", element.start, element.end, help
        )

    def default(self, node: Default, stmt: Stmt) -> None:
        """Checks the kinds and keys of a ``default`` line."""
        for kind in node.kinds:
            found = lookup(kind.id)
            if found is None:
                help = did_you_mean(kind.id, all_names(), _LIKE)
                self.error(stmt, "unknown-layer", f"unknown layer '{kind.id[:60]}'", kind.start, kind.end, help)
                continue
            cls = found[0]
            for arg in node.args:
                if arg.key not in cls.keys:
                    close = did_you_mean(arg.key or "", cls.keys)
                    help = close or f"its arguments: {', '.join(argument.name for argument in cls.args) or 'none'}"
                    self.error(
                        stmt, "unknown-argument", f"{cls.kind} has no argument '{arg.key}'", arg.start, arg.end, help
                    )

    def names(self, body: Sequence[Stmt]) -> Symbols:
        """The names that `body` sets; reports those that are set twice."""
        declared, clashes = declare(body)
        for definition, line in clashes:
            node, name = definition.stmt.node, definition.name
            help = "each name is set once; choose another"
            if definition.kind == VARIABLE:
                help = f"a variable is set once; in a 'repeat … as i:' say it by the round: 'let {name} = 64*2**i'"
            what = f"variable '{name}'" if definition.variable else f"tensor '@{name}'"
            self.error(definition.stmt, "set-twice", f"{what} is already set in line {line}",
                       node.start, node.end, help)  # fmt: skip
        return declared

    def top_names(self, body: Iterable[Stmt]) -> None:
        """Reports top-level variables that are called like a measure of `require`."""
        for stmt in body:
            node = stmt.node
            if isinstance(node, Let) and node.name in WORDS:
                self.error(stmt, "reserved-word", f"'{node.name}' is a measure of 'require' and cannot name a variable",
                           node.name_at, node.name_at + len(node.name), f"for example '{node.name}_1'")  # fmt: skip

    def params_clash(self, block: BlockDef, declared: Symbols) -> None:
        """Reports names in a block that are those of its parameters."""
        for param in block.node.params:
            definition = declared.get((param.name, not param.tensor))
            if definition is not None:
                stmt = definition.stmt._replace(indent=0)
                what = f"'{'@' * param.tensor}{param.name}'"
                self.error(stmt, "set-twice", f"{what} is a parameter of block '{block.node.name}'", 0,
                           len(self.source.line(stmt.line)), "each name is set once; choose another")  # fmt: skip


def _is_alone(stmt: Stmt, body: Sequence[Stmt]) -> bool:
    """Whether nothing else in a body makes a tensor."""
    return all(other is stmt or isinstance(other.node, Let | Default) for other in body)


def _composed(element: Element) -> str | None:
    """What to write for a name of another framework that stands for several layers here, with its arguments."""
    from ..convert.names import COMPOSED
    from ..convert.pasted import translate

    name = element.name
    if name.replace("_", "").lower() in ("separable", "separableconv", "sepconv", "dsconv") and element.args:
        name = "SeparableConv2D"
    if not any(re.search(rf"\b{name}\b(?!:)", foreign.keras or "") for foreign in COMPOSED.values()):
        return None
    args = (
        arg.text if arg.key is None else f"{arg.key}={arg.text.partition('=')[2] or arg.text}" for arg in element.args
    )
    line = translate(f"{name}({', '.join(args)})").line
    return f"write '{line}'" if line else None
