"""`cnncalc new`: where it writes, what it says on the side, what it offers to complete."""

from pathlib import Path

import pytest
from click import Context

from cnncalc.features.new.command import _missing, command

pytestmark = pytest.mark.usefixtures("folder")


def test_what_is_said_of_a_file_goes_beside_the_results(run):
    result = run("new", "lenet5", "-o", "lenet.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "wrote lenet.txt: 'cnncalc shapes lenet.txt' shows it\n"
    assert Path("lenet.txt").read_text("utf-8") == run("new", "@lenet5").stdout


def test_files_that_it_uses_are_looked_for_beside_it(run):
    Path("nets").mkdir()
    missing = "it uses dilated_resnet.txt: 'cnncalc new dilated_resnet -o dilated_resnet.txt' writes that, too\n"
    assert run("new", "fcn_resnet50", "-o", "nets/one.txt").stderr.endswith(missing)
    Path("dilated_resnet.txt").touch()
    assert run("new", "fcn_resnet50", "-o", "nets/two.txt").stderr.endswith(missing)
    Path("nets/dilated_resnet.txt").touch()
    assert run("new", "fcn_resnet50", "-o", "nets/three.txt").stderr.count("\n") == 1


def test_completion_offers_the_examples_with_their_titles():
    (name,) = (one for one in command.params if one.name == "name")
    found = name.shell_complete(Context(command), "resnet")
    assert [item.value for item in found] == ["resnet18", "resnet50"]
    assert all(item.help.startswith("ResNet-") for item in found)


def test_blanks_around_a_used_file_are_not_its_name():
    assert _missing("use  a b.txt \nuse c.txt\n# use d.txt\n  use e.txt\n", "out.txt") == ["a b.txt", "c.txt"]
