"""What wrong command lines, options and words are answered with, whole: the cases of the folder `cases`.

They are recorded: python tests/cases/record.py writes them anew. Then read `git diff`.
"""

from pathlib import Path

import pytest

from cases.case import cases

CASES = cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES, ids=[case.path.stem for case in CASES])
def test_pages_are_what_they_were(case):
    assert case.run() == case.steps
