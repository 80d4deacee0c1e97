"""A new measure is one entry in cnncalc/measures.py: then `require`, limits, comparisons, baselines and JSON have it."""

import json
import subprocess
import sys
from pathlib import Path

from readme import ROOT

#: How many layers have learned weights, as a user may want to know it; added in a process of its own.
ENTRY = 'Measure("learning", "learning layers", "layers that learn: 7", lambda node: node.layer.learns, unit=LAYERS),'
PROGRAM = f"""
import sys, types
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
import cnncalc
source = Path(cnncalc.__file__).with_name("measures.py")
text = source.read_text("utf-8")
mark = '        Measure("output"'
assert text.count(mark) == 1
module = sys.modules["cnncalc.measures"] = types.ModuleType("cnncalc.measures")
module.__package__ = "cnncalc"
exec(compile(text.replace(mark, {ENTRY!r} + "\\n" + mark), str(source), "exec"), vars(module))
from cnncalc.cli import main
main()
"""
NET = "input 3x8x8\nconv 4 3 pad=1 | bn | relu\nconv 8 3 pad=1\n"


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=folder, capture_output=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_one_entry_is_enough(tmp_path):
    (tmp_path / "net.txt").write_text(NET + "require learning <= 3\nrequire learning(x) == 1\nx = conv 8 1\n")
    (tmp_path / "small.txt").write_text(NET)
    assert "learning 4 is over 3 by 1 (33 %)" in run(tmp_path, "check", "net.txt", "--format", "concise", code=1)
    assert "--max-learning N" in run(tmp_path, "check", "--help")
    limited = run(tmp_path, "check", "small.txt", "--max-learning", "2", "--format", "concise", code=1)
    assert "learning 3 is over 2 by 1" in limited
    (tmp_path / "taken.txt").write_text("let learning = 3\n" + NET)
    assert "'learning' is a measure of 'require'" in run(tmp_path, "shapes", "taken.txt", code=2)
    totals = json.loads(run(tmp_path, "diff", "small.txt", "net.txt", "--format", "json"))["totals"]
    assert (totals["learning"]["old"], totals["learning"]["new"]) == (3, 4)
    run(tmp_path, "diff", "small.txt", "net.txt", "--fail-above", "learning=0", code=1)
    models = json.loads(run(tmp_path, "compare", "small.txt", "net.txt", "--format", "json"))["models"]
    assert [one["totals"]["learning"] for one in models] == [3, 4]
    assert "learning" in run(tmp_path, "compare", "small.txt", "net.txt", "--format", "csv").split("\n")[0].split(",")
    (tmp_path / "pyproject.toml").write_text('[tool.cnncalc]\nspecs = ["small.txt"]\n')
    run(tmp_path, "check", "--update-baseline")
    assert '"learning": 3' in (tmp_path / "cnncalc-baseline.json").read_text()
