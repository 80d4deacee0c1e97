"""Reading specs: what is no spec is told apart, and files use each other."""

import io
import os
import sys
from pathlib import Path

import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.interpret import Files, read_source
from cnncalc.interpret.reading import files
from cnncalc.interpret.reading.examples import example_names, example_path, examples
from helpers import clean, fault, network, used


def refused(work, *arguments):
    """Code, message and help of what is refused."""
    with pytest.raises(SpecError) as caught:
        work(*arguments)
    (one,) = caught.value.diagnostics
    return one.code, one.message, one.help


class TestPaths:
    @pytest.fixture(autouse=True)
    def _here(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)

    def test_a_revision(self):
        used(Path(), "model.txt", "input 3x8x8\n")
        said = "did you mean 'model.txt'? diff, compare and report read revisions: "
        assert refused(read_source, "HEAD:model.txt") == (
            "file", "HEAD:model.txt: no such file", f"{said}'git show HEAD:model.txt > old.txt' writes this one",
        )  # fmt: skip
        assert said not in str(refused(read_source, "HEAD:other.txt"))

    def test_a_path_and_the_folder_of_its_used_files(self):
        os.mkdir("nets")
        for name in ("nets/model.txt", "model.txt"):
            with open(name, "w", encoding="utf-8") as out:
                out.write("relu\n")
        source, folder = read_source("nets/model.txt")
        assert (source.name, source.text, folder) == ("nets/model.txt", "relu\n", "nets")
        assert read_source("model.txt")[1] == ""

    def test_standard_input(self, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"relu\n")))
        source, folder = read_source("-")
        assert (source.name, source.text, folder) == ("<stdin>", "relu\n", os.getcwd())
        monkeypatch.setattr(sys, "stdin", None)
        assert refused(read_source, "-") == ("file", "<stdin>: standard input is closed", None)

    def test_a_bundled_example(self):
        source, folder = read_source("@lenet5")
        assert (source.name, folder) == ("@lenet5", os.path.dirname(example_path("lenet5")))
        assert refused(read_source, "@lenet") == (
            "file", "@lenet: no such bundled example", "did you mean '@lenet5'?",
        )  # fmt: skip
        assert refused(read_source, "@zzzz")[2] == "'cnncalc new' lists the bundled examples"

    def test_a_file_that_is_called_like_an_example_wins(self):
        with open("@lenet5", "w", encoding="utf-8") as out:
            out.write("tanh\n")
        assert read_source("@lenet5")[0].text == "tanh\n"

    @pytest.mark.parametrize(
        ("name", "help"),
        [
            ("nets/modle.txt", "did you mean 'nets/model.txt'?"),
            ("modle.txt", None),
            ("resnet50", "the bundled example is '@resnet50'"),
            ("nowhere/at/all.txt", None),
        ],
    )
    def test_a_file_that_is_not_there(self, name, help):
        os.mkdir("nets")
        with open("nets/model.txt", "w", encoding="utf-8") as out:
            out.write("relu\n")
        assert refused(read_source, name) == ("file", f"{name}: no such file", help)

    def test_what_is_no_file(self):
        os.mkdir("nets")
        assert refused(read_source, "nets") == ("file", "nets: this is a folder, not a file", None)
        assert refused(files.read_bytes, "nets", "nets") == ("file", "nets: this is a folder, not a file", None)
        assert refused(read_source, "a\0b")[0] == "file"
        assert refused(read_source, "x" * 5000)[1].endswith("File name too long")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_pipe_is_no_file_to_be_used(self):
        os.mkfifo("pipe.txt")
        assert refused(Files("").read, "pipe.txt", "pipe.txt") == (
            "file", "pipe.txt: this is no regular file", None,
        )  # fmt: skip
        assert refused(Files("").read, ".", "here") == ("file", "here: this is a folder, not a file", None)

    def test_a_file_of_the_largest_size_is_read(self, monkeypatch):
        monkeypatch.setattr(files, "MAX_BYTES", 2**20)
        for size in (2**20, 2**20 + 1):
            with open(f"{size}.txt", "w", encoding="utf-8") as out:
                out.write(" " * size)
        assert len(read_source(f"{2**20}.txt")[0].text) == 2**20
        too_large = ("too-large", f"{2**20 + 1}.txt: over 1 MiB: this is no spec that anybody wrote", None)
        assert refused(read_source, f"{2**20 + 1}.txt") == too_large
        for size in (2**20, 2**20 + 1):  # from a pipe, which does not tell its size
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b" " * size)))
            if size > 2**20:
                assert refused(read_source, "-")[:2] == ("too-large", too_large[1].replace(f"{size}.txt", "<stdin>"))
            else:
                assert len(read_source("-")[0].text) == size


