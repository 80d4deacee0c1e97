"""What every kind of layer has: declared arguments, an output rule, weights, work, and names elsewhere.

A kind is one subclass of :class:`Layer`. From its declaration follow the parsing of its arguments, "did you mean",
`cnncalc layers KIND` and the exports. Rules raise :class:`LayerError` and never hear of files.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ..values import Shape, Size, how_many, picture, spell
from .arguments import REQUIRED, Argument, LayerError, RankError
from .reach import Reach, Taps
from .result import Quantities, Remark, Result
from .traits import Traits

if TYPE_CHECKING:
    from .window import Window

_NONE: frozenset[str] = frozenset()


class Layer(Traits):
    """Base of all kinds. Instances are immutable: the arguments, checked, of one or many layers of a network."""

    #: The canonical name, and other names that mean just the same.
    kind: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    #: One sentence; the output rule as text; an example line; things worth knowing.
    summary: ClassVar[str] = ""
    rule: ClassVar[str] = "the shape stays"
    example: ClassVar[str] = ""
    remarks: ClassVar[tuple[str, ...]] = ()
    #: Names of the positional arguments, in order; arguments of the base class that this one lacks.
    positions: ClassVar[tuple[str, ...]] = ()
    without: ClassVar[tuple[str, ...]] = ()
    #: Arguments of which a line gives one.
    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: Filled by __init_subclass__: the arguments that no base class has, by name; all of them, positional first; the
    #: same with names and defaults; the sort of each; the name that each key means.
    introduced: ClassVar[dict[str, Argument[Any]]] = {}
    args: ClassVar[tuple[Argument[Any], ...]] = ()
    declared: ClassVar[tuple[tuple[str, Argument[Any], Any], ...]] = ()
    sorts: ClassVar[dict[str, str]] = {}
    keys: ClassVar[dict[str, str]] = {}

    #: The number of spatial axes that its name fixes.
    rank: int | None = None

    def __init_subclass__(cls) -> None:
        found: dict[str, Argument[Any]] = {}
        cls.introduced = {name: arg for name, arg in vars(cls).items() if isinstance(arg, Argument)}
        for base in reversed(cls.__mro__):
            found.update(vars(base).get("introduced", ()))
        kept = {name: arg for name, arg in found.items() if name not in cls.without}
        order = [*cls.positions, *(name for name in kept if name not in cls.positions)]
        cls.args = tuple(
            kept[name].placed(cls.positions.index(name) if name in cls.positions else None) for name in order
        )
        cls.declared = tuple((arg.name, arg, arg.default) for arg in cls.args)
        cls.sorts = {arg.name: arg.sort for arg in cls.args}
        cls.keys = {word: arg.name for arg in cls.args for word in (arg.name, *arg.synonyms)}
        for name in cls.without:
            setattr(cls, name, found[name].default)
        cls.pointwise = cls.steps is Layer.steps and not (cls.merges or cls.mixes or cls.source or cls.routed)

    def __init__(self, values: Mapping[str, Any], insisted: frozenset[str], rank: int | None) -> None:
        keep = self.__setattr__
        # One by one, and all of them here: then a layer takes a third of what one with a __dict__ takes.
        for name, value in values.items():
            keep(name, value)
        self.insisted = insisted
        if rank is not None:
            self.rank = rank

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The values of its arguments, in the order of `args`."""
        return tuple([getattr(self, name) for name, _, _ in self.declared])

    @property
    def values(self) -> tuple[tuple[str, Any], ...]:
        """The arguments with their names."""
        return tuple([(name, getattr(self, name)) for name, _, _ in self.declared])

    def changed(self, **values: Any) -> Self:
        """The layer with other values of some arguments, which are not checked."""
        return type(self)({**dict(self.values), **values}, self.insisted, self.rank)

    def likeness(self) -> tuple[tuple[object, ...], tuple[Any, ...]]:
        """Equal for layers that are alike: what it is, sizes and pairs told by their types, and its arguments."""
        arguments = self.arguments
        tuples = tuple([type(value) for value in arguments if isinstance(value, tuple)])
        return (self.kind, self.rank, self.insisted, tuples), arguments

    @classmethod
    def create(
        cls, given: Mapping[str, Any], defaults: Mapping[str, Any] | None = None, rank: int | None = None
    ) -> Layer:
        """A layer with the arguments `given`, by name, over `defaults` of the spec, over the kind's own.

        Raises LayerError, its `argument` the faulty one. `rank` is the number of spatial axes that its name fixes.
        """
        layer = cls(*cls.valued(given, defaults), rank)
        layer.check()
        return layer

    @classmethod
    def valued(
        cls, given: Mapping[str, Any], defaults: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], frozenset[str]]:
        """The value of every argument, in the order of `args`, and those that are said against a default of the spec:
        a description names them even where they are the kind's own. Raises LayerError.
        """
        values: dict[str, Any] = {}
        kind = cls.kind
        insisted = frozenset(given).intersection(defaults) if defaults else _NONE
        defaults = cls.applicable(given, defaults) if defaults else {}
        for name, arg, default in cls.declared:
            if name in given:
                values[name] = arg.convert(given[name], kind)
            elif name in defaults:
                values[name] = defaults[name]
            elif default is REQUIRED:
                number = name if name.endswith("s") else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
                raise LayerError(f"{kind} needs {number}", missing=name)
            else:
                values[name] = default
        return values, insisted

    @classmethod
    def applicable(cls, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> Mapping[str, Any]:
        """The defaults of the spec that go with the arguments `given`: of arguments that exclude each other, one."""
        for names in cls.exclusive:
            said = next((name for name in names if name in given), None)
            if said is not None:
                defaults = {name: value for name, value in defaults.items() if name not in cls.barred(said, names)}
        return defaults

    @classmethod
    def barred(cls, said: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """The arguments whose defaults do not go with `said`, one of the exclusive `names`."""
        return tuple(name for name in names if name != said)

    # --- what a kind may say ------------------------------------------------------------------------

    def check(self) -> None:
        """Raises LayerError where arguments contradict each other, whatever the input: of exclusive ones one counts."""
        for names in self.exclusive:
            given = [name for name in names if getattr(self, name) is not None]
            if len(given) > 1:
                message = f"{self.kind} has either {given[0]} or {given[1]}, not both"
                raise LayerError(message, given[1], code="argument")
            if not given:
                raise LayerError(f"{self.kind} needs {' or '.join(f'{name}=' for name in names)}", missing=names[0])

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        """The output shape. Raises LayerError."""
        return inputs[0]

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        """The learned tensors by name, with their shapes."""
        return ()

    def buffers(self, inputs: tuple[Shape, ...]) -> int:
        """Elements of running statistics: stored, not learned."""
        return 0

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Multiply-accumulates of one sample, by the default convention (counting.md)."""
        return 0

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        """What this kind adds to the quantities that all have: its own products and traits."""
        return Quantities({})

    def notices(self, inputs: tuple[Shape, ...], output: Shape) -> list[Remark]:
        """Warnings and notes about this geometry."""
        return []

    def filter(self, inputs: tuple[Shape, ...]) -> Shape | None:
        """Filters x channels that one spans x kernel, for what has filters."""
        return None

    def formulas(self, shape: Shape, spaced: bool) -> list[str]:
        """The size formula of every spatial axis of an input of `shape`, with figures and result: ``(224-11+2*2)/4+1 =
        55``, or as a sentence has it with the floor, where `spaced`; none where there is none. Raises LayerError.
        """
        return [f"{window.formula(spaced=spaced)} = {window.output}" for window in self.windows(shape)]

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """The windows that slide over each spatial axis of an input of `shape`, if any do. Raises LayerError."""
        return ()

    def steps(self, shape: Shape) -> tuple[Reach, ...] | None:
        """What an output reads along every spatial axis of an input of `shape`; None where the axes are mixed."""
        return tuple(Taps(size) for size in shape[1:])

    def path_steps(self, number: int, shapes: tuple[Shape, ...]) -> tuple[Reach, ...] | None:
        """What an output reads along every spatial axis of the input with that `number`, of those of `shapes`."""
        return self.steps(shapes[number])

    # --- what follows -------------------------------------------------------------------------------

    def formula(self, inputs: tuple[Shape, ...]) -> str:
        """The size formulas in short, equal ones once; empty where there are none."""
        return ", ".join(dict.fromkeys(self.formulas(inputs[0], spaced=False)))

    def axis_formula(self, shape: Shape, axis: int) -> str:
        """The size formula of one spatial axis, in a sentence's form; empty where there is none."""
        formulas = self.formulas(shape, spaced=True)
        return formulas[axis] if formulas else ""

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        """How the size of an axis of the output comes about, with figures: ``16*5*5 = 400``; empty where nothing is
        worked out, because the size stays.
        """
        if axis == 0 or len(output) != len(inputs[0]):
            return ""
        return self.axis_formula(inputs[0], axis - 1)

    def blind(self, shape: Shape) -> bool:
        """Whether an output may read padding only, on an input of `shape`."""
        return any(window.blind for window in self.windows(shape))

    def result(self, inputs: tuple[Shape, ...], remarked: bool = True) -> Result:
        """All that is counted of this layer on `inputs`, with its notices where it is `remarked`. Raises LayerError."""
        if self.rank is not None:
            self.check_rank(inputs)
        output = self.output(inputs)
        if remarked and output in inputs[:1]:
            output = inputs[0]  # the very same: most layers keep the shape, and one tuple is enough
        params = 0
        if self.learns:
            for _, shape in self.weights(inputs, output):
                params += prod(shape)
        notices = tuple(self.notices(inputs, output)) if remarked else ()
        return Result(output, params, self.buffers(inputs), self.macs(inputs, output), notices)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        """What conventions count from, of one sample."""
        values = {
            "I": sum(map(prod, inputs)),
            "O": prod(output),
            "params": sum(prod(shape) for _, shape in self.weights(inputs, output)),
        }
        own = self.own_quantities(inputs, output)
        rank = (f"{len(inputs[0]) - 1}-D",) if inputs else ()
        return Quantities(values | own.values, frozenset((*rank, *own.traits)))

    def check_rank(self, inputs: tuple[Shape, ...]) -> None:
        """Raises LayerError where the name under which the layer was written fixes another rank."""
        if self.rank is None or not inputs:
            return
        rank = len(inputs[0]) - 1
        if rank != self.rank and not (self.kind == "bn" and self.rank == 1 and rank == 0):
            raise LayerError(
                (f"the name fixes {how_many(self.rank, 'spatial axis')}, but the input ", inputs[0], f" has {rank}"),
                help=f"write '{self.kind}', which fits any",
            )

    def describe(self, rank: int, layout: str = "chw") -> str:
        """The layer as a spec has it: ``conv 64 11x11 stride=4 pad=2``; shapes in `layout`."""
        words = [self.kind]
        insisted = self.insisted
        for name, arg, default in self.declared:
            value = getattr(self, name)
            if arg.position is not None and not arg.keyed:
                if value is not None:
                    words.append(arg.show(value, rank, layout))
            elif value != default or name in insisted:
                words.append(f"{name}={arg.show(value, rank, layout)}")
        return " ".join(words)


def spatial(shape: Shape, kind: str) -> Shape:
    """The spatial sizes of `shape`. Raises LayerError for a vector."""
    if len(shape) < 2:
        raise RankError(
            f"{kind} needs spatial axes, but its input is the vector {shape[0]}",
            help=("'reshape' gives it some: for example 'reshape ", picture(shape[0]), "'"),
        )
    return shape[1:]


def per_axis(value: Any, shape: Shape, argument: str) -> tuple[Any, ...]:
    """`value` once an axis: a number stands for every spatial axis of `shape`, a size must have as many."""
    rank = len(shape) - 1
    if not isinstance(value, Size):
        return (value,) * rank
    if len(value) == rank:
        return tuple(value)
    numbers, axes = how_many(len(value), "number"), how_many(rank, "spatial axis")
    raise LayerError(
        (f"{argument} {spell(value)} has {numbers}, but the input ", shape, f" has {axes}"), argument=argument
    )
