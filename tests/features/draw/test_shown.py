"""The picture of a network in Python: printed, shown by a notebook, written into a file."""

from __future__ import annotations

import pytest

import cnncalc

TEXT = """\
input 3x32x32
stage stem:
  conv 8 3 pad=1 | bn | relu
stage body:
  conv 8 3 pad=1
flatten | fc 10
"""


def test_a_network_draws_itself(tmp_path):
    net = cnncalc.loads(TEXT)
    picture = net.draw()
    assert str(picture).startswith("<svg ") and str(picture) == str(net.draw())
    shown, other = picture._repr_svg_(), cnncalc.loads("input 8\nfc 2").draw()._repr_svg_()
    assert shown.split('id="')[1].split('"')[0] != other.split('id="')[1].split('"')[0]
    picture.save(tmp_path / "net.dot")
    assert (tmp_path / "net.dot").read_text().startswith("digraph")
    net.draw("volumes", label="none", color="none").save(tmp_path / "net.svg")
    assert "<polygon" in (tmp_path / "net.svg").read_text()
    with pytest.raises(ValueError, match="does not tell the format"):
        picture.save(tmp_path / "net.xyz")
    with pytest.raises(OSError, match="cannot write"):
        picture.save(tmp_path / "nowhere" / "net.svg")


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"style": "cube"}, "style='cube': one of graph, volumes"), ({"only": "nose"}, "there is no stage 'nose'"),
     ({"depth": 0}, "depth=0"), ({"label": "x"}, "label='x'")],
)  # fmt: skip
def test_what_cannot_be_drawn(asked, said):
    with pytest.raises(ValueError, match=said):
        cnncalc.loads(TEXT).draw(**asked)


def test_a_picture_in_python_is_that_of_the_command(run, folder):
    (folder / "net.txt").write_text(TEXT)
    for asked, words in (
        ({}, ""),
        ({"style": "volumes"}, "--style volumes"),
        ({"depth": 2, "direction": "right"}, "--depth 2 --direction right"),
        ({"depth": 1, "only": "body"}, "--depth 1 --only body"),
        ({"only": "stem", "label": "params", "color": "cost"}, "--only stem --label params --color cost"),
    ):
        shown = cnncalc.load("net.txt").draw(**asked)
        assert str(shown) == run("draw", "net.txt", "--format", "svg", *words.split()).stdout
