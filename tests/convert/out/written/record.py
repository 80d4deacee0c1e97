"""Writes the records anew, with what is written today: python tests/convert/out/written/record.py [FILE …]."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[4]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from convert.out.written.records import FOLDER, keys, text_of, written  # noqa: E402

if __name__ == "__main__":
    found: dict[str, list[str]] = {}
    for file, name in keys():
        if not sys.argv[1:] or file in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                text = written(text_of(file, name), file.rpartition("-")[2], Path(folder))
            found.setdefault(file, []).append(f"### {name}\n{text}")
    for file, texts in found.items():
        (FOLDER / f"{file}.txt").write_text("\n".join(texts), "utf-8")
