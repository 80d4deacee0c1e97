"""The whole pages of 'cnncalc conventions'.

They are recorded: python tests/cases/record.py writes them anew. Then read `git diff`.
"""

from pathlib import Path

import pytest

from cases.case import cases

CASES = cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES, ids=[case.path.stem for case in CASES])
def test_pages_are_what_they_were(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert case.run() == case.steps
