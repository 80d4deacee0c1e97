"""`cnncalc layers`: what it offers to complete, and a kind without an example."""

from click import Context

from cnncalc.document.parts import PIPE, Facts
from cnncalc.features.layers.command import command
from cnncalc.features.layers.page import one_kind
from cnncalc.layers.activation import Identity


def test_completion_offers_the_kinds_with_what_they_mean():
    (kind,) = (one for one in command.params if one.name == "kind")
    found = kind.shell_complete(Context(command), "dwc")
    assert [(item.value, item.help) for item in found] == [("dwconv", found[0].help)]
    assert found[0].help.startswith("Depthwise")


def test_what_there_is_nothing_to_say_of_has_no_label():
    plain = type("Plain", (Identity,), {"example": "", "remarks": ()})
    (facts,) = (part for part in one_kind(plain).parts(PIPE) if isinstance(part, Facts))
    assert "example" not in [fact.label for fact in facts.facts]
    assert all(fact.lines for fact in facts.facts)
