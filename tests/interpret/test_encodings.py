"""What a text that is not UTF-8 seems to be."""

from __future__ import annotations

import pytest

from cnncalc.interpret.reading.encodings import seems

NAMES = {
    "cp949": "CP949 or EUC-KR (Korean)", "euc_jp": "EUC-JP (Japanese)", "cp932": "Shift JIS (Japanese)",
    "big5": "Big5 (Chinese)", "gb18030": "GB18030 or GBK (Chinese)", "cp1251": "Windows-1251 (Cyrillic)",
    "latin-1": "Latin-1 or Windows-1252", "cp1252": "Latin-1 or Windows-1252",
}  # fmt: skip
TEXTS = [
    ("cp949", "# 첫 번째 층\nconv 8 3 # 필터 여덟 개"), ("cp949", "# 층"), ("cp949", "ㄱㄴ"),
    ("cp932", "# 最初の層です、フィルタは八つ\nconv 8 3"), ("cp932", "# 畳み込み層"), ("cp932", "カーネル"),
    ("euc_jp", "# 最初の層です、フィルタは八つ\nconv 8 3"), ("gb18030", "# 第一层卷积，输出通道数\nconv 8 3"),
    ("gb18030", "输入大小"), ("big5", "# 第一層卷積，輸出通道數\nconv 8 3"), ("big5", "輸入大小"),
    ("cp1251", "# первый слой сети"), ("cp1251", "сеть"), ("cp1251", "ЁлкА"), ("latin-1", "# première couche, où"),
    ("latin-1", "café"), ("latin-1", "à"), ("cp1252", "# Größe der Übung"), ("cp1252", "# 100 €"), ("cp1252", "“two”"),
    ("latin-1", "a naïf ëël"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_what_it_seems_to_be(encoding: str, text: str) -> None:
    assert seems(text.encode(encoding)) == f"text in {NAMES[encoding]}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xe9\xe8\xea", "Latin-1 or Windows-1252"),  # three letters of Cyrillic may be an accident
        (b"\xe9\xe8\xea\xe9", "Windows-1251 (Cyrillic)"),
        (b"a\xe9\xe8", "Latin-1 or Windows-1252"),  # two accents in a word
        (b"\x80", "Latin-1 or Windows-1252"),
        (b"\x81", "another encoding"),  # no letter of Windows-1252
        (b"q\x81w", "another encoding"),
        (b"ab\x9d\x90", "another encoding"),
        (b"\x81\x8d\x8f", "another encoding"),
        (b"1\xe9 2", "Latin-1 or Windows-1252"),
    ],
)
def test_a_few_bytes(data: bytes, said: str) -> None:
    assert seems(data) == f"text in {said}"
