"""Numbers and their units, as options take them and as a spec has them."""

import pytest

from cnncalc.spec.literals import as_spelled
from cnncalc.spec.rows import read_content
from cnncalc.spec.words import Fault


@pytest.mark.parametrize(
    ("text", "of_bytes", "of_numbers"),
    [
        ("512", "512", "512"), ("5k", "5k", "5k"), ("5K", "5k", "5k"), ("5M", "5M", "5M"), ("5 K", "5k", "5k"),
        ("5KB", "5k", "5KB"), ("512kb", "512k", "512kb"), ("512KB", "512k", "512KB"), ("5mb", "5M", "5mb"),
        ("5 GB", "5G", "5 GB"), ("1.5tb", "1.5T", "1.5tb"), ("64kib", "64KiB", "64kib"), ("64KIB", "64KiB", "64KIB"),
        ("64KiB", "64KiB", "64KiB"), ("2 gib", "2GiB", "2 gib"), ("5Ki", "5Ki", "5Ki"), ("kb", "kb", "kb"),
        ("5kbs", "5kbs", "5kbs"), ("5b", "5b", "5b"), ("", "", ""),
    ],
)  # fmt: skip
def test_units_as_people_write_them(text, of_bytes, of_numbers):
    assert (as_spelled(text, True), as_spelled(text, False)) == (of_bytes, of_numbers)


@pytest.mark.parametrize(
    ("line", "statement"),
    [
        ("require params <", "require"), ("require", "require"), ("require: params < 5M", None), ("let x", "let"),
        ("let:", None), ("letx = (", None), ("requireé params", None), ("require = 3", "require"), ("conv 3,", None),
        ("output 10", "output"), ("use", "use"),
    ],
)  # fmt: skip
def test_a_fault_knows_the_statement_that_it_is_in(line, statement):
    """Of a requirement that cannot be read a check says so by its name."""
    with pytest.raises(Fault) as caught:
        read_content(line)
    assert caught.value.statement == statement
