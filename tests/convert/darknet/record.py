"""Records what Darknet makes of the .cfg files of a folder: python record.py DARKNET [FOLDER]

DARKNET is the program, built from https://github.com/AlexeyAB/darknet (commit 59596d78, `make darknet`), whose `ops`
parses a file and prints the output of each section, and BFLOPs: two a MAC of convolutions, and pools and shortcuts.
Without FOLDER the files beside this one are recorded into recorded.json, which the tests compare; with it, what
cnncalc makes of each file of the folder is compared at once, and nothing is written.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
_DEFAULT = re.compile(r"\w+: Using default '[^']*'\n|Unused field: .*\n")
_SECTION = re.compile(r"^ *(\d+) (?=[A-Za-z(\[])(.*(?:\n(?!  *\d+ [A-Za-z(\[]).*)*)", re.MULTILINE)
_OUTPUT = re.compile(r"-> *(\d+) x *(\d+) x *(\d+)")
_TOTAL = re.compile(r"Total BFLOPS ([\d.]+)")


def told(darknet: str, path: Path) -> dict[str, object] | None:
    """The shapes of the sections, channels first, and the BFLOPs; None where Darknet does not take the file."""
    run = subprocess.run([darknet, "ops", str(path)], capture_output=True, check=False, timeout=120)
    text = _DEFAULT.sub("", run.stderr.decode("utf-8", "replace"))
    total = _TOTAL.search(text)
    if total is None:
        return None
    shapes = {}
    for index, said in _SECTION.findall(text[: total.start()]):
        outputs = _OUTPUT.findall(said)  # of an antialiased section two: its own, and the blur's
        if outputs and not re.search("scale|Crop", said):
            across, down, channels = map(int, outputs[-1])
            shapes[index] = [channels, across, down] if "Local" in said else [channels, down, across]
    return {"shapes": shapes, "bflops": total[1]}


def main() -> int:
    darknet, *folder = sys.argv[1:]
    if not folder:
        recorded = {path.stem: told(darknet, path) for path in sorted((HERE / "cfg").glob("*.cfg"))}
        (HERE / "recorded.json").write_text(json.dumps(recorded, indent=1) + "\n")
        return 0
    sys.path[:0] = [str(HERE.parents[2])]
    from tests.convert.darknet.figures import figures

    wrong = 0
    for path in sorted(Path(folder[0]).rglob("*.cfg")):
        answer = told(darknet, path)
        shapes, bflops = figures(path)
        if answer is None:
            print(f"{path}: Darknet does not take it; read, {bflops:.3f} BFLOPs")
        elif {index: shapes.get(index) for index in answer["shapes"]} != answer["shapes"] or abs(bflops - float(answer["bflops"])) > 0.0015:  # fmt: skip
            wrong += 1
            print(f"{path}: {answer['bflops']} BFLOPs, {bflops:.4f} here")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
