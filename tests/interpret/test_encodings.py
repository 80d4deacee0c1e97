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


WORDS = {
    (
        "gbk",
        "GB18030 or GBK (Chinese)",
    ): "卷积层 输入图像 全连接层 池化 激活函数 批归一化 残差块 模型 分类器输出 数据集 通道数翻倍",
    ("big5", "Big5 (Chinese)"): "卷積層 輸入影像 全連接層 激活函數 殘差塊 模型 分類器輸出 資料集 通道數加倍",
    (
        "cp949",
        "CP949 or EUC-KR (Korean)",
    ): "합성곱 층 입력 이미지 완전 연결층 풀링 활성화 함수 배치 정규화 잔차 모델 분류기 출력",
    ("euc_kr", "CP949 or EUC-KR (Korean)"): "첫 번째 층 입력 출력 손글씨 숫자 인식을 위한 간단한 신경망 채널 두 배",
    (
        "cp932",
        "Shift JIS (Japanese)",
    ): "畳み込み層 入力画像 全結合層 最初の層 プーリング 活性化関数 バッチ正規化 出力 モデル",
    (
        "euc_jp",
        "EUC-JP (Japanese)",
    ): "畳み込み層 入力画像 全結合層 最初の層 プーリング 活性化関数 残差ブロック 出力 モデル",
}


@pytest.mark.parametrize("pair", WORDS, ids=lambda pair: pair[0])
def test_one_short_word_in_a_spec_tells(pair):
    """A comment of two letters is enough, wherever it stands."""
    encoding, name = pair
    for word in filter(lambda word: len(word) > 1, WORDS[pair].split(" ")):
        for line in (f"# {word}\ninput 3x8x8\n", f"input 3x8x8\nconv 8 3 # {word}\n", f"model {word}\ninput 3x8x8\n"):
            assert seems(line.encode(encoding)) == f"text in {name}", word