class TestTexts:
    @pytest.mark.parametrize(
        ("data", "seems"),
        [
            (b"\x89PNG\r\n", "a PNG picture"), (b"\xff\xd8\xff\xe0", "a JPEG picture"), (b"GIF89a", "a GIF picture"),
            (b"PK\x03\x04.", "a zip archive (PyTorch's .pt and Keras's .keras are such)"),
            (b"\x1f\x8b\x08", "a gzip archive"), (b"\x89HDF\r", "an HDF5 file (Keras's .h5)"),
            (b"\x80\x02}", "a Python pickle"), (b"\x80\x04}", "a Python pickle"), (b"%PDF-1.4", "a PDF document"),
        ],
    )  # fmt: skip
    def test_other_files_are_known_by_how_they_begin(self, data, seems):
        assert refused(files.decode, "x", data) == (
            "not-text", f"x: this seems to be {seems}, not a spec",
            "a spec is a text file; see 'cnncalc help language'",
        )  # fmt: skip

    @pytest.mark.parametrize("data", ["relu".encode("utf-16"), b"\xfe\xff\0r"])
    def test_utf_16(self, data):
        assert refused(files.decode, "x", data)[1:] == (
            "x: this seems to be UTF-16 text, not a spec", "save it as UTF-8",
        )  # fmt: skip

    def test_a_byte_order_mark_is_taken_off(self):
        assert files.decode("x", b"\xef\xbb\xbfrelu").text == "relu"
        assert files.decode("x", "model Größe".encode()).text == "model Größe"

    @pytest.mark.parametrize(
        ("data", "seems", "help"),
        [
            ("relu\nmodel Größe".encode("cp1252"), "text in Latin-1 or Windows-1252", "save it as UTF-8"),
            (b"relu\nmodel \x81", "text in another encoding", "save it as UTF-8"),
            (b"\x01\x02\x03\n\xff", "a binary file", "a spec is a UTF-8 text file"),
            (b"\x08\n\xff" + b"x" * 96, "a binary file", "a spec is a UTF-8 text file"),
            (b"\x1f\n\xff" + b"x" * 97, "text in Latin-1 or Windows-1252", "save it as UTF-8"),
            (b"\x09\x0d\n\xff", "text in Latin-1 or Windows-1252", "save it as UTF-8"),
        ],
    )
    def test_what_is_not_utf_8(self, data, seems, help):
        byte = next(byte for byte in data if byte > 127)
        assert refused(files.decode, "x", data) == (
            "not-text", f"x: not UTF-8: byte 0x{byte:02x} in line 2; this seems to be {seems}", help,
        )  # fmt: skip

    def test_a_zero_byte(self):
        assert refused(files.decode, "x", b"relu\nre\0lu") == (
            "not-text", "x: this seems to be a binary file: line 2 has a zero byte", "a spec is a UTF-8 text file",
        )  # fmt: skip

    def test_too_many_lines(self, monkeypatch):
        monkeypatch.setattr(files, "MAX_LINES", 1000)
        assert files.decode("x", b"\n" * 1000).text
        assert refused(files.decode, "x", b"\n" * 1001) == (
            "too-large", "x: over 1,000 lines: this is no spec that anybody wrote", None,
        )  # fmt: skip


