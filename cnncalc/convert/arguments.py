"""The arguments of a call elsewhere as values of ours, and what the call claims of the tensor that enters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..layers import Layer
from ..values import Size, Word, how_many, one_or_each
from .advice import CLAIMED_AXES, CLAIMED_CHANNELS, CLAIMED_VALUES, Claim
from .forms import FORMS
from .python_values import NotSaid, Variable
from .signatures import CHANNELS, KEYS, REQUIRED, WORKED_OUT, Parameter


class Arguments:
    """Gathers the values of our arguments from a call of `name`, for kinds that the call is composed of."""

    def __init__(self, name: str, kinds: Mapping[str, type[Layer]], said: Mapping[str, Any], rank: int | None) -> None:
        self.name = name
        self.kinds = kinds
        #: The values of all arguments, by their names there, defaults with them.
        self.said = said
        self.rank = rank
        self.claims: list[Claim] = []
        self._values: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
        if rank is not None and not (rank == 1 and "bn" in kinds):
            self.claim(CLAIMED_AXES, rank)

    def claim(self, what: str, number: Any) -> None:
        """Keeps what is said of the tensor that enters, where it is a number."""
        if isinstance(number, int):
            self.claims.append(Claim(self.name, what, number))

    def of(self, kind: str) -> dict[str, Any]:
        """The values for one of the kinds. A factor that is not learned has no constant beside it."""
        values = self._values[kind]
        if values.get("scale") is False and values.get("bias") is False:
            values = {**values, "affine": False}
        if values.get("affine") is False:
            values = {name: value for name, value in values.items() if name not in ("bias", "scale")}
        return values

    def implied(self, values: Mapping[str, Any]) -> None:
        """Takes what the name says."""
        for ours, value in values.items():
            kind, _, argument = ours.rpartition(".")
            self._values[kind or next(iter(self.kinds))][argument] = Word(value) if isinstance(value, str) else value

    def take(self, parameter: Parameter, value: Any, given: bool) -> None:
        """Takes one argument of the call. Raises NotSaid where its value means something else."""
        if value is REQUIRED:
            raise NotSaid(f"{self.name} needs {parameter.name}")
        if parameter.bound and value != parameter.value:
            raise NotSaid(f"no line says {self.name} with {parameter.name}={value!r}")
        if parameter.word in WORKED_OUT:
            self._channels(parameter, value)
        elif parameter.word == CHANNELS:
            self._along_channels(parameter, value)
        elif parameter.word == KEYS and value is not None:
            raise NotSaid("keys and values come from another tensor: 'attention HEADS from=@name' makes them of it")
        elif parameter.ours is not None:
            kind, _, ours = parameter.ours.rpartition(".")
            kind = kind or next(iter(self.kinds))
            made = self._ours(parameter, value, self.kinds[kind].sorts.get(ours, ""), self._values[kind].get(ours))
            if made is not None and (given or made != _default(self.kinds[kind], ours)):
                self._values[kind][ours] = made

    def _channels(self, parameter: Parameter, value: Any) -> None:
        if parameter.word != "C":
            return
        if parameter.form == "heads" and isinstance(value, int) and isinstance(self.said["num_heads"], int):
            value *= self.said["num_heads"]
        self.claim(CLAIMED_VALUES if "fc" in self.kinds else CLAIMED_CHANNELS, value)

    def _along_channels(self, parameter: Parameter, value: Any) -> None:
        """``dim=1`` are the channels; ``dim=-1`` are those of a vector."""
        if isinstance(value, int) and value < 0:
            self.claim(CLAIMED_AXES, -value - 1)
        elif value not in (None, 1):
            cls = next(iter(self.kinds.values()))
            spatial = "axis" in cls.keys and isinstance(value, int) and value > 1
            other = f"; 'axis=' says another axis by its letter: '{cls.kind} axis=H'" * spatial
            raise NotSaid(f"{cls.kind} goes over the channels, which {parameter.name}={value} are not{other}")

    def _ours(self, parameter: Parameter, value: Any, sort: str, before: Any) -> Any:
        if parameter.form:
            return FORMS[parameter.form](self, value, before)
        if value is None or isinstance(value, Variable):
            return value
        if sort == "flag" and value in (0, 1):
            return bool(value)
        if sort == "shape" and isinstance(value, tuple):
            return Size(None if size == -1 else size for size in value)
        return self.sized(value)

    def sized(self, value: Any) -> Any:
        """A number or a word, or one number for every axis."""
        if isinstance(value, tuple):
            if any(not isinstance(one, int | float) for one in value) or not value:
                raise NotSaid(f"{self.name} has a size here that is no number an axis")
            if self.rank is not None and len(value) not in (1, self.rank):
                raise NotSaid(f"{self.name} has {how_many(self.rank, 'axis')}, not {len(value)}")
            return one_or_each(self.sized(one) for one in value)
        if isinstance(value, float):
            return Fraction(repr(value))
        if not isinstance(value, str) or isinstance(value, Variable):
            return value
        return 0 if value.lower() == "valid" else Word(value.lower())


def _default(cls: type[Layer], ours: str) -> object:
    return next((arg.default for arg in cls.args if arg.name == ours), None)
