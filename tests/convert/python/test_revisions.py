"""Code of a git revision: what it imports is of the same revision."""

import subprocess

from click.testing import CliRunner

from cnncalc.cli.commands import main


def test_a_revision_reads_what_it_imports_from_itself(tmp_path, monkeypatch):
    def git(*arguments):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=tmp_path, check=True,
                       capture_output=True)  # fmt: skip

    (tmp_path / "models").mkdir()
    block = tmp_path / "models" / "blocks.py"
    block.write_text("import torch.nn as nn\ndef block():\n    return nn.Conv2d(3, 3, 3)\n")
    (tmp_path / "net.py").write_text(
        "import torch.nn as nn\nfrom models.blocks import block\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.a = block()\n    def forward(self, x):\n        return self.a(x)\n"
    )
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    block.write_text("import torch.nn as nn\ndef block():\n    return nn.Conv2d(3, 3, 5)\n")
    monkeypatch.chdir(tmp_path)
    for word, params in (("main:net.py:Net", "84"), ("main:./net.py:Net", "84"), (":net.py:Net", "84")):
        result = CliRunner().invoke(main, ["diff", word, "net.py:Net", "--input", "3x8x8"])
        assert ["parameters", params, "228"] in [line.split()[:3] for line in result.output.splitlines()], word
    block.unlink()
    result = CliRunner().invoke(main, ["diff", "main:net.py:Net", "main:net.py:Net", "--input", "3x8x8"])
    assert result.exit_code == 0, result.output
