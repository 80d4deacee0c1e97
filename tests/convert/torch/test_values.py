"""Sizes with the number of samples in them, and where it is once a tensor is cut otherwise."""

import pytest

from cnncalc.convert.torch.values import Samples, Tensor, Unknown, broadcast, joined, number, placed, spelled

N = Samples()


def test_arithmetic():
    assert (Samples(1, 1, 3), Samples(1, 3), 3 * N, 2 * N, 2 * N) == (N * 3, 3 * N, 6 * N // 2, N + N, 3 * N - N)
    assert (6 * N) // N == 6 and (6 * N) % 3 == 0 and N - N == 0 and N + 0 is N and N - 0 is N
    assert [str(one) for one in (N, N * 4, 4 * N * 2)] == ["N", "4*N", "8*N"]
    assert number(Samples(5, 2, 3)) == 30 and N.alone and not (2 * N).alone
    assert N != 1 and hash(2 * N) == hash(N * 2)
    for wrong in (
        lambda: N + 1,
        lambda: 1 + N,
        lambda: N // 2,
        lambda: N % 2,
        lambda: N * 0,
        lambda: 0 * N,
        lambda: N - 1,
        lambda: N - 2 * N,
        lambda: N * N,
    ):
        with pytest.raises(Unknown):
            wrong()


@pytest.mark.parametrize(
    ("before", "made", "found"),
    [
        ((N, 3, 4), (1, 12), "Nx12"),
        ((N, 3, 4), (3, 4), "3*Nx4"),
        ((N, 3, 4), (12,), "12*N"),
        ((3, N, 4), (3, 1, 2, 2), "3xNx2x2"),
        ((3, N, 4), (12,), "12*N"),
        ((N, 3, 4), (6, 2), "6*Nx2"),
        ((Samples(5), 3, 4), (5, 12), "Nx12"),
        ((Samples(5), 3, 4), (15, 4), "3*Nx4"),
        ((Samples(2), 4), (4, 2), "2*Nx2"),
        ((3, 4), (12,), "12"),
        ((N, 4), (N, 2, 2), "Nx2x2"),
    ],
)
def test_where_the_samples_are(before, made, found):
    assert spelled(placed(before, made)) == found


def test_rows_are_found_again():
    rows = placed((N, 7, 5), (7, 5))
    assert spelled(placed(rows, (1, 7, 5))) == "Nx7x5"
    turned = placed((7, N, 5), (7, 5))
    assert spelled(placed(turned, (7, 1, 5))) == "7xNx5"


def test_sizes_that_have_to_be_equal():
    assert joined(2, 2) == 2 and joined(2, 3) is None
    assert joined(Samples(4), 4) == Samples(4) == joined(4, Samples(4))
    assert broadcast([(N, 1, 4), (3, 1)]) == (N, 3, 4) and broadcast([(3,), (4,)]) is None and broadcast([]) == ()


def test_a_tensor():
    tensor = Tensor((3, N, 4), "float32")
    assert (tensor.axis, tensor.place, tensor.sample, tensor.counts) == (1, 1, (3, 4), (3, 1, 4))
    rows = Tensor((Samples(2, 1, 3), 4))
    assert (rows.axis, rows.place, rows.sample) == (None, 0, (6, 4))
    with pytest.raises(Unknown):
        Tensor(None).sizes  # noqa: B018
    assert "unknown" in repr(Tensor(None)) and "3xNx4" in repr(tensor)