class TestUse:
    """Files that use each other; each is read once."""

    TEXT = "input 3x8x8\nuse {}\nb\n"

    def test_a_file_in_a_folder_and_those_beside_it(self, tmp_path):
        (tmp_path / "parts").mkdir()
        used(tmp_path / "parts", "a.txt", "use ./b.txt\nblock b:\n    c\n")
        used(tmp_path / "parts", "b.txt", "block c:\n    convv 3\n")
        found = fault(self.TEXT.format("parts/a.txt"), folder=tmp_path)
        assert (found.span.source.name, found.span.line) == ("parts/b.txt", 2)

    def test_a_file_that_two_use_is_read_once(self, tmp_path):
        used(tmp_path, "a.txt", "use c.txt\nblock b:\n    d\n")
        used(tmp_path, "b.txt", "use ./x/../c.txt\n")
        (tmp_path / "x").mkdir()
        used(tmp_path, "c.txt", "block d:\n    relu\n")
        built = clean("input 3x8x8\nuse a.txt\nuse b.txt\nb\n", folder=tmp_path)
        assert [node.name for node in built.layers] == ["relu1"]

    def test_a_file_that_uses_itself(self, tmp_path):
        used(tmp_path, "a.txt", "use a.txt\nblock b:\n    relu\n")
        found = fault(self.TEXT.format("a.txt"), folder=tmp_path)
        assert found.message == "a.txt: these files use each other in a circle: a.txt -> a.txt"
        assert found.span.source.name == "a.txt"
        used(tmp_path, "model.txt", self.TEXT.format("c.txt"))
        used(tmp_path, "c.txt", "use model.txt\nblock b:\n    relu\n")
        found = fault(self.TEXT.format("c.txt"), folder=tmp_path)
        assert found.message.endswith("circle: model.txt -> c.txt -> model.txt")

    @pytest.mark.parametrize(
        ("path", "message", "help"),
        [
            ("/tmp/x.txt", "a used file is named relative to this one", "for example 'use blocks.txt'"),
            ("~/x.txt", "a used file is named relative to this one", "for example 'use blocks.txt'"),
            ("C:x.txt", "a used file is named relative to this one", "for example 'use blocks.txt'"),
            ("parts\\x.txt", "folders are separated by '/'", "write 'use parts/x.txt'"),
            ("x.txt", "x.txt: no such file", None),
            ("./y/../x.txt", "y/../x.txt: no such file", None),
            ("modle.txt", "modle.txt: no such file", "did you mean 'model.txt'?"),
        ],
    )
    def test_what_cannot_be_used(self, tmp_path, path, message, help):
        used(tmp_path, "model.txt", "relu\n")
        (one,) = network(f"input 3x8x8\nuse {path}\nrelu\n", folder=tmp_path).diagnostics
        assert (one.code, one.message, one.help) == ("use", message, help)
        assert one.span[1:] == (2, 5, 5 + len(path))

    def test_files_that_use_files_that_use_files(self, tmp_path):
        for number in range(60):
            used(tmp_path, f"{number}.txt", f"use {number + 1}.txt\nblock b{number}:\n    relu\n")
        used(tmp_path, "60.txt", "block b60:\n    relu\n")
        found = fault("input 3x8x8\nuse 0.txt\nrelu\n", folder=tmp_path)
        assert found.message == "files use each other deeper than 50 levels"
        assert found.span.source.name == "49.txt"

    def test_faults_come_in_the_order_of_the_files(self, tmp_path):
        used(tmp_path, "a.txt", "block b:\n    convv 1\n")
        built = network("input 3x8x8\nuse a.txt\nb\nreluu\n", folder=tmp_path)
        assert [one.span.source.name for one in built.diagnostics] == ["model.txt", "a.txt"]

    def test_variables_come_from_files_of_files(self, tmp_path):
        used(tmp_path, "a.txt", "use b.txt\nlet w = v + 1\n")
        used(tmp_path, "b.txt", "let v = 4\n")
        built = clean("input 3x8x8\nuse a.txt\nuse b.txt\nconv w v\n", folder=tmp_path)
        assert built.nodes[-1].output == (5, 5, 5)

    def test_a_variable_that_two_files_set(self, tmp_path):
        used(tmp_path, "a.txt", "\nlet  width = 4\n")
        found = fault("input 3x8x8\nlet width = 3\nuse a.txt\nconv width 1\n", folder=tmp_path)
        assert found.message == "variable 'width' is also set in line 2 of model.txt"
        assert (found.span.source.name, *found.span[1:]) == ("a.txt", 2, 6, 11)


class TestExamples:
    def test_their_names_are_their_paths(self):
        names = example_names()
        assert "lenet5" in names
        assert any("/" in name for name in names)
        assert names == sorted(names, key=lambda name: (name.count("/"), name))
        assert all(os.path.isfile(example_path(name)) for name in names)
        assert example_path("lenet5.txt") == example_path("lenet5")
        assert example_path("lenet") is None

    def test_their_titles(self):
        titles = {one.name: one.title for one in examples()}
        assert titles["lenet5"].startswith("LeNet-5")
        assert all(titles.values())
        with open(example_path("lenet5"), encoding="utf-8") as lines:
            assert any(line.strip() == f"model {titles['lenet5']}" for line in lines)
