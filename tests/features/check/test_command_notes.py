"""The notes of `cnncalc check`: drawn for one spec, counted where there are several."""

UNREAD = "input 1@10\nconv 1 3 stride=2\n"
MORE = f"{UNREAD}require params <= 1  # too small\n"


def test_one_spec_has_its_notes_drawn(run, spec):
    spec(UNREAD)
    assert run("check").stdout == (
        "model.txt:2:1: note: sample 9 is never read by conv: (10 - 3 + 0)/2 is no whole number\n"
        "    2 | conv 1 3 stride=2\n"
        "      | ^^^^^^^^^^^^^^^^^\n"
        "\n"
        "1 spec, 1 passes\n"
    )


def test_notes_on_those_of_several_specs_that_pass_are_counted(run, spec):
    spec(UNREAD, "a.txt")
    spec(UNREAD, "b.txt")
    spec(MORE, "c.txt")
    result = run("check", ".")
    assert result.stdout == (
        "c.txt:2:1: note: sample 9 is never read by conv: (10 - 3 + 0)/2 is no whole number\n"
        "    2 | conv 1 3 stride=2\n"
        "      | ^^^^^^^^^^^^^^^^^\n"
        "c.txt:3:1: error: params 4 is over 1 by 3 (300 %)\n"
        "    3 | require params <= 1  # too small\n"
        "      | ^^^^^^^^^^^^^^^^^^^\n"
        "      = most is in conv1 (4)\n"
        "\n"
        "notes: 2 unread-input\n"
        "       check one spec alone to read its notes; --format concise has all\n"
        "3 specs, 2 pass, 1 fails\n"
    )
    assert result.exit_code == 1
    for form in ("concise", "json", "sarif"):
        assert run("check", ".", "--format", form).stdout.count("sample 9 is never read") == 3
