"""What a GitHub runner would obey, and what it then finds."""

import re

from hypothesis import given
from hypothesis import strategies as st

from cnncalc.render.github import disarmed

# actions/runner, src/Runner.Common/ActionCommand.cs: TryParseV2 trims the line and wants "::" at its start; TryParse
# takes "##[" wherever it stands.
LINES = st.lists(
    st.text(":#[] \t\u200da=") | st.sampled_from(["::error::x", "##[add-mask]x", "  ::group::", "##[[", ":::"])
)


def obeyed(line):
    return line.strip().startswith("::") or "##[" in line


def test_commands_become_words():
    assert (
        disarmed("  ::set-output name=a::b\n    4 | relu ##[error]c")
        == "  : :set-output name=a::b\n    4 | relu # [error]c"
    )


def test_what_is_no_command_stays():
    text = "main.txt:3:1: error: a::b\n# [x]\n#[y]\n"
    assert disarmed(text) == text


@given(LINES)
def test_nothing_is_left_to_obey(lines):
    text = "\n".join(lines)
    shown = disarmed(text)
    assert not any(map(obeyed, shown.split("\n")))
    assert re.sub(r"\s", "", shown.replace("##", "#")).replace(":", "") == re.sub(
        r"\s", "", re.sub(r"##\[", "#[", text).replace("##", "#")
    ).replace(":", "")
