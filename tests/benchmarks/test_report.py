"""What the benchmark prints."""

import json

import pytest

from benchmarks import report
from benchmarks.bench import Column, Part, Table, Target
from benchmarks.figures import Spread

COLUMNS = (Column("command"), Column("ms", "ms"), Column("×", "×"), Column("MiB", "MiB"), Column("n", "n"))
ROW = ("cnncalc", Spread(0.0456, 0.0449, 0.0461), 1.25, 3 * 2**20, 1234)
PARTS = [
    Part(
        [Table("Start-up", COLUMNS, [ROW, ("fails | here", None, None, None, None)], "In turns.")],
        [
            Target("a ÷ b", Spread(1.0949, 1.08, 1.1), 1.15),
            Target("b ÷ a", Spread(2.0, 1.9, 2.6), 2.5, least=True, remark="least: a"),
            Target("growth", 1.052, 1.05, "e"),
            Target("memory", 1024.0, 1024.0, "B"),
            Target("unknown", None, 2.0),
        ],
    )
]
EXPECTED = """\
- date: today

### Targets

| what | measured | target |  |  |
| --- | --- | --- | --- | --- |
| a ÷ b | 1.09 (1.08–1.10) | ≤ 1.15 × | met |  |
| b ÷ a | 2.00 (1.90–2.60) | ≥ 2.5 × | **not met** | least: a |
| growth | 1.052 | ≤ 1.05 | **not met** |  |
| memory | 1,024 | ≤ 1024 B a layer | met |  |
| unknown | not measured | ≤ 2 × | – |  |

### Start-up

In turns.

| command | ms | × | MiB | n |
| --- | ---: | ---: | ---: | ---: |
| cnncalc | 45.6 (44.9–46.1) | 1.25 | 3.00 | 1,234 |
| fails \\| here |  |  |  |  |
"""


def test_the_document():
    assert report.document(PARTS, {"date": "today"}) == EXPECTED


def test_for_programs():
    found = json.loads(json.dumps(report.plain(PARTS, {"date": "today"})))
    assert found["machine"] == {"date": "today"}
    assert [one["met"] for one in found["targets"]] == [True, False, False, True, None]
    assert found["targets"][0]["measured"] == {"median": 1.0949, "low": 1.08, "high": 1.1}
    assert found["tables"][0]["rows"][0]["ms"] == {"median": 0.0456, "low": 0.0449, "high": 0.0461}
    assert found["tables"][0]["rows"][1]["ms"] is None


def test_written_between_the_markers(tmp_path):
    file = tmp_path / "README.md"
    file.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", "utf-8")
    for text in ("new", "newer"):
        report.write(text, file)
        assert file.read_text("utf-8") == f"before\n{report.BEGIN}\n\n{text}\n{report.END}\nafter\n"


@pytest.mark.parametrize("text", ["nothing", report.BEGIN, report.END, f"{report.END}{report.BEGIN}"])
def test_a_document_without_a_place_stays_as_it_is(text, tmp_path):
    file = tmp_path / "README.md"
    file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="no place"):
        report.write("new", file)
    assert file.read_text("utf-8") == text
