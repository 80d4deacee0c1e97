"""Specs of a git repository's revisions: ``REV:path``, read by git itself, never through a shell."""

from __future__ import annotations

import os
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from ...diagnostics import Source, SpecError
from .files import MAX_BYTES, Files, entered, fail, read_source, source_of

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from ...convert.readers import How

#: A repository that came from elsewhere may configure commands, which git would run to read a file: none of them is.
#: Nor is a bare repository believed that lies in the tree, and what is not here is not fetched.
_NOTHING_RUN = [
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.bareRepository=explicit",
    "-c", "protocol.allow=never", "--no-pager",
]  # fmt: skip
_ENVIRONMENT = {
    "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}  # fmt: skip
#: Seconds for one call of git: a large repository on a slow disk, not a hang.
PATIENCE = 60
#: Names of git's that are looked at.
_MOST = 2000


class Revision(Files):
    """The files of one revision; a `use` line reads from the same one. Paths start at the repository's root."""

    def __init__(self, name: str, tree: str, main: str) -> None:
        super().__init__(dirname(main))
        #: The revision as it was written; empty for the index.
        self.revision = name
        self.tree = tree
        self.main = main

    def own(self, source: Source) -> str:
        """Where the main file lies in the repository."""
        return self.main

    def key(self, path: str) -> str:
        """The path from the root, without detours."""
        return normpath(path.replace(os.sep, "/"))

    def name(self, written: str, parent: str) -> str:
        """``main:blocks.txt``."""
        beside = join(dirname(parent.removeprefix(f"{self.revision}:")), written)
        return f"{self.revision}:{normpath(beside)}"

    def read(self, path: str, name: str) -> bytes:
        """The bytes of a file of the revision. Raises SpecError."""
        return _read(self, self.key(path), name)


def split(word: str) -> tuple[str, str] | None:
    """Revision and path of ``REV:path``, as git takes it apart: not at a colon in braces. None for anything else, and
    for what of a file of code is meant, ``net.py:Net``.
    """
    depth = 0
    for place, char in enumerate(word):
        depth += (char == "{") - (char == "}")
        if char == ":" and depth <= 0:
            return None if word[:place].endswith(".py") else (word[:place], word[place + 1 :])
    return None


def is_revision(word: str) -> bool:
    """Whether `word` means a file in a git repository: it has such a form, and there is no file of that name."""
    found = split(word)
    return found is not None and found[1] != "" and not word.startswith("@") and not os.path.exists(word)


def instead(word: str, other: str) -> str | None:
    """What to write for `word`, which is no file but a revision of its own, beside `other`; None for anything else."""
    if not word or word[0] in "-@" or split(word) or os.path.exists(word) or split(other):
        return None
    try:
        return f"write '{word}:{other}' for that file in revision '{word}'" if tree_of(word, word) else None
    except SpecError:
        return None


def read_either(word: str, named: bool = True, how: How | None = None) -> tuple[Source, str | Revision]:
    """The text of a file or of ``REV:path``, and where its ``use`` lines find their files; for commands that set
    models side by side. Raises SpecError.
    """
    return read_revision(word, how) if is_revision(word) else read_source(word, named, how)


def read_revision(word: str, how: How | None = None) -> tuple[Source, Revision]:
    """The text of ``REV:path``, and where its ``use`` lines find their files.

    A path starts at the root of the repository, as in git, or at this folder where it begins with ``./`` or ``../``;
    one that is not found from the root is looked for from here. Raises SpecError with the reason in words.
    """
    revision, path = split(word) or ("", word)
    path, entry = entered(path)
    if entry is not None:
        from ...convert.readers import How

        how = (how or How())._replace(entry=entry)
    if any(ord(char) < 32 for char in word):
        raise fail(word, "a path in a revision has no control characters")
    may_be = _places(word, path)
    tree = tree_of(word, revision)
    faults = []
    for place in may_be:
        try:
            made = Revision(revision, tree, place)
            data = _read(made, place, word)
            if place.endswith(".py"):
                from ...convert.readers import How
                from .revision_code import with_code

                how = with_code(how or How(), word, made)
            return source_of(word, place, data, how), made
        except SpecError as error:
            if error.diagnostics[0].code != "not-in-revision":
                raise
            faults.append(error)
    raise faults[0]


def _places(word: str, path: str) -> list[str]:
    """Where a path of a revision may be, from the root of the repository. Raises SpecError."""
    prefix = git(word, ["rev-parse", "--show-prefix"]).decode(errors="surrogateescape").rstrip("\n")
    beside = normpath(prefix + path)
    return [beside] if path.startswith(("./", "../")) else list(dict.fromkeys((normpath(path), beside)))


def places(word: str) -> list[str]:
    """The absolute paths that ``REV:path`` may have on the disk. Raises SpecError."""
    above = top(word)
    return [os.path.join(above, place) for place in _places(word, (split(word) or ("", word))[1])]


def top(word: str) -> str:
    """The folder of the repository here, in which `word` is looked for. Raises SpecError."""
    return git(word, ["rev-parse", "--show-toplevel"]).decode(errors="surrogateescape").rstrip("\n")


def references(word: str) -> list[str]:
    """The branches and tags of the repository. Raises SpecError."""
    asked = ["for-each-ref", "--format=%(refname:short)", f"--count={_MOST}"]
    return git_run(word, asked).stdout.decode(errors="replace").split()


def all_files(word: str, revision: str) -> dict[str, str]:
    """The id of the text of every file of a revision, by its path from the root. Raises SpecError."""
    listed = git(word, ["ls-tree", "-r", "-z", "--full-tree", tree_of(word, revision)])
    entries = [one.partition("\t") for one in listed.decode(errors="surrogateescape").split("\0") if one]
    return {path: kind.split(" ")[2] for kind, _, path in entries if " blob " in kind}


def staged(word: str) -> set[str]:
    """The paths from the root of the files of the index. Raises SpecError."""
    return set(git(word, ["ls-files", "-z", "--full-name", "--", ":/"]).decode(errors="surrogateescape").split("\0"))


def not_ignored(word: str) -> list[str]:
    """The paths from the root of the files that the repository has or would take. Raises SpecError."""
    asked = ["ls-files", "-z", "--full-name", "--cached", "--others", "--exclude-standard", "--", ":/"]
    return sorted(set(filter(None, git(word, asked).decode(errors="surrogateescape").split("\0"))))


def beside(word: str) -> list[str]:
    """``REV:path`` for each file and folder in the folder of `word`, folders with a slash. Raises SpecError."""
    revision, path = split(word) or ("", word)
    folder = path.rpartition("/")[0]
    place = _places(word, folder)[-1] if path.startswith(("./", "../")) else normpath(folder)
    asked = ["ls-tree", "-z", f"{tree_of(word, revision)}:{'' if place == '.' else place}"]
    entries = [one.partition("\t") for one in git(word, asked).decode(errors="replace").split("\0")[:_MOST] if one]
    return [f"{revision}:{folder}{'/' * bool(folder)}{name}{'/' * (' tree ' in kind)}" for kind, _, name in entries]


def tree_of(word: str, revision: str) -> str:
    """The hash of the tree of `revision`; empty for the index. Raises SpecError."""
    if not revision:
        return ""
    asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}"]
    found = git_run(word, asked)
    if found.returncode == 0:
        return found.stdout.decode().strip()
    from difflib import get_close_matches

    close = get_close_matches(revision, references(word), 1)
    path = word[len(revision) :]
    remote, slash, branch = revision.partition("/")
    if close:
        help = f"did you mean '{close[0]}{path}'?"
    elif slash and remote == "origin":
        help = f"'git fetch origin {branch}' brings it; in a workflow actions/checkout does with 'fetch-depth: 0'"
    else:
        help = "'git branch --all' and 'git tag' list what there is"
    raise fail(word, f"no such file, and git knows no revision '{revision}'", help)


