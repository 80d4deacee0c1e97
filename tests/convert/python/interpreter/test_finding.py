"""Where imports are looked for, and where they are not: outside of a project, in packages that define no layers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from programs import evaluator

from cnncalc.convert.python.expressions import settled
from cnncalc.convert.python.faults import Raised, Stop
from cnncalc.convert.python.finding import ModuleFinder, networks_of_keras
from cnncalc.convert.python.reading import sites
from cnncalc.convert.python.source import PythonFile


def found(root: Path, files: dict[str, str], main: str = "project/net.py") -> str:
    """What `result` is of the main file of a project with a folder of installed packages beside it."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    path = (root / main).resolve()
    finder = ModuleFinder(str(root.resolve() / "project"), str(path.parent), [str(root / "site")], {})
    try:
        interpreter, module = evaluator(finder, PythonFile("net.py", path.read_text("utf-8"), str(path)))
        value = settled(interpreter, module.names["result"])
        return repr([settled(interpreter, one) for one in value] if isinstance(value, list) else value)
    except Stop as stop:
        return stop.message
    except Raised as raised:
        return f"{raised.value.cls.name}: {raised.value.data[0]}"


PACKAGES = ["transformers", "numpy", "tensorflow", "wandb", "torchvision.transforms", "torchvision.datasets.folder",
            "torchvision.io", "json", "subprocess"]  # fmt: skip


@pytest.mark.parametrize("name", PACKAGES)
def test_packages_that_are_never_looked_into(tmp_path: Path, name: str) -> None:
    file = f"site/{name.replace('.', '/')}.py"
    text = f"import {name} as a\nfrom {name} import x\nresult = [a, a.x, x]\n"
    unknown = f"[<unknown: {name}>, <unknown: {name}.x>, <unknown: {name}.x>]"
    assert found(tmp_path, {file: "x = 1", "project/net.py": text}) == unknown


@pytest.mark.parametrize("name", ["torchvision.models", "timm.layers", "own"])
def test_packages_that_are_read(tmp_path: Path, name: str) -> None:
    file = f"site/{name.replace('.', '/')}.py"
    text = f"import {name} as a\nfrom {name} import x\nresult = [a, a.x, x]\n"
    assert found(tmp_path, {file: "x = 1", "project/net.py": text}) == f"[<module '{name}'>, 1, 1]"


def test_a_package_does_not_look_into_its_closed_parts_or_into_the_project(tmp_path: Path) -> None:
    files = {
        "site/torchvision/__init__.py": "from . import transforms, models\nimport mine\nfrom .transforms import Scale",
        "site/torchvision/models/__init__.py": "from ..transforms.more import y\nw = 1",
        "site/torchvision/transforms/__init__.py": "Scale = 1", "site/torchvision/transforms/more.py": "y = 1",
        "project/mine.py": "x = 1",
        "project/net.py": "import torchvision as t\nfrom torchvision.models import y, w\n"
                          "result = [t.mine, t.Scale, y, w]",
    }  # fmt: skip
    assert found(tmp_path, files) == (
        "[<unknown: mine>, <unknown: torchvision.transforms.Scale>, <unknown: torchvision.transforms.more.y>, 1]"
    )


def test_nothing_outside_of_the_project_is_read(tmp_path: Path) -> None:
    files = {
        "outside.py": "x = 1", "folder/inside.py": "x = 2", "project/pkg/a.py": "x = 3",
        "project/net.py": "import outside, linked, pkg.a\nfrom . import pkg as p\nfrom .. import outside as o\n"
                          "from ..outside import x\nfrom ...far.away import y\nimport shared.inside\n"
                          "result = [outside, linked, pkg.a.x, p, o, x, y, shared]",
    }  # fmt: skip
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "linked.py").symlink_to(tmp_path / "outside.py")
    (tmp_path / "project" / "shared").symlink_to(tmp_path / "folder")
    assert found(tmp_path, files) == (
        "[<unknown: outside>, <unknown: linked>, 3, <module 'pkg'>, <unknown: .outside>, <unknown: outside.x>, "
        "<unknown: far.away.y>, <unknown: shared>]"
    )


def test_a_project_of_very_many_files(tmp_path: Path) -> None:
    files = {f"project/m{number}.py": f"x = {number}" for number in range(401)}
    imports = "".join(f"import m{number}\n" for number in range(399))
    assert found(tmp_path, files | {"project/net.py": f"{imports}result = m398.x"}) == "398"
    text = f"{imports}def f():\n    import m399\nresult = 1\nf()"
    assert found(tmp_path, files | {"project/net.py": text}) == "this imports more than 400 files"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import apex", "ImportError: No module named 'apex'"), ("import torch", "there"),
        ("import torchvision", "there"), ("import numpy.linalg", "there"),
        ("from here import x", "there"), ("import sys", "there"), ("from .gone import x", "ImportError: No module named 'gone'"),
        ("from mine import y", "ImportError: cannot import name 'y' from 'mine'"), ("from mine import x", "there"),
        ("from math import nothing", "there"), ("from math import Sqrt", "ImportError: cannot import name 'Sqrt' from 'math'"),
    ],
)  # fmt: skip
def test_what_is_missing_is_caught(tmp_path: Path, code: str, expected: str) -> None:
    text = f"try:\n    {code}\n    result = 'there'\nexcept ImportError as error:\n    result = 'ImportError: ' + str(error)"
    files = {"site/here/__init__.py": "x = 1", "site/here/other.py": "", "project/mine.py": "x = 1"}
    assert found(tmp_path, files | {"project/net.py": text}) == repr(expected)


def test_files_are_shown_as_one_knows_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path)
    text = "import mine.part, inst, inst.low.leaf\nresult = [mine.part, inst, inst.low.leaf]"
    files = {"project/mine/part.py": "x = 1", "site/inst/__init__.py": "", "site/inst/low/leaf.py": "",
             "site/inst/low/__init__.py": "", "project/net.py": text}  # fmt: skip
    found(tmp_path, files)
    path = tmp_path.resolve() / "project" / "net.py"
    finder = ModuleFinder(str(path.parent), str(path.parent), [str(tmp_path / "site")], {})
    interpreter, module = evaluator(finder, PythonFile("net.py", text, str(path)))
    value = settled(interpreter, module.names["result"])
    assert [one.file.name for one in value] == ["project/mine/part.py", "inst/__init__.py", "inst/low/leaf.py"]
    assert [one.name for one in value] == ["mine.part", "inst", "inst.low.leaf"]
    assert sorted(one.name for one in finder.opened("inst")) == ["inst", "inst.low", "inst.low.leaf"]
    assert finder.read[0] == str(path)
    assert not any("site" in one for one in finder.read[:2])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("keras.applications.resnet", "keras.applications.resnet"), ("keras.applications", "keras.applications"),
        ("tensorflow.keras.applications.vgg16", "keras.applications.vgg16"), ("keras.layers", None),
        ("keras_applications.resnet", "keras.applications.resnet"), ("my.keras.applications", None),
        ("keras.src.applications.resnet", "keras.src.applications.resnet"), ("tensorflow", None),
    ],
)  # fmt: skip
def test_networks_of_keras(name: str, expected: str | None) -> None:
    assert networks_of_keras(name) == expected


def test_sites() -> None:
    assert sites("/some/folder") == ["/some/folder"]
    found = sites(None)
    assert found == [one for one in found if Path(one).is_dir()]
    assert any(one.startswith(sys.prefix) and Path(one).name == "site-packages" for one in found)
