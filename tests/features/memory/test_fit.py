"""What batch fits into a budget, in words: by the sums above it."""

from __future__ import annotations

import pytest

SPECS = {
    "one.txt": "input 3x8x8\nconv 4 3 pad=1 | flatten | fc 5\n", "still.txt": "input 3x8x8\nrelu\n", "local.txt": "input 3x8x8\nconv 3 1 | localconv 2 3\n",
    "op.txt": "input 3x8x8\nop foo shape=4x6x6 | conv 4 3\n",
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        # 1,397 parameters four times (their gradients, two states of Adam), and of each sample 192 + 256 numbers
        (("one.txt", "--fit", "1MiB"), "1 MiB has room for a batch of 572: 1,047,376 bytes"),
        (("one.txt", "--fit", "1kB"), "no batch fits into 1,000 bytes: one sample takes 24,144 bytes"),
        (("one.txt", "--fit", "24kB", "--optimizer", "sgd"), "23.4 KiB has room for a batch of 7: 23,720 bytes"),
        (("one.txt", "--fit", "24.144kB"), "23.6 KiB has room for a batch of 1: 24,144 bytes"),
        (("still.txt", "--fit", "1GiB"), "any batch fits into 1 GiB: nothing of a sample is kept"),
        (("local.txt", "--fit", "1GiB"), "what batch fits into 1 GiB is not known: what PyTorch keeps of 'localconv1' depends on the device, or on how "
                                         "it is made of operations"),
        (("op.txt", "--fit", "1MiB"), "what batch fits into 1 MiB is not known: nothing is known of what 'op1' costs"),
    ],
)  # fmt: skip
def test_what_fits(run, folder, words, sentence):
    for name, text in SPECS.items():
        (folder / name).write_text(text)
    result = run("memory", *words)
    assert result.exit_code == 0
    assert f"  {sentence}\n" in result.stdout


def test_what_costs_nobody_knows_is_no_number(run, folder):
    (folder / "op.txt").write_text(SPECS["op.txt"])
    lines = run("memory", "op.txt", "--train").stdout.splitlines()
    rows = {line.split()[0]: line.split()[1] for line in lines if line.startswith("  ") and len(line.split()) > 1}
    assert [rows[name] for name in ("peak", "parameters", "memory", "flash", "training")] == [
        "1,344",
        "?",
        "?",
        "?",
        "?",
    ]
