"""Small immutable records: what :class:`typing.NamedTuple` makes, a tenth of its price to define.

Start-up is a feature, and the syntax, the network and the faults are made of some eighty kinds of record.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, dataclass_transform

try:  # the getter of collections.namedtuple: in C, where there is one
    from _collections import _tuplegetter as _getter  # type: ignore[import-not-found]
except ImportError:  # pragma: no cover

    def _getter(index: int, doc: str | None) -> Any:
        from operator import itemgetter

        return property(itemgetter(index), doc=doc)


@dataclass_transform(frozen_default=True)
class Record(tuple[Any, ...]):
    """A tuple whose items have names: the annotated attributes of the class, in their order, with their defaults.

    ``make(Kind, (a, b))`` is the constructor where all items are there and time counts.
    """

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        own = vars(cls).get("__annotations__")
        if not own:
            return
        cls._fields = tuple(own)
        cls._defaults = {name: vars(cls)[name] for name in own if name in vars(cls)}
        for index, name in enumerate(own):
            setattr(cls, name, _getter(index, None))

    def __new__(cls, *values: Any, **named: Any) -> Self:
        if named or len(values) != len(cls._fields):
            values = cls._filled(values, named)
        return tuple.__new__(cls, values)

    @classmethod
    def _filled(cls, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """The items from positional and named ones, over the defaults. Raises TypeError as a function would."""
        rest = cls._fields[len(values) :]
        found = {**cls._defaults, **named} if named else cls._defaults
        try:
            filled = (*values, *[found[name] for name in rest])
        except KeyError:
            filled = ()
        if len(filled) != len(cls._fields) or (named and not named.keys() <= set(rest)):
            missing, odd = [name for name in rest if name not in found], named.keys() - rest
            raise TypeError(f"{cls.__name__}({', '.join(cls._fields)}): missing {missing}, unexpected {sorted(odd)}")
        return filled

    def _replace(self, **changes: Any) -> Self:
        """The record with some items changed. Raises TypeError as a function would."""
        items = self._asdict() | changes
        return make(type(self), items.values()) if len(items) == len(self) else type(self)(**items)

    def _asdict(self) -> dict[str, Any]:
        """The items by name."""
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        items = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({items})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


#: Makes a record from a tuple of all its items, without a look at them.
make = tuple.__new__
