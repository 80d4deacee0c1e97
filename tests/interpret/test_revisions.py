"""Files of a git repository's revisions, asked of a real git."""

import os
import shutil
import subprocess

import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.interpret import build
from cnncalc.interpret.reading import revisions
from cnncalc.interpret.reading.revisions import instead, is_revision, read_revision, split

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

MODEL = "use parts/blocks.txt\ninput 3x32x32\nunit 4\n"
BLOCKS = "block unit(n):\n    conv n 3\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository with one commit, on the branch main, tagged v1: nets/model.txt and what it uses."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    for key, value in {"user.email": "a@example.com", "user.name": "A", "commit.gpgsign": "false"}.items():
        git("config", key, value)
    (tmp_path / "nets" / "parts").mkdir(parents=True)
    (tmp_path / "nets" / "model.txt").write_text(MODEL)
    (tmp_path / "nets" / "parts" / "blocks.txt").write_text(BLOCKS)
    committed()
    git("tag", "v1")
    return tmp_path


def git(*words):
    subprocess.run(["git", *words], check=True, capture_output=True)


def committed():
    git("add", ".")
    git("commit", "-qm", "a commit")


def refused(word):
    """Message and help of what cannot be read."""
    with pytest.raises(SpecError) as caught:
        read_revision(word)
    (one,) = caught.value.diagnostics
    return one.message, one.help


def output(word):
    """The shape that comes out of the spec of a revision."""
    source, files = read_revision(word)
    network = build(source, folder=files)
    assert network.diagnostics == ()
    return network.nodes[-1].output


class TestWords:
    @pytest.mark.parametrize(
        ("word", "parts"),
        [
            ("main:a.txt", ("main", "a.txt")), ("origin/main:a/b.txt", ("origin/main", "a/b.txt")),
            ("HEAD@{12:30}:a.txt", ("HEAD@{12:30}", "a.txt")), ("HEAD^{/fix: it}:a:b.txt", ("HEAD^{/fix: it}", "a:b.txt")),
            ("a}b:c.txt", ("a}b", "c.txt")), (":a.txt", ("", "a.txt")), ("a:", ("a", "")), ("a.txt", None), ("{a:b", None),
        ],
    )  # fmt: skip
    def test_they_are_taken_apart_as_git_does(self, word, parts):
        assert split(word) == parts

    @pytest.mark.parametrize(
        ("word", "holds"),
        [
            ("main:a.txt", True),
            (":a.txt", True),
            ("main:", False),
            ("a.txt", False),
            ("@x:a.txt", False),
            ("a:b", False),
        ],
    )
    def test_what_means_a_file_of_a_revision(self, tmp_path, monkeypatch, word, holds):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "a:b").write_text("")
        assert is_revision(word) is holds

    def test_a_revision_without_a_path(self, folder):
        assert instead("v1", "nets/model.txt") == "write 'v1:nets/model.txt' for that file in revision 'v1'"
        for word in ("", "-v1", "@v1", "v1:x", "nets", "v2"):
            assert instead(word, "nets/model.txt") is None
        assert instead("v1", "v1:nets/model.txt") is None


class TestFiles:
    def test_the_files_that_it_uses_are_of_the_same_revision(self, folder):
        (folder / "nets" / "parts" / "blocks.txt").write_text(BLOCKS.replace("n 3", "n 5"))
        assert output("main:nets/model.txt") == (4, 30, 30)
        source, files = read_revision("main:nets/model.txt")
        assert (source.name, source.text) == ("main:nets/model.txt", MODEL)
        assert (files.revision, files.main, files.folder) == ("main", "nets/model.txt", "nets")
        assert files.own(source) == "nets/model.txt"
        assert files.name("../x.txt", "main:nets/parts/a.txt") == "main:nets/x.txt"
        assert files.key("nets/./parts/../model.txt") == "nets/model.txt"

    def test_the_index(self, folder):
        (folder / "nets" / "parts" / "blocks.txt").write_text(BLOCKS.replace("n 3", "n 5"))
        git("add", ".")
        (folder / "nets" / "parts" / "blocks.txt").write_text(BLOCKS.replace("n 3", "n 7"))
        assert output(":nets/model.txt") == (4, 28, 28)
        assert refused(":nets/modl.txt") == (
            ":nets/modl.txt: not in the index", "'git ls-files' lists what is there",
        )  # fmt: skip

    @pytest.mark.parametrize(
        "path", ["nets/model.txt", "./model.txt", "model.txt", "../nets/model.txt", "parts/../model.txt"]
    )
    def test_a_path_starts_at_the_root_or_here(self, folder, monkeypatch, path):
        monkeypatch.chdir(folder / "nets")
        assert output(f"v1:{path}") == (4, 30, 30)

    def test_the_root_comes_first(self, folder, monkeypatch):
        (folder / "nets" / "nets").mkdir()
        (folder / "nets" / "nets" / "model.txt").write_text("input 3x8x8\nrelu\n")
        committed()
        monkeypatch.chdir(folder / "nets")
        assert output("main:nets/model.txt") == (4, 30, 30)
        assert output("main:./nets/model.txt") == (3, 8, 8)
        assert refused("main:./model.tx")[0] == "main:./model.tx: not in revision 'main'"

    def test_files_in_a_circle(self, folder):
        (folder / "nets" / "parts" / "blocks.txt").write_text("use ../model.txt\n" + BLOCKS)
        committed()
        source, files = read_revision("main:nets/model.txt")
        assert [one.message for one in build(source, folder=files).diagnostics] == [
            "main:nets/model.txt: these files use each other in a circle: "
            "main:nets/model.txt -> main:nets/parts/blocks.txt -> main:nets/model.txt"
        ]

    def test_links_are_followed_within_the_repository(self, folder):
        os.symlink("nets", folder / "link")
        os.symlink("/etc/passwd", folder / "out.txt")
        os.symlink("nothing", folder / "dangling.txt")
        os.symlink("loop.txt", folder / "loop.txt")
        committed()
        assert read_revision("main:link/model.txt")[0].text == MODEL
        nowhere = "a link in revision 'main' that leads nowhere in the repository"
        for name in ("out.txt", "dangling.txt", "loop.txt"):
            assert refused(f"main:{name}") == (f"main:{name}: {nowhere}", None)

    def test_a_file_that_is_too_large(self, folder, monkeypatch):
        monkeypatch.setattr(revisions, "MAX_BYTES", 2**20)
        for size in (2**20, 2**20 + 1):
            (folder / f"{size}.txt").write_text(" " * size)
        committed()
        assert len(read_revision(f"main:{2**20}.txt")[0].text) == 2**20
        assert refused(f"main:{2**20 + 1}.txt")[0].endswith(": over 1 MiB: this is no spec that anybody wrote")


