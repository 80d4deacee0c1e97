"""The summary of a run: the counts as a heading, and a table of what is wrong, the worst first."""

from cnncalc.diagnostics import ERROR, NOTE, WARNING, Diagnostic
from cnncalc.render.summary import MOST, render
from render.reports import BUSY, FINE, UNKNOWN, UNUSED, report, screen, spec


def test_what_is_wrong_is_a_row_each_the_worst_first():
    note = Diagnostic(NOTE, "unread-input", "nothing reads it")
    text = render(report(BUSY, spec(UNUSED, note, UNKNOWN, file="models/b.txt"), FINE), screen())
    assert (
        text
        == """\
### cnncalc check: 3 specs, 1 passes, 2 fail, 1 warning

|         | where             | what                                                                          |
| ------- | ----------------- | ----------------------------------------------------------------------------- |
| error   | models/edge.txt:3 | unknown layer 'maxpol'                                                        |
| error   | models/edge.txt:3 | expected 64x56x56, got 64x55x55: floor((112 - 3)/2) + 1 = 55                  |
| error   | models/edge.txt:5 | params 5,288,548 is over 5,000,000 by 288,548 (5.8 %)                         |
| error   | models/edge.txt   | macs 700,000,000 is over 600,000,000 by 100,000,000 (16.7 %): --max-macs 600M |
| warning | models/edge.txt:2 | nothing reads '@&#8203;x'                                                     |
"""
    )


def test_where_nothing_is_wrong_there_is_no_table():
    assert render(report(FINE), screen()) == "### cnncalc check: 1 spec, 1 passes\n"
    note = Diagnostic(NOTE, "unread-input", "nothing reads it")
    assert render(report(spec(note)), screen()) == "### cnncalc check: 1 spec, 1 passes\n"


def test_so_many_rows_are_read_and_no_more():
    def shown(count):
        faults = [Diagnostic(ERROR, "syntax", f"fault {number}") for number in range(count)]
        return render(report(spec(*faults)), screen()).splitlines()

    assert (len(shown(MOST)), shown(MOST)[-1].split("|")[3].strip()) == (2 + 2 + MOST, f"fault {MOST - 1}")
    assert shown(MOST + 1)[4:] == [*shown(MOST)[4:], "", "and 1 more finding"]
    assert shown(MOST + 1200)[-1] == "and 1,200 more findings"


def test_nothing_in_it_is_markup_and_a_message_is_a_line():
    fault = Diagnostic(WARNING, "linear-pair", "a *pair*\n of\t<b>two</b> | × @you")
    (row,) = render(report(spec(fault, file="a_b|c.txt")), screen("ascii")).splitlines()[4:]
    assert row.split(" | ")[1:] == [r"a_b\|c.txt", r"a \*pair\* of \<b\>two\</b\> \| x @&#8203;you |"]
