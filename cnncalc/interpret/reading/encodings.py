"""What a text that is not UTF-8 seems to be: by the letters that it would have in each of the usual encodings."""

from __future__ import annotations

import re

from . import letters

#: Encoding, what it is called, and the ranges of characters that texts in it are made of, the likelier first.
_CANDIDATES: tuple[tuple[str, str, tuple[tuple[int, int], ...]], ...] = (
    ("cp949", "CP949 or EUC-KR (Korean)", ((0xAC00, 0xD7A3), (0x3130, 0x318F))),
    ("euc_jp", "EUC-JP (Japanese)", ((0x3040, 0x30FF),)),
    ("cp932", "Shift JIS (Japanese)", ((0x3040, 0x30FF),)),
    ("big5", "Big5 (Chinese)", ()),
    ("gb18030", "GB18030 or GBK (Chinese)", ()),
    ("cp1251", "Windows-1251 (Cyrillic)", ((0x0410, 0x044F), (0x0401, 0x0401), (0x0451, 0x0451))),
)
#: Han characters of the first level, the common ones, by their lead bytes.
_COMMON_LEADS = {"big5": (0xA4, 0xC6), "gb18030": (0xB0, 0xD7)}
#: The commonest letters of an encoding's language; of Japanese all kana are.
_COMMONEST = {
    "cp949": frozenset(letters.KOREAN), "big5": frozenset(letters.TRADITIONAL),
    "gb18030": frozenset(letters.SIMPLIFIED),
    "euc_jp": frozenset(letters.JAPANESE), "cp932": frozenset(letters.JAPANESE),
}  # fmt: skip
#: All but the small vowels, which hardly a word has.
_KANA = frozenset(map(chr, range(0x3041, 0x30FD))) - frozenset("ぁぃぅぇぉ")
#: The share of a text's letters that has to be of the commonest ones, and the fewest letters that tell.
_CLEARLY, _FEWEST_COMMON = 0.6, 2
#: The share of the letters beyond ASCII that has to be of an encoding.
_ENOUGH = 0.5
#: Letters of an encoding in which every byte is one that are no accident.
_FEWEST = 4
#: Letters with accents that stand together in a word.
_ACCENTS, _ASCII = 2, 128
#: Bytes that Windows-1252 has no letter for.
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"


def seems(data: bytes) -> str:
    """What `data`, not UTF-8, seems to be: an encoding, where its letters tell."""
    clearly, name = max(
        ((_common_share(data, encoding), name) for encoding, name, _ in _CANDIDATES), key=lambda pair: pair[0]
    )
    if clearly >= _CLEARLY:
        return f"text in {name}"
    if _is_latin(data):
        return "text in Latin-1 or Windows-1252"
    shares = [(_share(data, *candidate), candidate[1]) for candidate in _CANDIDATES]
    best, name = max(shares, key=lambda pair: pair[0])
    if best >= _ENOUGH:
        return f"text in {name}"
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "text in another encoding"
    return "text in Latin-1 or Windows-1252"


def _common_share(data: bytes, encoding: str) -> float:
    """How much of what is beyond ASCII would be the commonest letters of an encoding; 0 where it cannot be that."""
    common = _COMMONEST.get(encoding)
    try:
        found = [char for char in data.decode(encoding) if char.isalpha() and not char.isascii()] if common else []
    except UnicodeDecodeError:
        found = []
    if common is None or len(found) < _FEWEST_COMMON:
        return 0.0
    kana = encoding in ("euc_jp", "cp932")
    return sum(char in common or (kana and char in _KANA) for char in found) / len(found)


def _is_latin(data: bytes) -> bool:
    """Whether all that is beyond ASCII is accents: one or two letters together, beside letters of ASCII."""
    runs = list(re.finditer(rb"[\x80-\xff]+", data))
    for run in runs:
        beside = data[max(run.start() - 1, 0) : run.start()] + data[run.end() : run.end() + 1]
        if len(run[0]) > _ACCENTS or not any(chr(byte).isalpha() for byte in beside if byte < _ASCII):
            return False
    return bool(runs) and not any(byte in data for byte in _UNDEFINED)


def _share(data: bytes, encoding: str, name: str, ranges: tuple[tuple[int, int], ...]) -> float:
    """How much of what is beyond ASCII would be usual letters of an encoding; 0 where it cannot be that."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    letters = [char for char in text if ord(char) > 127]
    if len(letters) < (_FEWEST if encoding == "cp1251" else 1):
        return 0.0
    if ranges:
        common = [char for char in letters if encoding != "cp949" or len(char.encode("euc_kr", "ignore")) == 2]
        usual = sum(any(low <= ord(char) <= high for low, high in ranges) for char in common)
        han = sum(0x4E00 <= ord(char) <= 0x9FFF for char in letters)
        return (usual + han / 2) / len(letters) if usual else 0.0
    low, high = _COMMON_LEADS[encoding]
    leads = [char.encode(encoding)[0] for char in letters if len(char.encode(encoding)) == 2]
    return sum(low <= lead <= high for lead in leads) * 0.9 / len(letters)
