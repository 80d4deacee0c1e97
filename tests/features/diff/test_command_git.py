"""`cnncalc diff` with revisions of a real git repository."""

import json
import os
import shutil
import subprocess

import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.interpret.reading.revisions import is_revision, read_revision, split

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

BLOCKS = "block cbr(w, k=3):\n    conv w k pad=same | bn | relu\n"
MODEL = "use parts/blocks.txt\ninput 3x32x32\ncbr 16\ncbr 32\nmaxpool 2\ngavgpool | flatten\nfc 10\n"


@pytest.fixture
def git(folder, monkeypatch):
    """A repository with two commits on two branches, and a call of git in it."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def call(*words):
        return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout

    call("init", "-q", "-b", "main")
    call("config", "user.email", "a@example.com")
    call("config", "user.name", "A")
    call("config", "commit.gpgsign", "false")
    (folder / "nets" / "parts").mkdir(parents=True)
    (folder / "nets" / "model.txt").write_text(MODEL)
    (folder / "nets" / "parts" / "blocks.txt").write_text(BLOCKS)
    call("add", ".")
    call("commit", "-qm", "one")
    call("tag", "v1")
    call("checkout", "-qb", "feature/wide")
    return call


def change(folder):
    """Changes the used file only."""
    (folder / "nets" / "parts" / "blocks.txt").write_text(BLOCKS.replace("k=3", "k=5"))


def test_a_used_file_comes_from_the_same_revision(run, git, folder):
    change(folder)
    result = run("diff", "main:nets/model.txt", "nets/model.txt")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("main:nets/model.txt → nets/model.txt\n2 layers changed, 8 equal\n")
    assert "conv: kernel 3x3 → 5x5" in result.stdout
    git("commit", "-qam", "two")
    both = run("diff", "v1:nets/model.txt", "feature/wide:nets/model.txt", "--format", "csv")
    assert "v1:nets/parts/blocks.txt:2,feature/wide:nets/parts/blocks.txt:2" in both.stdout
    assert (
        run("diff", "HEAD:nets/model.txt", "feature/wide:nets/model.txt")
        .stdout.splitlines()[1]
        .startswith("the networks are equal")
    )
    assert "2 layers changed" in run("diff", "HEAD~1:nets/model.txt", "HEAD:nets/model.txt").stdout


def test_a_pull_request_is_stopped(run, git, folder):
    (folder / "nets" / "model.txt").write_text(MODEL.replace("cbr 32", "cbr 64"))
    result = run("diff", "main:nets/model.txt", "nets/model.txt", "--fail-above", "params=2%", "--format", "markdown")
    assert result.exit_code == 1
    assert "params grew from" in result.stderr
    assert "filters 32 → 64" in result.stdout


def test_without_new_what_is_not_committed(run, git, folder, monkeypatch):
    change(folder)
    assert "2 layers changed" in run("diff", "nets/model.txt").stdout
    monkeypatch.chdir(folder / "nets")
    assert "HEAD:./model.txt → model.txt\n2 layers changed" in run("diff", "model.txt").stdout
    absolute = str(folder / "nets" / "model.txt")
    assert "2 layers changed" in run("diff", absolute).stdout
    git("commit", "-qam", "two")
    assert "the networks are equal" in run("diff", "model.txt").stdout
    assert run("diff", "main:nets/model.txt").exit_code == 2


def test_paths_start_at_the_root_or_here(run, git, folder, monkeypatch):
    monkeypatch.chdir(folder / "nets")
    for path in ("nets/model.txt", "./model.txt", "model.txt", "../nets/model.txt", "parts/../model.txt"):
        assert run("diff", f"main:{path}", "model.txt").exit_code == 0, path
    (folder / "nets" / "nets").mkdir()
    (folder / "nets" / "nets" / "model.txt").write_text("input 3x8x8\nrelu\n")
    git("add", ".")
    git("commit", "-qm", "a clash")
    assert "the networks are equal" in run("diff", "HEAD:nets/model.txt", "model.txt").stdout  # as git has it
    assert "removed" in run("diff", "./model.txt", "HEAD:./nets/model.txt").stdout


def test_the_index(run, git, folder):
    change(folder)
    git("add", ".")
    (folder / "nets" / "parts" / "blocks.txt").write_text(BLOCKS.replace("k=3", "k=7"))
    assert "kernel 3x3 → 5x5" in run("diff", "main:nets/model.txt", ":nets/model.txt").stdout
    assert "kernel 5x5 → 7x7" in run("diff", ":nets/model.txt", "nets/model.txt").stdout
    assert "not in the index" in run("diff", ":nets/modl.txt", "nets/model.txt").stderr


def test_compare_and_report_read_revisions_as_a_diff_does(run, git, folder):
    change(folder)
    result = run("compare", "main:nets/model.txt", "nets/model.txt", "--format", "json")
    assert result.exit_code == 0, result.stderr
    old, new = json.loads(result.stdout)["models"]
    assert (old["file"], new["file"]) == ("main:nets/model.txt", "nets/model.txt")
    assert [layer["filter"] for layer in old["layers"][:1] + new["layers"][:1]] == [[16, 3, 3, 3], [16, 3, 5, 5]]
    assert "not in revision 'main'" in run("compare", "main:nets/gone.txt", "nets/model.txt").stderr
    result = run("report", "main:nets/model.txt", "nets/model.txt", "-o", "both.html")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "main:nets/model.txt" in (folder / "both.html").read_text("utf-8")


def test_a_revision_without_a_path_is_told_what_to_write(run, git, folder):
    result = run("diff", "main", "nets/model.txt")
    assert result.exit_code == 2
    assert (
        "error: main: no such file\n      = write 'main:nets/model.txt' for that file in revision 'main'"
        in result.stderr
    )
    assert "write '" not in run("diff", "mian", "nets/model.txt").stderr
    said = run("diff", "main:nets/model.txt").stderr
    assert "to be compared? NEW is missing, for example 'nets/model.txt'" in said


def test_an_existing_path_wins(run, git, folder):
    (folder / "main:nets").mkdir()
    (folder / "main:nets" / "model.txt").write_text("input 3x8x8\nrelu\n")
    assert not is_revision("main:nets/model.txt")
    assert "relu1" in run("diff", "main:nets/model.txt", "nets/model.txt", "--all").stdout


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("mian:nets/model.txt", "git knows no revision 'mian'"),
        ("mian:nets/model.txt", "did you mean 'main:nets/model.txt'?"),
        ("main:nets/modl.txt", "main:nets/modl.txt: not in revision 'main'"),
        ("main:nets/modl.txt", "did you mean 'main:nets/model.txt'?"),
        ("main:nets", "this is a folder, not a file"),
        ("main:../model.txt", "outside of the git repository"),
        ("main:/etc/passwd", "outside of the git repository"),
        ("main:nets/model.txt/x", "not in revision 'main'"),
        ("--help:nets/model.txt", "git knows no revision '--help'"),
        ("--output=stolen:nets/model.txt", "git knows no revision"),
        ("$(touch stolen):nets/model.txt", "git knows no revision"),
        ("main;touch stolen:x", "git knows no revision"),
        ("main:nets/\nmodel.txt", "no control characters"),
        ("main:a\0b", ""),
        ("main:nets/mod\udcffel.txt", "not in revision 'main'"),
        ("HEAD^{/no: such}:nets/model.txt", "git knows no revision 'HEAD^{/no: such}'"),
        ("main:", "no such file"),
    ],
)
def test_what_git_does_not_have(run, git, folder, word, said):
    before = sorted(folder.rglob("*"))
    result = run("diff", "--", word, "nets/model.txt")
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert sorted(folder.rglob("*")) == before


def test_a_branch_that_was_not_fetched(run, git, folder):
    """A checkout in a workflow has one commit alone: the commonest way for `cnncalc diff origin/main` to fail."""
    result = run("diff", "origin/main")
    assert result.exit_code == 2
    assert "origin/main: no such file, and git knows no revision 'origin/main'" in result.stderr
    assert "'git fetch origin main' brings it" in result.stderr
    (folder / "origin").mkdir()
    (folder / "origin" / "main").write_text("input 3x8x8\nrelu\n")
    assert "knows no revision" not in run("diff", "origin/main").stderr


def test_a_revision_found_by_its_message(run, git):
    git("commit", "--allow-empty", "-qm", "wider: yes")
    assert run("diff", "HEAD^{/wider: yes}:nets/model.txt", "nets/model.txt").exit_code == 0


def test_links_are_followed_within_the_repository(run, git, folder):
    os.symlink("nets/model.txt", folder / "link.txt")
    os.symlink("nets", folder / "folder")
    os.symlink("/etc/passwd", folder / "out.txt")
    git("add", ".")
    git("commit", "-qm", "links")
    assert run("diff", "HEAD:folder/model.txt", "nets/model.txt").exit_code == 0
    result = run("diff", "HEAD:out.txt", "nets/model.txt")
    assert result.exit_code == 2
    assert "leads nowhere in the repository" in result.stderr


def test_faults_are_told_where_they_are(run, git, folder):
    (folder / "nets" / "model.txt").write_text(MODEL.replace("maxpool", "maxpol"))
    (folder / "nets" / "parts" / "blocks.txt").write_text(BLOCKS.replace("bn", "bm"))
    git("commit", "-qam", "broken")
    result = run("diff", "HEAD:nets/model.txt", "main:nets/model.txt")
    assert result.exit_code == 2
    assert "HEAD:nets/model.txt:5:1: error: unknown layer 'maxpol'" in result.stderr
    assert "HEAD:nets/parts/blocks.txt:2:25: error: unknown layer 'bm'" in result.stderr
    (folder / "nets" / "model.txt").write_text(MODEL.replace("parts/blocks", "../../blocks"))
    git("commit", "-qam", "outside")
    result = run("diff", "HEAD:nets/model.txt", "main:nets/model.txt")
    assert "HEAD:nets/model.txt:1:5: error: HEAD:../blocks.txt: this is outside of the git repository" in result.stderr


def test_files_of_a_revision_in_a_circle(run, git, folder):
    (folder / "nets" / "parts" / "blocks.txt").write_text("use ../model.txt\n" + BLOCKS)
    git("commit", "-qam", "circle")
    result = run("diff", "HEAD:nets/model.txt", "main:nets/model.txt")
    assert result.exit_code == 2
    assert "use each other in a circle" in result.stderr


def test_no_repository_and_no_git(run, spec, monkeypatch, folder):
    spec()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    result = run("diff", "main:model.txt", "model.txt")
    assert result.exit_code == 2
    assert "main:model.txt: no such file, and this folder is in no git repository" in result.stderr
    monkeypatch.setenv("PATH", str(folder))
    result = run("diff", "main:model.txt", "model.txt")
    assert result.exit_code == 2
    assert "there is no git here" in result.stderr


def test_a_git_that_does_not_answer(git, folder, monkeypatch):
    from cnncalc.interpret.reading import revisions

    program = folder / "bin" / "git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(revisions, "PATIENCE", 0.2)
    with pytest.raises(SpecError, match="git has not answered"):
        read_revision("main:nets/model.txt")


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("main:a.txt", ("main", "a.txt")),
        ("origin/main:a/b.txt", ("origin/main", "a/b.txt")),
        ("HEAD@{12:30}:a.txt", ("HEAD@{12:30}", "a.txt")),
        ("HEAD^{/fix: it}:a:b.txt", ("HEAD^{/fix: it}", "a:b.txt")),
        (":a.txt", ("", "a.txt")),
        ("a.txt", None),
    ],
)
def test_revisions_are_taken_apart_as_git_does(word, parts):
    assert split(word) == parts


@pytest.mark.parametrize("side", [":nets/model.txt", "HEAD:nets/model.txt", "feature/wide:nets/model.txt"])
def test_nothing_that_a_repository_configures_is_run(run, git, folder, side):
    marked = folder / "marked"
    script = folder / "mark.sh"
    script.write_text(f"#!/bin/sh\ntouch {marked}\n")
    script.chmod(0o755)
    hooks = folder / "hooks"
    hooks.mkdir()
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "core.editor", "core.askPass"):
        git("config", name, str(script))
    git("config", "core.hooksPath", str(hooks))
    assert run("diff", side, "nets/model.txt").exit_code == 0
    assert not marked.exists()


def test_what_a_repository_lacks_is_not_fetched(run, git, folder):
    """A promisor's transport may be a command: it is not asked for an object that is not here."""
    marked = folder / "marked"
    git("config", "core.repositoryFormatVersion", "1")
    git("config", "extensions.partialClone", "origin")
    git("config", "remote.origin.url", f"ext::touch {marked}")
    git("config", "remote.origin.promisor", "true")
    git("config", "protocol.ext.allow", "always")
    assert run("diff", f"{'1' * 40}:nets/model.txt", "nets/model.txt").exit_code == 2
    blob = git("rev-parse", "HEAD:nets/model.txt").strip()
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert run("diff", "HEAD:nets/model.txt", "nets/model.txt").exit_code == 2
    assert not marked.exists()


def test_a_bare_repository_that_lies_in_the_tree_is_not_believed(run, git, folder, monkeypatch):
    bare = folder / "sub"
    git("init", "-q", "--bare", "sub")
    (bare / "net.txt").write_text("input 3x8x8\nconv 4 3\n")
    monkeypatch.chdir(bare)
    result = run("diff", ":net.txt", "net.txt")
    assert result.exit_code == 2
    assert "safe.bareRepository" in result.stderr
