"""Protobuf's text format: generated messages, printed in every way that its reader takes, are read back as they were."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from cnncalc.convert.caffe.text import Message, parse
from cnncalc.diagnostics import Source, SpecError

#: A field is its name with all its values, or all its messages, in order.
Fields = list[tuple[str, Any]]


def drawn(chance: Random, depth: int = 0) -> Fields:
    fields: Fields = []
    for _ in range(chance.randint(0, 4)):
        name = chance.choice(["name", "dim", "layer", "_x", "a.b/c9", "Shape2"])
        what = chance.choice(["message", "number", "word", "text", "list", "empty"])
        if what == "message" and depth < 4:
            fields.append((name, drawn(chance, depth + 1)))
        elif what == "list":
            fields.append((name, [str(chance.randint(-9, 99)) for _ in range(chance.randint(1, 4))]))
        elif what == "text":
            fields.append((name, f"'{chance.choice(['a b', '#', '{;', 'x:', ''])}"))
        elif what == "word":
            fields.append((name, chance.choice(["true", "TEST", "_w", "1.5e-3", "0x1F", ".5", "3f", "+7", "-8", "7u"])))
        else:
            fields.append((name, str(chance.randint(-100, 10**6))))
    return fields


def printed(fields: Fields, chance: Random) -> str:
    def gap(*some: str) -> str:
        return chance.choice([*some, " ", "\t", "\r\n", " # { \"no' field: 3\n", "\n\n"])

    made = []
    for name, value in fields:
        if isinstance(value, list) and value and isinstance(value[0], str):
            items = f"{gap('')},{gap('')}".join(value)
            made.append(f"{name}{gap('')}:{gap('')}[{gap('')}{items}{gap('')}]")
        elif isinstance(value, list):
            colon = chance.choice(["", ":", " : "])
            start, end = chance.choice(["{}", "<>"])
            made.append(f"{name}{colon}{gap('')}{start}{gap()}{printed(value, chance)}{gap('')}{end}")
        elif value.startswith("'"):
            text, quote = value[1:], chance.choice("'\"")
            cut = chance.randint(0, len(text))
            parts = [text] if chance.random() < 0.5 else [text[:cut], text[cut:]]
            made.append(f"{name}:{gap('')}" + gap("").join(f"{quote}{part}{quote}" for part in parts))
        else:
            made.append(f"{name}{gap('')}:{gap('')}{value}")
    return gap().join(part + chance.choice(["", ";", ",", " ;"]) for part in made)


def expected(fields: Fields) -> tuple[dict[str, list[str]], dict[str, list[Any]]]:
    values: dict[str, list[str]] = {}
    messages: dict[str, list[Any]] = {}
    for name, value in fields:
        if isinstance(value, str):
            values.setdefault(name, []).append(value.removeprefix("'"))
        elif value and isinstance(value[0], str):
            values.setdefault(name, []).extend(value)
        else:
            messages.setdefault(name, []).append(expected(value))
    return values, messages


def found(message: Message) -> tuple[dict[str, list[str]], dict[str, list[Any]]]:
    return ({name: [one.text for one in values] for name, values in message.values.items()},
            {name: [found(one) for one in messages] for name, messages in message.messages.items()})  # fmt: skip


def test_what_is_printed_is_read() -> None:
    for seed in range(600):
        chance = Random(seed)
        fields = drawn(chance)
        text = printed(fields, chance)
        assert found(parse(Source("net", text))) == expected(fields), text


def test_values_stand_where_they_stand() -> None:
    for seed in range(200):
        chance = Random(seed)
        text = printed(drawn(chance), chance)
        source = Source("net", text)
        stack = [parse(source)]
        while stack:
            message = stack.pop()
            stack += [one for some in message.messages.values() for one in some]
            for value in (one for some in message.values.values() for one in some):
                written = source.lines[value.span.line - 1][value.span.column - 1 : value.span.end_column - 1]
                assert written.strip("'\"") == value.text or written[0] in "'\"", text
            for name, some in message.messages.items():
                for one in some:
                    assert source.lines[one.span.line - 1][one.span.column - 1 : one.span.end_column - 1] == name


def test_what_a_field_gives() -> None:
    message = parse(Source("net", 'a: 3 a: 0x10 f: t f: false w: 7u b: True n: 1 t: "x" t: "y" m { x: 1 } m { x: 2 }'))
    assert (message.number("a", 9), message.numbers("a"), message.number("no", 9), message.numbers("no")) == (
        16,
        [3, 16],
        9,
        [],
    )
    assert [message.flag(name, True) for name in ("f", "b", "n", "w", "no")] == [False, True, True, False, True]
    assert not message.flag("no", False)
    assert (message.text("t"), message.texts("t"), message.text("no"), message.text("no", "z")) == (
        "y",
        ["x", "y"],
        "",
        "z",
    )
    assert (message.message("m").number("x", 0), message.message("no").number("x", 5), message.number("w", 0)) == (
        2,
        5,
        7,
    )
    assert (message.place("t").column, message.place("no").column) == (57, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("9" * 60, int("9" * 60)), ("9" * 61, None), ("0X1f", 31), ("1.5", None), ("TEST", None), ("012", 12)],
)
def test_whole_numbers(text: str, number: int | None) -> None:
    message = parse(Source("net", f"a: {text}"))
    if number is None:
        with pytest.raises(SpecError, match="a whole number stands here"):
            message.number("a", 0)
    else:
        assert message.number("a", 0) == number


@pytest.mark.parametrize(
    ("text", "said", "column"),
    [
        ("a", "'a' has no value", 1), ("a:", "'a' has no value", 1), ("a 3", "':' or '{' stands behind 'a'", 3), ("3", "a field stands here", 1),
        ("}", "a field stands here", 1), ("a { ]", "the name of a field, or '}', stands here", 5), ("a < 3", "the name of a field, or '>', stands here", 5),
        ("a: [1, 2", "']' is missing: what begins here does not end", 4), ("a: }", "a value stands here", 4), ("a: [1 {", "a value stands here", 7),
        ("a < }", "the name of a field, or '>', stands here", 5), ("a { b <", "'>' is missing: what begins here does not end", 5),
        ('a: "x', "this is no text of a protobuf message", 4), ("a: $", "this is no text of a protobuf message", 4),
        ("a:: 3", "a value stands here", 3), ("a: [", "']' is missing: what begins here does not end", 4),
    ],
)  # fmt: skip
def test_faults(text: str, said: str, column: int) -> None:
    with pytest.raises(SpecError) as caught:
        parse(Source("net", text))
    (fault,) = caught.value.diagnostics
    assert fault.message == said
    assert fault.span is not None
    assert (fault.span.line, fault.span.column) == (1, column)


@pytest.mark.parametrize(("depth", "read"), [(32, True), (33, False)])
def test_how_deep_messages_stand(depth: int, read: bool) -> None:
    text = "a {" * depth + "}" * depth
    if read:
        assert parse(Source("net", text)).message("a").values == {}
    else:
        with pytest.raises(SpecError, match="more than 32 deep"):
            parse(Source("net", text))
