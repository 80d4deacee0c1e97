"""A git repository with specs, and the real git and pre-commit in it."""

import os
import shutil
import subprocess
import sysconfig

import pytest

SCRIPTS = sysconfig.get_path("scripts")

EDGE = """\
model EdgeNet
input 3x15x15
let width = 16

block step(width):
    conv width 3 stride=2 pad=1 bias=no | bn | relu

step width          -> 16x8x8
step width*2        -> 32x4x4
step width*4        -> 64x2x2
gavgpool | flatten
fc 10               -> 10

require params <= 30k  "the device has no more"
"""
HEAD = """\
use ../blocks/head.txt
model Head
input 64x8x8
classify 10
"""
BLOCKS = """\
block classify(units):
    gavgpool | flatten | fc units
"""
PROJECT = """\
[tool.cnncalc]
specs = ["models/*.txt"]
max-macs = "500k"

[tool.cnncalc.tolerance]
params = "1%"
"""
HOOKS = """\
repos:
  - repo: local
    hooks:
      - id: cnncalc-fmt
        name: cnncalc fmt
        entry: cnncalc fmt --specs-only --
        language: system
        files: \\.txt$
      - id: cnncalc-check
        name: cnncalc check
        entry: cnncalc check --specs-only --
        language: system
        files: \\.txt$
        require_serial: true
"""


class Repository:
    """A folder with the commands of a developer."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment

    def run(self, *command, code=0, **more):
        """Runs a command, which must end in `code`; returns its output, both streams as they came."""
        done = subprocess.run(
            command, cwd=self.folder, env={**self.environment, **more}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{' '.join(command)}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def git(self, *arguments, code=0):
        return self.run("git", *arguments, code=code)

    def cnncalc(self, *arguments, code=0, **more):
        return self.run("cnncalc", *arguments, code=code, **more)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def read(self, name):
        return (self.folder / name).read_text("utf-8")

    def edit(self, name, old, new):
        text = self.read(name)
        assert text.count(old) == 1, text
        self.write(name, text.replace(old, new))

    def commit(self, message, code=0):
        self.git("add", "--all")
        return self.git("commit", "-m", message, code=code)


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """Nothing of the developer's own git and pre-commit."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    kept.pop("GITHUB_ACTIONS", None)
    identity = {f"GIT_{who}_{what}": "dev@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {
        **kept, **identity, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PATH": os.pathsep.join([SCRIPTS, kept["PATH"]]), "NO_COLOR": "1", "PYTHONUTF8": "1",
    }  # fmt: skip


@pytest.fixture(scope="session")
def template(tmp_path_factory, environment):
    """A project on its main branch, with a baseline and the hooks installed, and a branch to work on."""
    for tool in ("cnncalc", "pre-commit"):
        assert shutil.which(tool, path=SCRIPTS), "install the package first: pip install -e '.[test]'"
    made = Repository(tmp_path_factory.mktemp("template"), environment)
    for name, text in (("models/edge.txt", EDGE), ("models/head.txt", HEAD), ("blocks/head.txt", BLOCKS),
                       ("pyproject.toml", PROJECT), ("requirements.txt", "cnncalc\n"),
                       (".pre-commit-config.yaml", HOOKS)):  # fmt: skip
        made.write(name, text)
    made.git("init", "--initial-branch=main")
    made.cnncalc("check", "--update-baseline")
    made.run("pre-commit", "install")
    made.commit("The first models")
    made.git("switch", "-c", "wider")
    return made.folder


@pytest.fixture
def repository(tmp_path, template, environment):
    """The project, for one test."""
    folder = shutil.copytree(template, tmp_path / "project")
    return Repository(folder, environment)
