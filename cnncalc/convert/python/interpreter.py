"""The interpreter: what it keeps while it follows the code, its bounds, and the way to every part of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .faults import Raised, Stop, Undecided
from .frames import NameFrame
from .values import Instance, Place, UnknownReached, UnknownValue, Value

if TYPE_CHECKING:
    from .imports import Imports

#: Statements, calls and rounds that are followed in all, and since the last layer was made or run: a table of relative
#: positions in a window of 14x14, made in Python loops, takes 192,000.
MAX_STEPS = 1_500_000
MAX_IDLE_STEPS = 250_000
#: Calls in calls.
MAX_DEPTH = 180
#: Elements of a list, characters of a text, bits of a number.
MAX_ITEMS = 1_000_000
MAX_BITS = 10_000
#: What an operation of the host may raise, which then is an exception of the code.
HOST = (
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
    AttributeError,
    StopIteration,
    RuntimeError,
    AssertionError,
)


class Evaluator:
    """Follows code. `imports` finds modules; `torch` is the rules of a library that keep something of a run."""

    def __init__(self, imports: Imports, settings: dict[str, Value] | None = None) -> None:
        from .attributes import attribute
        from .calls import call
        from .comprehensions import COMPREHENSIONS
        from .exceptional import EXCEPTIONAL
        from .expressions import EXPRESSIONS
        from .operators import truth
        from .standard.builtins import BUILTINS
        from .statements import STATEMENTS

        self.imports = imports
        #: Values of names that the code does not define.
        self.settings = settings or {}
        self.steps = self.idle = 0
        #: How many steps there may be by now, and how many there may be of what is run now.
        self.most = self.allowed = MAX_STEPS
        #: The frames of the calls that are being run, and what called them.
        self.calls: list[tuple[NameFrame, ast.AST | None]] = []
        #: What rules of libraries keep, by name.
        self.kept: dict[str, Any] = {}
        #: How many `try` around here catch that a module is missing.
        self.catching_imports = 0
        self._expressions = {**EXPRESSIONS, **COMPREHENSIONS}
        self._statements = {**STATEMENTS, **EXCEPTIONAL}
        #: The names of Python itself.
        self.builtins = BUILTINS
        self._attribute, self._call, self._truth = attribute, call, truth

    # --- bounds -------------------------------------------------------------------------------------

    def step(self, count: int = 1) -> None:
        """Takes note of so much work. Raises Stop where it is more than any model's."""
        self.steps += count
        self.idle += count
        if self.idle > MAX_IDLE_STEPS or self.steps > self.most:
            limit = MAX_IDLE_STEPS if self.idle > MAX_IDLE_STEPS else self.allowed
            raise Stop(f"this runs for more than {limit:,} steps", self.here(), code="python-bound")

    def progress(self) -> None:
        """Takes note that a layer was made or run: what goes on is no idle loop."""
        self.idle = 0

    def here(self) -> Place | None:
        """The place of what is being run."""
        for frame, _ in reversed(self.calls):
            if frame.node is not None:
                return Place(frame.module.file, frame.node)
        return None

    # --- running ------------------------------------------------------------------------------------

    def evaluate(self, node: ast.expr, frame: NameFrame) -> Value:
        """The value of an expression. Raises Raised, Stop."""
        return self._expressions[type(node)](self, node, frame)

    def run(self, body: Sequence[ast.stmt], frame: NameFrame) -> str | None:
        """Runs statements; a signal of statements.py where they end the body around them. Raises Raised, Stop."""
        for statement in body:
            self.step()
            frame.node = statement
            try:
                signal = self._statements[type(statement)](self, statement, frame)
            except UnknownReached as reached:
                raise Undecided("what is done here", reached.value, Place(frame.module.file, statement)) from None
            if signal is not None:
                return signal
        return None

    def call(self, function: Value, args: Sequence[Value] = (), kwargs: dict[str, Value] | None = None) -> Value:
        """What a call gives. Raises Raised, Stop."""
        return self._call(self, function, list(args), kwargs or {})

    def attribute(self, value: Value, name: str) -> Value:
        """An attribute. Raises AttributeError; Raised, Stop."""
        return self._attribute(self, value, name)

    def has(self, value: Value, name: str) -> bool:
        """Whether there is an attribute."""
        try:
            self.attribute(value, name)
        except AttributeError:
            return False
        except Raised as raised:
            if raised.value.cls.name != "AttributeError":
                raise
            return False
        return True

    # --- looking into values ------------------------------------------------------------------------

    def truth(self, value: Value, what: str = "what is done here") -> bool:
        """Whether a value counts as true. Raises Stop where that cannot be told."""
        if value is True or value is False:
            return value
        try:
            return self._truth(self, value)
        except UnknownReached as reached:
            raise Undecided(what, reached.value, self.here()) from None

    def items(self, value: Value) -> Iterator[Value]:
        """The items of what can be looped over, each a step. Raises TypeError, UnknownReached; Raised, Stop."""
        from .iteration import iterate

        for item in iterate(self, value):
            self.step()
            yield item

    def listed(self, value: Value) -> list[Value]:
        """The same, all of them."""
        return list(self.items(value))

    def guarded_items(self, value: Value) -> list[Value]:
        """The same, where what cannot be looped over is the code's own fault, and an unknown one ends all."""
        try:
            return self.listed(value)
        except UnknownReached as reached:
            raise Undecided("what is looped over here", reached.value, self.here()) from None
        except HOST as error:
            raise self.host(error) from None

    # --- exceptions ---------------------------------------------------------------------------------

    def exception(self, name: str, *args: Value, place: Place | None = None, help: str | None = None) -> Raised:
        """An exception of the code, and what helps against it."""
        from .standard.builtin_classes import CLASSES

        instance = Instance(CLASSES.get(name) or CLASSES["Exception"])
        instance.data = instance.attributes["args"] = tuple(args)
        return Raised(instance, place or self.here(), help)

    def host(self, error: Exception, place: Place | None = None) -> Raised:
        """What an operation of the host raised, as an exception of the code."""
        args = error.args if isinstance(error, KeyError) else (str(error),)
        help = next(iter(getattr(error, "__notes__", ())), None)
        raised = self.exception(type(error).__name__, *args, place=place, help=help)
        if isinstance(error, AttributeError) and error.name is not None:
            raised.missing = error.obj, error.name
        return raised

    def decided(self, operation: Callable[..., Value], *args: Value) -> Value:
        """The same, where it must not hang on a value that is not known. Raises Raised, Stop."""
        try:
            return operation(*args)
        except UnknownReached as reached:
            raise Undecided("what is done here", reached.value, self.here()) from None
        except HOST as error:
            raise self.host(error) from None

    def guarded(self, operation: Callable[..., Value], /, *args: Value, **kwargs: Value) -> Value:
        """What an operation of the host gives: an unknown value where it looks into one. Raises Raised, Stop."""
        try:
            return operation(*args, **kwargs)
        except UnknownReached as reached:
            return reached.value
        except HOST as error:
            raise self.host(error) from None
        except MemoryError:
            raise Stop("this takes more memory than there is", self.here(), code="python-bound") from None

    def unknown(self, what: str) -> UnknownValue:
        """An unknown value that arises here."""
        return UnknownValue(what, self.here())


def plain(values: Iterable[Value]) -> bool:
    """Whether values are numbers, texts or None."""
    return all(value is None or isinstance(value, int | float | str | complex) for value in values)
