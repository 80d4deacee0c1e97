"""Writes the cases anew, with what is printed today: python tests/cases/record.py [NAME …]. Then read `git diff`."""

import os
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from cases.case import FOLDER, cases  # noqa: E402

if __name__ == "__main__":
    folders = [FOLDER, FOLDER.parent / "cli" / "cases", *sorted(FOLDER.parent.glob("features/*/cases"))]
    for case in [case for folder in folders for case in cases(folder)]:
        if not sys.argv[1:] or case.path.stem in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                case.record(case.run())
                os.chdir("/")
