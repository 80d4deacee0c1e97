"""The whole pages of the commands: what stands in the folder `cases` of each feature's tests.

They are recorded: python tests/cases/record.py writes them anew. Then read `git diff`.
"""

from pathlib import Path

import pytest

from cases.case import cases

FOLDERS = sorted(Path(__file__).parent.glob("*/cases"))
CASES = [case for folder in FOLDERS for case in cases(folder)]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.path.parents[1].name}-{case.path.stem}" for case in CASES])
def test_pages_are_what_they_were(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert case.run() == case.steps


def test_there_are_pages_of_every_feature_that_has_some():
    assert {"compare", "conventions", "diff", "explain", "layers", "memory", "new"} <= {
        folder.parent.name for folder in FOLDERS
    }
