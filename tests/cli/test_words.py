"""What is typed in the place of a command is answered with the command to type."""

from pathlib import Path

import pytest

from cnncalc.interpret.reading.encodings import seems


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["model.txt"], "did you mean 'cnncalc shapes model.txt'?"),
        (["@lenet5"], "did you mean 'cnncalc shapes @lenet5'?"),
        (["resnet50"], "did you mean 'cnncalc shapes @resnet50'?"),
        (["lessons/odd-pool"], "did you mean 'cnncalc shapes @lessons/odd-pool'?"),
        (["conv"], "did you mean 'cnncalc layers conv'?"),
        (["Conv2d"], "did you mean 'cnncalc layers Conv2d'?"),
        (["summary"], "did you mean 'cnncalc shapes'?"),
        (["flops", "model.txt"], "did you mean 'cnncalc shapes'?"),
        (["test"], "did you mean 'cnncalc check'?"),
        (["format"], "did you mean 'cnncalc fmt'?"),
        (["shpaes"], "did you mean 'shapes'?"),
        (["completions", "bash"], "did you mean 'completion'?"),
        (["complete", "-F"], "did you mean 'completion'?"),
        (["completion", "tcsh"], "is not one of 'bash', 'zsh', 'fish'"),
        (["help", "conv"], "'cnncalc layers conv' says all of that layer"),
        (["help", "langage"], "did you mean 'language'?"),
        (["explain", "conv1"], "'cnncalc explain FILE conv1'"),
        (["shapes", "a", "b"], "several are put side by side by 'cnncalc compare'"),
    ],
)
def test_the_command_to_type(run, folder, arguments, said):
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_version_by_its_letter(run):
    assert run("-V").stdout == run("--version").stdout


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("# 첫 번째 층\nconv 8 3 # 필터 여덟 개\n", "cp949", "text in CP949 or EUC-KR (Korean)"),
        ("# 층\n", "cp949", "text in CP949 or EUC-KR (Korean)"),
        ("# 最初の層です、フィルタは八つ\nconv 8 3\n", "cp932", "text in Shift JIS (Japanese)"),
        ("# 畳み込み層\n", "cp932", "text in Shift JIS (Japanese)"),
        ("# 最初の層です、フィルタは八つ\nconv 8 3\n", "euc_jp", "text in EUC-JP (Japanese)"),
        ("# 第一层卷积，输出通道数\nconv 8 3\n", "gb18030", "text in GB18030 or GBK (Chinese)"),
        ("# 第一層卷積，輸出通道數\nconv 8 3\n", "big5", "text in Big5 (Chinese)"),
        ("# первый слой сети\n", "cp1251", "text in Windows-1251 (Cyrillic)"),
        ("# première couche, où\n", "latin-1", "text in Latin-1 or Windows-1252"),
        ("# Größe der Übung\n", "cp1252", "text in Latin-1 or Windows-1252"),
        ("# 100 €\n", "cp1252", "text in Latin-1 or Windows-1252"),
    ],
)
def test_what_a_text_in_another_encoding_seems_to_be(folder, run, text, encoding, said):
    assert seems(text.encode(encoding)) == said
    (folder / "model.txt").write_bytes(text.encode(encoding))
    assert said in run("shapes").stderr


def test_an_option_before_the_command_is_not_likened_to_another(run):
    assert "--version" not in run("--json", "@lenet5").stderr


def test_a_file_without_its_ending_is_found(run):
    Path("ok.txt").write_text("input 1x8x8\nconv 1 3\n")
    assert "did you mean 'ok.txt'?" in run("shapes", "ok").stderr


def test_a_missing_file_is_json_where_json_is_asked_for(run):
    assert '"diagnostics"' in run("explain", "conv1", "--format", "json").stdout


def test_one_number_for_a_shape_is_answered_with_all_of_them(run):
    assert "ask for all, 6x32x32" in run("explain", "@lenet5", "conv1", "--want", "32").stdout