class TestWhatGitDoesNotHave:
    @pytest.mark.parametrize(
        ("word", "message", "help"),
        [
            ("mian:nets/model.txt", "no such file, and git knows no revision 'mian'", "did you mean 'main:nets/model.txt'?"),
            ("zzz:x", "no such file, and git knows no revision 'zzz'", "'git branch --all' and 'git tag' list what there is"),
            ("origin/main:x", "no such file, and git knows no revision 'origin/main'",
             "'git fetch origin main' brings it; in a workflow actions/checkout does with 'fetch-depth: 0'"),
            ("main:nets/modl.txt", "not in revision 'main'", "did you mean 'main:nets/model.txt'?"),
            ("main:nest/model.txt", "not in revision 'main'", None),
            ("main:nets", "this is a folder, not a file", None),
            ("main:..", "this is outside of the git repository", None),
            ("main:../model.txt", "this is outside of the git repository", None),
            ("main:/etc/passwd", "this is outside of the git repository", None),
            ("--help:x", "no such file, and git knows no revision '--help'", "'git branch --all' and 'git tag' list what there is"),
            ("main:a\nb", "a path in a revision has no control characters", None),
            ("main:a\x1fb", "a path in a revision has no control characters", None),
            ("main:a b", "not in revision 'main'", None),
        ],
    )  # fmt: skip
    def test_it_is_said(self, folder, word, message, help):
        assert refused(word) == (f"{word}: {message}", help)

    def test_a_used_file_outside(self, folder):
        (folder / "nets" / "model.txt").write_text("use ../../x.txt\ninput 1x8x8\nrelu\n")
        committed()
        source, files = read_revision("main:nets/model.txt")
        (one,) = build(source, folder=files).diagnostics
        assert one.message == "main:../x.txt: this is outside of the git repository"

    def test_no_repository(self, folder, monkeypatch):
        shutil.rmtree(folder / ".git")
        assert refused("main:x") == ("main:x: no such file, and this folder is in no git repository", None)
        monkeypatch.setenv("PATH", str(folder))
        assert refused("main:x")[0] == (
            "main:x: no such file, and to look for it in a git repository there is no git here"
        )

    def program(self, folder, monkeypatch, text):
        """Puts another git into the way."""
        (folder / "bin").mkdir()
        (folder / "bin" / "git").write_text(f"#!/bin/sh\n{text}\n")
        (folder / "bin" / "git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")

    def test_a_git_that_does_not_answer(self, folder, monkeypatch):
        self.program(folder, monkeypatch, "exec sleep 60")
        monkeypatch.setattr(revisions, "PATIENCE", 0.2)
        assert refused("main:x") == ("main:x: git has not answered for 0.2 seconds", None)

    def test_a_git_that_fails(self, folder, monkeypatch):
        self.program(folder, monkeypatch, "echo 'fatal: out of luck' >&2; echo more >&2; exit 128")
        assert refused("main:x") == ("main:x: git says: out of luck", None)
        (folder / "bin" / "git").write_text("#!/bin/sh\nexit 3\n")
        assert refused("main:x") == ("main:x: git says: exit code 3", None)
        (folder / "bin" / "git").write_text("no program")
        monkeypatch.setenv("PATH", str(folder / "bin"))
        assert refused("main:x")[0].startswith("main:x: git cannot be run: ")