def _read(revision: Revision, path: str, name: str) -> bytes:
    """The bytes of the file at `path` from the root; links of the repository are followed. Raises SpecError."""
    where = f"revision '{revision.revision}'" if revision.revision else "the index"
    if path == ".." or path.startswith(("../", "/")):
        raise fail(name, "this is outside of the git repository")
    follow = ["--follow-symlinks"] if revision.tree else []  # git does not follow those of the index
    asked = f"{revision.tree}:{path}\n".encode(errors="surrogateescape")
    line = git(name, ["cat-file", "--batch-check", *follow], asked).split(b"\n")[0]
    oid, *rest = line.split(b" ")
    if len(rest) != 2 or rest[0] not in (b"blob", b"tree") or not rest[1].isdigit():
        if line.startswith((b"symlink ", b"dangling ", b"loop ")):
            raise fail(name, f"a link in {where} that leads nowhere in the repository")
        if revision.tree and git_run(name, ["ls-tree", "--full-tree", revision.tree, "--", path]).stdout:
            raise fail(name, f"it is in {where}, and its text is not in this repository", "'git fetch' gets it")
        raise fail(name, f"not in {where}", _neighbour(revision, path, name), "not-in-revision")
    if rest[0] == b"tree":
        raise fail(name, "this is a folder, not a file")
    if int(rest[1]) > MAX_BYTES:
        raise fail(name, f"over {MAX_BYTES // 2**20} MiB: this is no spec that anybody wrote", code="too-large")
    return git(name, ["cat-file", "blob", oid.decode()])


def _neighbour(revision: Revision, path: str, name: str) -> str | None:
    """What a path that is not there may have meant: a file beside it with a similar name."""
    if not revision.tree:
        return "'git ls-files' lists what is there"
    folder, file = os.path.split(path)
    asked = ["ls-tree", "--name-only", "-z", f"{revision.tree}:{folder}"]
    from difflib import get_close_matches

    listed = git_run(name, asked).stdout.decode(errors="replace").split("\0")[:_MOST]
    close = get_close_matches(file[:100], listed, 1)
    return f"did you mean '{revision.revision}:{os.path.join(folder, close[0])}'?" if close else None


def git(word: str, arguments: list[str], given: bytes = b"") -> bytes:
    """What git prints. Raises SpecError with its own words where it fails."""
    found = git_run(word, arguments, given)
    if found.returncode == 0:
        return found.stdout
    said = found.stderr.decode(errors="replace").strip().split("\n")[0].removeprefix("fatal: ")
    if "not a git repository" in said:
        raise fail(word, "no such file, and this folder is in no git repository")
    raise fail(word, f"git says: {said or f'exit code {found.returncode}'}")


def git_run(word: str, arguments: list[str], given: bytes = b"") -> CompletedProcess[bytes]:
    """One call of git. Raises SpecError where there is no git, or it takes too long."""
    import subprocess

    environment = {**os.environ, **_ENVIRONMENT}
    try:
        return subprocess.run(
            ["git", *_NOTHING_RUN, *arguments],
            input=given,
            capture_output=True,
            timeout=PATIENCE,
            env=environment,
            check=False,
        )
    except FileNotFoundError:
        raise fail(word, "no such file, and to look for it in a git repository there is no git here") from None
    except subprocess.TimeoutExpired:
        raise fail(word, f"git has not answered for {PATIENCE} seconds") from None
    except OSError as error:
        raise fail(word, f"git cannot be run: {error.strerror or error}") from None
