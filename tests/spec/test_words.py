"""Characters and words: what a line is cut into."""

import pytest

from cnncalc.spec.words import (
    MAX_NAME,
    Fault,
    Lexeme,
    check_name,
    is_blank,
    is_digits,
    is_name,
    plain,
    shorten,
    split,
    strip_comment,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  \t ", []),
        ("conv 64 3", ["conv", "64", "3"]),
        (" conv\t64 ", ["conv", "64"]),
        ("a|b->c", ["a", "|", "b", "->", "c"]),
        ("a | b -> c", ["a", "|", "b", "->", "c"]),
        ("a-b a- >b --> -", ["a-b", "a-", ">b", "-", "->", "-"]),
        ("conv (a + b) 3", ["conv", "(a + b)", "3"]),
        ("conv (a|b)->c", ["conv", "(a|b)", "->", "c"]),
        ("f(a, (b c))d e", ["f(a, (b c))d", "e"]),
        ('use "a b(" c', ["use", '"a b("', "c"]),
        ('a"b | c"d|e', ['a"b | c"d', "|", "e"]),
        ('(a "b) c" d) e', ['(a "b) c" d)', "e"]),
        ("(a)|(b)", ["(a)", "|", "(b)"]),
        ("(a -> b) -> c", ["(a -> b)", "->", "c"]),
        ("() x", ["()", "x"]),
        ('"a b" c', ['"a b"', "c"]),
        ('"" (" ")', ['""', '(" ")']),
        ("|(", None),
        ("(a))", None),
    ],
)
@pytest.mark.parametrize("offset", [0, 7])
def test_words(text, words, offset):
    if words is None:
        with pytest.raises(Fault):
            split(text, offset)
        return
    found = split(text, offset)
    assert [word.text for word in found] == words
    assert all(isinstance(word, Lexeme) for word in found)
    assert [text[word.start - offset : word.end - offset] for word in found] == words


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [("a (b", "'(' is never closed", 2), ("(a (b) c", "'(' is never closed", 0), ("((a", "'(' is never closed", 1),
     ("a ) b", "')' without a '('", 2), ("(a)) (", "')' without a '('", 3), ('a "b (', "this quote is never closed", 2), ('("a', "this quote is never closed", 1)],
)  # fmt: skip
def test_what_is_left_open(text, message, at):
    with pytest.raises(Fault) as caught:
        split(text, 10)
    assert (caught.value.message, caught.value.start, caught.value.end) == (message, at + 10, at + 11)
    assert (caught.value.code, caught.value.help, str(caught.value)) == ("syntax", None, message)


@pytest.mark.parametrize(
    ("text", "code"),
    [("relu", "relu"), ("relu # a", "relu"), ("relu#a", "relu"), ("# a", ""), ("", ""), ("relu \t\u00a0", "relu"), ('a "# b" # c', 'a "# b"'),
     ('a "b # c', 'a "b'), ('a "b" c # "d" # e', 'a "b" c'), ('a # "b # c"', "a"), ('"a" "#" b', '"a" "#" b'), ("a ## b", "a"), ('a "b" # c', 'a "b"')],
)  # fmt: skip
def test_comments(text, code):
    assert strip_comment(text) == code


@pytest.mark.parametrize("text", ["a", "_", "A9_", "relu6", "conv2d_1"])
def test_names(text):
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "9a", "a-b", "a b", "é", "a.b", "@a", "ａ"])
def test_no_names(text):
    assert not is_name(text)


def test_digits():
    assert [is_digits(text) for text in ("0", "12", "", "-1", "1.0", "²", "٣", "1 2", "a")] == [True, True] + [
        False
    ] * 7


def test_characters_with_a_meaning():
    assert plain("3×8\u00a0a\tb") == "3x8 a\tb"
    assert plain('3×8 "3×8 é" ×') == '3x8 "3×8 é" x'
    assert plain('"é') == '"é'


@pytest.mark.parametrize(
    ("text", "at", "message", "help"),
    [
        ("conv é", 5, "unexpected character 'é' (U+00E9)", "names and numbers are written in ASCII"),
        ('"é" é', 4, "unexpected character 'é' (U+00E9)", "names and numbers are written in ASCII"),
        ('a "é" b "c" –', 12, "unexpected character '–' (U+2013)", "write '-'"),
        ("a\x00", 1, "a control or invisible character, U+0000, stands here", "delete it"),
        ("a\u200b", 1, "a control or invisible character, U+200B, stands here", "delete it"),
        ("a\x7f", 1, "a control or invisible character, U+007F, stands here", "delete it"),
        ("a\x1fb", 1, "a control or invisible character, U+001F, stands here", "delete it"),
        ("a\rb", 1, "a lone carriage return stands here", "end lines with LF, or CR LF"),
        ("a → b", 2, "unexpected character '→' (U+2192)", "write '->'"),
        ("\U0001f600", 0, "unexpected character '\U0001f600' (U+1F600)", "names and numbers are written in ASCII"),
    ],
)
def test_characters_without_one(text, at, message, help):
    with pytest.raises(Fault) as caught:
        plain(text)
    assert (caught.value.message, caught.value.help, caught.value.start, caught.value.end) == (
        message,
        help,
        at,
        at + 1,
    )


def test_a_name_is_checked():
    assert check_name(Lexeme("width", 3, 8), "a variable") == "width"
    assert check_name(Lexeme("x" * MAX_NAME, 0, 1), "a variable") == "x" * MAX_NAME
    assert check_name(Lexeme("Stage", 3, 8), "a variable") == "Stage"


@pytest.mark.parametrize(
    ("text", "message", "help", "code"),
    [
        ("x" * 1101, "a name of 1,101 characters", "at most 100", "bad-name"),
        (
            "2x",
            "'2x' is no name for a stage",
            "a name has letters, digits and '_', and starts with a letter",
            "bad-name",
        ),
        (
            "-" * 70,
            f"'{'-' * 48}…{'-' * 8}' is no name for a stage",
            "a name has letters, digits and '_', and starts with a letter",
            "bad-name",
        ),
        (
            "repeat",
            "'repeat' is a word of the language and cannot name a stage",
            "for example 'repeat_1'",
            "reserved-word",
        ),
        ("Yes", "'Yes' is a word of the language and cannot name a stage", "for example 'Yes_1'", "reserved-word"),
        (
            "FALSE",
            "'FALSE' is a word of the language and cannot name a stage",
            "for example 'FALSE_1'",
            "reserved-word",
        ),
    ],
)
def test_a_wrong_name(text, message, help, code):
    with pytest.raises(Fault) as caught:
        check_name(Lexeme(text, 3, 9), "a stage")
    fault = caught.value
    assert (fault.message, fault.help, fault.code, fault.start, fault.end) == (message, help, code, 3, 9)


def test_blanks_to_be_filled_in():
    assert [is_blank(word) for word in ("__", "____", "_", "", "__a", "a__", "_a_")] == [True, True] + [False] * 5


@pytest.mark.parametrize(("length", "shown"), [(59, "x" * 59), (60, "x" * 60), (61, "x" * 48 + "…" + "x" * 8)])
def test_long_texts_are_shortened(length, shown):
    assert shorten("x" * length) == shown


def test_the_start_and_the_end_are_kept():
    assert shorten("".join(map(chr, range(100, 130))), 20) == "defghijk…z{|}~\x7f\x80\x81"
