"""Where no single argument gives a wanted shape: variables and the size of the input that do together."""

import pytest

SPEC = "let w = 8\ninput 3x32x32\nconv w 3 | relu\nconv 2*w 3 stride=2 | relu\nmaxpool 2\n"


@pytest.mark.parametrize(("shape", "answer"), [
    ("24x9x9", "24x9x9 with w=12 and an input of 3x39x39"),
    ("40x7x7", "40x7x7 with w=20"),
    ("7x7x7", "no single argument gives 7x7x7"),
])  # fmt: skip
def test_settings_that_give_a_shape(run, folder, shape, answer):
    (folder / "net.txt").write_text(SPEC)
    result = run("explain", "net.txt", "maxpool1", "--want", shape)
    assert f"wanted         {answer}\n" in result.stdout
    if " with " in answer and "input" in answer:
        assert f"{shape}" in run("shapes", "net.txt", "--set", "w=12", "--input", "3x39x39").stdout.replace("×", "x")
