"""What `cnncalc shapes` offers for its columns."""

import pytest
from click import Context

from cnncalc.document.columns import BY_NAME
from cnncalc.features.shapes.command import command


def offered(name, text):
    (option,) = (param for param in command.params if param.name == name)
    return {item.value: item.help for item in option.shell_complete(Context(command), text)}


@pytest.mark.parametrize(("name", "text", "values"), [
    ("columns", "+fi", ["+filter", "+field", "+field%"]), ("columns", "layer,-pa", ["layer,-params", "layer,-path", "layer,-params%"]),
    ("columns", "fi", ["filter", "field", "field%"]), ("columns", "*fi", []), ("sort", "fi", ["filter", "field", "field%"]), ("sort", "layer,fi", []),
])  # fmt: skip
def test_columns_with_the_sign_that_was_typed(name, text, values):
    assert list(offered(name, text)) == values


def test_columns_are_described():
    assert offered("columns", "-pa")["-params"] == BY_NAME["params"].about
    assert list(offered("columns", "")) == list(BY_NAME)
