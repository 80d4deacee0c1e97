"""The weights of an ONNX model: random by a seed, the same on every machine; or none, and their shapes alone."""

from __future__ import annotations

from math import prod, sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import float32
    from numpy.typing import NDArray

#: By what a weight is: the range of its numbers. A kernel's is that with which values neither grow nor vanish.
_RANGES = {"bias": (-0.1, 0.1), "mean": (-0.1, 0.1), "factor": (0.9, 1.1), "variance": (0.9, 1.1),
           "table": (-1.0, 1.0), "slope": (0.1, 0.3)}  # fmt: skip


class Random:
    """Numbers by a seed. The raw numbers of PCG64 are the same in every release of NumPy, and so is what is made of
    them here.
    """

    def __init__(self, seed: int) -> None:
        from numpy.random import PCG64

        self._bits: Any = PCG64(seed)

    def tensor(self, shape: Sequence[int], what: str) -> NDArray[float32]:
        """A tensor of that shape: `what` it is for is a word of _RANGES, or ``kernel:27``, of which so many inputs are
        summed up.
        """
        import numpy

        count = prod(shape)
        raw = self._bits.random_raw((count + 1) // 2).astype("<u8").view("<u4")[:count]
        # 24 bits, which a float holds exactly, in 0..1
        parts = (raw >> 8).astype(numpy.float32) * numpy.float32(2.0**-24)
        kind, _, inputs = what.partition(":")
        if kind == "kernel":
            bound = sqrt(3 / max(int(inputs), 1))
            low, high = -bound, bound
        else:
            low, high = _RANGES[kind]
        made: NDArray[float32] = (parts * numpy.float32(high - low) + numpy.float32(low)).reshape(tuple(shape))
        return made
