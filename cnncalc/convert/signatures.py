"""The notation of the table of names (names.py): a signature elsewhere, and what each of its arguments is to us.

``Conv1d Conv2d(in_channels: C, out_channels: filters, kernel_size: kernel, stride=1, padding: pad=0)`` has the names,
and every argument in order as ``NAME: MEANING = DEFAULT``. Without a default it must be given. The meaning is

- an argument of the kind (left out where it has the same name), with ``/FORM`` where its value is written otherwise
  (pasted.py has the forms); of a kind that is composed of several, ``KIND.ARGUMENT``;
- ``C`` or ``C_out``, the channels that enter or leave, which the language works out; ``channels``, their axis;
- ``x``, the tensor that enters a function; ``joined``, another that it joins with it; ``tensor``, another, of which a
  call does not tell the shape;
- ``keys``: the channels of another tensor that enters, where it is not None;
- ``kept``: whether the spatial axes stay, as ones;
- a literal: only with this value is it the kind; it is its default, too, where no other is said;
- ``~``: any value is the same to shapes and counts; ``~LITERAL`` where a call has to say which makes it the kind;
- ``then``: the activation that follows.

``NAME!`` is written even where it has its default, and by position; ``NAME+`` so, too, by key. ``ours==LITERAL`` is
what the name itself says. ``read:`` before the names: no call of them is written for the kind; ``write:``: they are
names of another kind, or of none; ``paste:``: a call that somebody pastes is understood, and no more.

A function of PyTorch has the arguments of the module of its name behind the tensor, where no line says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..records import Record, make

#: What says nothing about shapes, parameters or products, wherever it stands.
IGNORED = frozenset(
    "device dtype data_format input_shape input_dim input_length batch_input_shape batch_size weights inplace "
    "training eps epsilon momentum alpha beta k threshold init approximate value name trainable align_corners "
    "kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer kernel_constraint "
    "bias_constraint beta_initializer gamma_initializer beta_regularizer gamma_regularizer beta_constraint "
    "gamma_constraint depthwise_initializer depthwise_regularizer depthwise_constraint pointwise_initializer "
    "pointwise_regularizer pointwise_constraint moving_mean_initializer moving_variance_initializer synchronized "
    "renorm alpha_initializer alpha_regularizer alpha_constraint noise_shape seed implementation".split()
)
#: Channels in, channels out; an activation behind; their axis; whether ones stay; the tensor; another one.
WORKED_OUT, THEN = frozenset(("C", "C_out")), "then"
CHANNELS, KEPT, ENTERING, TENSOR, JOINED, KEYS = "channels", "kept", "x", "tensor", "joined", "keys"
#: Meanings that are none of our arguments, each with the value that is written for it.
MEANINGS: Mapping[str, object] = {
    "C": None, "C_out": None, THEN: None, CHANNELS: 1, KEPT: True, ENTERING: None, TENSOR: None,
    JOINED: None, KEYS: None,
}  # fmt: skip
_WORDS = {"True": True, "False": False, "None": None}


#: The default of what must be given, and the value of what may have any.
REQUIRED = object()


class Parameter(Record):
    """One argument of a call elsewhere."""

    name: str
    #: The argument of the kind that it is; None where it is none.
    ours: str | None
    #: How its value is written there, where that is not as the sort of our argument says.
    form: str = ""
    #: What it is, of MEANINGS; empty where it is one of our arguments, or nothing to us.
    word: str = ""
    #: The only value that means the kind, or the one to write; REQUIRED where any does.
    value: object = REQUIRED
    #: Whether it must have that value.
    bound: bool = False
    default: object = REQUIRED
    #: "!" where it is always written, by position; "+" by key.
    always: str = ""

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is REQUIRED


class Signature(Record):
    """Names elsewhere that are called alike, and their arguments in order."""

    names: tuple[str, ...]
    #: The arguments, in the notation.
    body: str
    #: Whether the names mean the kind where they are read, and a call of them is what is written for it.
    reads: bool
    writes: bool

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The arguments in order. Read when asked for: most runs want the names alone."""
        return _parameters(self.body)

    @property
    def implied(self) -> Mapping[str, object]:
        """What the name says: values of our arguments."""
        said = dict(item.split("==") for item in self.body.split(", ") if "==" in item)
        return {name: _literal(value) for name, value in said.items()}

    def rank(self, name: str) -> int | None:
        """The number of spatial axes that `name` fixes. ``Dropout2d`` and its like name what they zero, not a rank:
        their family has a name without a number, which stands first.
        """
        return axes_in(name) if axes_in(self.names[0]) is not None else None

    def name(self, rank: int) -> str | None:
        """The name for so many spatial axes; None where there is none."""
        if axes_in(self.names[0]) is None:
            return self.names[0]
        return next((name for name in self.names if axes_in(name) == rank), None)


def axes_in(name: str) -> int | None:
    """The number before the ``d`` at the end of a name: ``Conv2DTranspose`` has 2."""
    return next((int(digit) for digit in "123" if f"{digit}d" in name.lower()), None)


@cache
def signatures(text: str) -> tuple[Signature, ...]:
    """The signatures that `text` has, one a line."""
    return tuple(_signature(line.strip()) for line in text.strip().split("\n")) if text else ()


def _signature(text: str) -> Signature:
    head, _, body = text.removesuffix(")").partition("(")
    use, _, names = head.rpartition(": ")
    reads, writes = use in ("", "read"), use in ("", "write")
    return make(Signature, (tuple(names.split()), body, reads, writes))


@cache
def _parameters(body: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(item) for item in body.split(", ") if item and "==" not in item)


def _parameter(text: str) -> Parameter:
    left, sign, right = text.partition("=")
    name, _, meaning = left.partition(": ")
    always = name[-1] if name[-1] in "!+" else ""
    name = name.rstrip("!+")
    meaning = meaning or ("~" if name in IGNORED else name)
    name = name.partition("/")[0]
    default = _literal(right) if sign else REQUIRED
    if meaning[0] == "~":
        value = _literal(meaning[1:]) if meaning[1:] else REQUIRED
        return Parameter(name, None, value=value, default=default, always=always)
    word, _, form = meaning.partition("/")
    if word in MEANINGS:
        value = REQUIRED if MEANINGS[word] is None else MEANINGS[word]
        return Parameter(name, None, form, word, value, default=default, always=always)
    if meaning in _WORDS or not meaning[0].isalpha():
        value = _literal(meaning)
        default = default if sign or always else value
        return Parameter(name, None, value=value, bound=True, default=default, always=always)
    ours, _, form = meaning.partition("/")
    return Parameter(name, ours, form, default=default, always=always)


def _literal(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] == "'":
        return text.strip("'")
    return float(text) if "." in text or "e" in text else int(text)
