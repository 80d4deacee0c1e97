"""No message says '1 pixels': all that is recorded of commands and readers is searched for a 1 before a plural."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: What is counted in messages.
NOUNS = (
    "arguments arrows axes blanks blocks bytes causes channels columns combinations digits elements entries errors "
    "expectations features fields figures files filters findings groups heads indices inputs layers levels lines "
    "models modules networks nodes notes numbers operations operators outputs parameters paths pieces pixels places "
    "positions products repeats requirements results rounds rows samples scales shapes sizes specs stages starts steps "
    "tensors times tokens tools units values variables variants warnings weights"
)
#: Not a part of a number, of a shape or of a range, nor an argument of a layer (`groups=`).
WORDS = rf"(?:(?:input|hidden|output|spatial) )?(?:{NOUNS.replace(' ', '|')})"
ONE = re.compile(rf"(?<![\w.,×@/*+~=-])(?<!or )(?<!to )1 {WORDS}\b(?![=_])")
FOLDERS = ("cases", "cli", "convert", "features", "interpret", "measure", "render", "spec")
RECORDED = sorted(path.relative_to(TESTS).as_posix() for folder in FOLDERS for path in (TESTS / folder).rglob("*.txt"))
#: What PyTorch gives, in a notation of the record's own.
RECORDED.remove("convert/python/sources.txt")


@pytest.mark.parametrize("name", RECORDED)
def test_a_single_one_is_no_plural(name):
    assert ONE.findall((TESTS / name).read_text("utf-8")) == []


def test_the_search_finds_what_it_is_for():
    assert ONE.search("centred 1 pixels of the input")
    assert ONE.search("error: 1 numbers in a tensor")
    for said in ("1 pixel of", "11 pixels", "3×1 pixels", "0 or 1 times", "1,001 values", "conv 64 1 groups=2"):
        assert not ONE.search(said), said
