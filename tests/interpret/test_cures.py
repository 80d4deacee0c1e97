"""The help of a fault cures what is wrong, and not what only follows from it, or would merely pass."""

from __future__ import annotations

import pytest

from tests.helpers import fault, network

CURES = [
    ("input 128x8x25\nlstm 256", "put 'reshape 1024x25' before it where columns are the steps, or 'tokens' where pixels are"),
    ("layout hwc\ninput 8x25x128\nlstm 256",
     "put 'reshape 25x1024' before it where columns are the steps, or 'tokens' where pixels are"),
    ("input 37@25\nlstm 256\nfc 37",
     "write 'conv 37 1' for one product at every step, or put 'flatten' before it (6,400 values)"),
    ("input 3x32x32\nflatten | relu | conv 6 3", "put the 'flatten' of line 2 behind the last layer that needs spatial axes"),
    ("input 784\nconv 6 3", "for pictures write 'input 1x28x28' above"),
    ("layout hwc\ninput 3072\nconv 6 3", "for pictures write 'input 32x32x3' above"),
    ("input 100\nfc 6272 | upconv 3 2", "'reshape' gives it some: for example 'reshape 2x56x56'"),
    ("input 7\nconv 6 1", "'reshape' gives it some: for example 'reshape 7x1x1'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "help"), CURES, ids=[row[1] for row in CURES])
def test_what_cures_it_is_said(text: str, help: str) -> None:
    assert fault(text).help == help


@pytest.mark.parametrize(
    "mended",
    [
        "input 128x8x25\nreshape 1024x25\nlstm 256", "layout hwc\ninput 8x25x128\nreshape 25x1024\nlstm 256 -> 25x256",
        "input 37@25\nlstm 256\nconv 37 1", "layout hwc\ninput 32x32x3\nconv 6 3", "input 100\nfc 6272 | reshape 2x56x56",
    ],
)  # fmt: skip
def test_the_cure_holds(mended: str) -> None:
    assert not network(mended).diagnostics


@pytest.mark.parametrize("text", ["input 1x28x28\nconv 6 5 | maxpool 2\nfc 120", "input 37@25\nlstm 256\nfc 37"])
def test_no_size_is_advised_where_a_layer_is_missing(text: str) -> None:
    assert fault(text).notes == ()


def test_a_size_is_advised_where_it_is_the_cure() -> None:
    assert fault("input 1x8x8\nconv 6 9").notes == ("the network takes height = width: any from 9 up",)


def test_what_follows_from_a_failed_expectation_says_so() -> None:
    text = "input 3x224x224\nconv 96 11 stride=4 -> 96x55x55\nmaxpool 3 stride=2 -> 96x27x27\nconv 256 5 pad=2 -> 256x27x27"
    first, *others = [one for one in network(text).diagnostics if one.code == "expectation-failed"]
    assert first.help == "55 with pad=2 or 3, an input of 227..230, or a kernel of 5..8"
    assert [one.help for one in others] == ["this follows from line 2"] * 2


def test_a_fault_of_its_own_behind_another_is_answered_for_itself() -> None:
    text = "input 3x224x224\nconv 96 11 stride=4 -> 96x55x55\nmaxpool 3 stride=2 -> 96x28x28"
    assert "line 2" not in (network(text).diagnostics[-1].help or "")


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("input 6x24x24\nconv 5 6 | relu -> 6x20x20", "conv 6 5"),
        ("layout hwc\ninput 24x24x6\nconv 5 6 -> 20x20x6", "conv 6 5"),
    ],
)  # fmt: skip
def test_filters_and_kernel_in_each_others_place(text: str, help: str) -> None:
    assert f"'{help}" in (fault(text).help or "")


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("x = self.pool(F.relu(self.conv1(x)))",
         "put the lines of 'conv1' and 'pool' here: a spec has each layer where it runs"),
        ("x = self.fc1(x)", "put the line of 'fc1' here: a spec has each layer where it runs"),
        ("return x", "leave it out: what the last line gives is the output"),
    ],
)  # fmt: skip
def test_a_forward_function_is_told_where_its_layers_stand(line: str, help: str) -> None:
    assert fault(f"input 3x8x8\n{line}").help == help
