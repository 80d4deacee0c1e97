"""HDF5 files as its library writes them (hdf5.jsonl, by record_hdf5.py), and what is broken of them."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path

import pytest

from cnncalc.convert.keras.hdf5 import Hdf5, Unreadable

TEXT = json.dumps({"class_name": "Sequential", "config": {"name": "größe", "layers": []}}, ensure_ascii=False).encode()
FILES = {}
for _line in (Path(__file__).parent / "hdf5.jsonl").read_text().splitlines():
    _what, _times, _packed = json.loads(_line)
    FILES[_what] = (_times, zlib.decompress(base64.b64decode(_packed)))
MOST = len(TEXT) * 900


@pytest.mark.parametrize("what", FILES)
def test_the_text_of_an_attribute(what: str) -> None:
    times, data = FILES[what]
    if times is False:
        reason = "'model_config' is no text" if "number" in what else "stand in a heap of their own"
        with pytest.raises(Unreadable, match=reason):
            Hdf5(data).attribute("model_config", MOST)
        return
    assert Hdf5(data).attribute("model_config", MOST) == (None if times is None else TEXT * times)
    assert Hdf5(data).attribute("model_confi", MOST) is None
    assert Hdf5(data).attribute("model_config_too", 7) == b"another"
    if times:
        for most in (len(TEXT) * times - 1, 0):
            with pytest.raises(Unreadable, match=r"'model_config' (is no text|has [0-9,]+ bytes)"):
                Hdf5(data).attribute("model_config", most)


@pytest.mark.parametrize(
    "what", [what for what in FILES if what.endswith(("any length False 3", "fixed True 0", "many"))]
)
def test_cut_off_it_cannot_be_read(what: str) -> None:
    """Wherever it ends: there is its text, or a reason."""
    times, data = FILES[what]
    whole = None if times is False else TEXT * times
    for end in range(0, len(data), 3):
        try:
            found = Hdf5(data[:end]).attribute("model_config", MOST)
        except Unreadable:
            continue
        assert found == whole


def changed(what: str, at: int, value: int) -> bytes:
    data = bytearray(FILES[what][1])
    data[at] = value
    return bytes(data)


OLD, NEW = "earliest any length False 0", "latest any length False 0"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(NEW, 8, 4), "version 4 of its superblock is not known"), (changed(OLD, 8, 200), "version 200 of its superblock"),
        (changed(NEW, 9, 3), "its addresses have no size that there is"), (changed(NEW, 10, 16), "its addresses have no size"),
        (changed(OLD, 13, 1), "its addresses have no size"), (changed(OLD, 14, 0), "its addresses have no size"),
        (changed(OLD, 96, 2), "its first group is none"), (changed(NEW, 48, 0), "its first group is none"),
        (FILES[NEW][1].replace(b"GCOL", b"GCOM"), "a text is not where it should be"),
        (FILES[OLD][1].replace(b"GCOL", b"GCOM"), "a text is not where it should be"),
        (b"\x89HDF\r\n\x1a\n", "something leads past its end"),
    ],
)  # fmt: skip
def test_what_is_broken(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        Hdf5(data).attribute("model_config", MOST)
