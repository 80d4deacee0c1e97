"""Every case prints what it printed when it was recorded; record.py writes them anew."""

import pytest

from cases.case import cases
from cnncalc.cli.commands import COMMANDS
from cnncalc.spec.words import HEADERS, MERGES, STATEMENTS

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[case.path.stem for case in CASES])
def test_a_case_prints_what_it_did(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert case.run() == case.steps


def test_the_cases_cover_the_language_and_the_commands():
    specs = "\n".join(text for case in CASES for text in case.files.values()).replace(":", " ").split()
    assert {*HEADERS, *MERGES, *STATEMENTS} <= set(specs)
    commands = {step.command.split()[1] for case in CASES for step in case.steps}
    assert set(COMMANDS) <= commands
