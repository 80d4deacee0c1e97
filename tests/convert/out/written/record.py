"""Writes the records anew, with what is written today: python tests/convert/out/written/record.py [FILE …]."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[4]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from convert.out.written.records import FOLDER, parts, write  # noqa: E402

if __name__ == "__main__":
    for file in dict.fromkeys(file for file, _ in parts()):
        if not sys.argv[1:] or file in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                found = [write(one, names, Path(folder)) for one, names in parts() if one == file]
            texts = [f"### {name}\n{text}" for part in found for name, text in part.items()]
            (FOLDER / f"{file}.txt").write_text("\n".join(texts), "utf-8")
