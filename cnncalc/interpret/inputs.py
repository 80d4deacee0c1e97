"""Inputs: second readings that nobody should get silently."""

from __future__ import annotations

from ..diagnostics import ERROR, WARNING, Diagnostic
from ..values import Size, laid_out, times

_PICTURE = (1, 3, 4)


def misreading(value: object, layout: str) -> Diagnostic | None:
    """What is to be said, without a place, of an input's shape, written as `value` in a file of `layout`, that is
    probably meant otherwise; None where it is not.
    """
    if not isinstance(value, Size) or value.at or not all(type(item) is int for item in value):
        return None
    text = times(value)
    if len(value) == 2:
        channels, length = value if layout == "chw" else (value[1], value[0])
        grey = f"1x{text}" if layout == "chw" else f"{text}x1"
        return Diagnostic(
            ERROR,
            "ambiguous-input",
            f"{text} would be {channels} channels of length {length}",
            help=f"write '{grey}' for a grey picture, "
            f"or '{channels}@{length}' for {channels} channels of length {length}",
        )
    if len(value) == 4:
        rest = tuple(value[1:])
        picture = rest[-1] if layout == "hwc" else rest[0]
        square = rest[0] == rest[1] if layout == "hwc" else rest[-1] == rest[-2]
        if picture in _PICTURE and (value[0] == 1 or (value[0] not in _PICTURE and square and max(rest) >= 16)):
            return Diagnostic(
                WARNING, "batch-size", f"{text} is read as {_words(tuple(value), layout)}; "
                "shapes are per sample, without the batch",
                help=f"if the {value[0]} is a batch write 'input {times(rest)}'",
            )  # fmt: skip
    picture_shape = tuple(value[1:] if len(value) == 4 and value[0] == 1 else value)
    if layout != "chw" or value[-1] not in _PICTURE or picture_shape[0] <= value[-1]:
        return None
    if value[-1] == value[-2] and picture_shape[0] != picture_shape[1]:  # 512x4x4: a small square map, no picture
        return None
    first_form = times((picture_shape[-1], *picture_shape[:-1]))
    return Diagnostic(
        WARNING,
        "channels-last",
        f"{text} is read as {_words(tuple(value), layout)}",
        help=f"with the channels last write 'layout hwc' above, or 'input {first_form}'",
    )


def _words(value: tuple[int, ...], layout: str) -> str:
    channels, *sizes = (value[-1], *value[:-1]) if layout == "hwc" else value
    plural = "channel" if channels == 1 else "channels"
    return f"{channels} {plural} of {times(laid_out(tuple(sizes), 'chw'))}"
