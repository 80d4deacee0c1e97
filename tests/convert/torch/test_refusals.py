"""What is said of calls that PyTorch would not run: the figures, and what fits."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.convert.torch.call import Call
from cnncalc.convert.torch.rules import RULES
from cnncalc.convert.torch.values import Samples, Tensor
from cnncalc.layers import LayerError

N = Samples(1)


@pytest.mark.parametrize(
    ("name", "args", "said", "help"),
    [
        ("view", ((N, 400), -1, 401), "Nx400 has N*400 values, which the 401 of [-1, 401] do not divide", "[-1, 400] fits"),
        ("view", ((N, 6272), -1, 129, 7, 7), "Nx6272 has N*6,272 values, which the 6,321 of [-1, 129, 7, 7] do not divide",
         "[-1, 128, 7, 7] fits"),
        ("reshape", ((N, 12), N, 5, 3), "Nx12 has N*12 values, and [N, 5, 3] has N*15", "[N, 4, 3] fits"),
        ("reshape", ((N, 7), N, 5, 3), "Nx7 has N*7 values, and [N, 5, 3] has N*15", None),
        ("cat", ([(N, 3, 4, 4), (N, 5, 4, 4)], 2), "Nx3x4x4 and Nx5x4x4 do not go together along axis 2: 3 and 5 on axis 1",
         "they go together along dim=1"),
        ("cat", ([(N, 3), (N, 5)], 2), "dim=2 of tensors with 2 axes: Nx3 and Nx5", "they go together along dim=1"),
        ("cat", ([(N, 3, 4), (N, 5, 6)], 1), "Nx3x4 and Nx5x6 do not go together along axis 1: 4 and 6 on axis 2", None),
        ("conv_transpose2d", ((N, 8, 5, 5), Tensor((8, 4, 3, 3)), None, 2, 1, 0, 1, 1, [12, 10]),
         "output_size=12: from 5 come 9 to 10", None),
        ("instance_norm", ((N, 8, 1, 1),), "a channel of Nx8x1x1 has one value, which has no variance", None),
    ],
)  # fmt: skip
def test_refusals(name: str, args: tuple[Any, ...], said: str, help: str | None) -> None:
    first, *rest = args
    given = [Tensor(one) for one in first] if isinstance(first, list) else Tensor(first)
    with pytest.raises(LayerError) as error:
        RULES[name](Call(name, None, 1), given, *rest)  # type: ignore[arg-type]
    assert (str(error.value), error.value.help) == (said, help)


@pytest.mark.parametrize(
    ("equation", "shapes", "macs"),
    [
        ("bhid,bhjd->bhij", [(N, 4, 7, 8), (N, 4, 9, 8)], 4 * 7 * 9 * 8),
        ("i,j->ij", [(5,), (6,)], 0),
        ("bij,bjd->bid", [(N, 3, 1), (N, 1, 4)], 0),
        ("ij,jk->k", [(3, 4), (4, 5)], 4 * 5),
        ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 5)], 2 * 3 * 4 + 2 * 4 * 5),
        ("bii->b", [(N, 3, 3)], 0),
    ],
)
def test_macs_of_equations(equation: str, shapes: list[Any], macs: int) -> None:
    """As half of PyTorch's counter has them: a product without a sum is no MAC."""
    answer = RULES["einsum"](Call("einsum", None, 1), equation, *map(Tensor, shapes))  # type: ignore[arg-type]
    assert answer.macs == macs
