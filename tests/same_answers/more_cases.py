"""The other cases: faulty and generated specs, projects, wrong options, what writes files, the Python interface."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from .cases import COMMANDS, CONVENTIONS, FORMATS, SCREENS, formats
from .inputs import Inputs
from .python_cases import SNIPPETS
from .sides import Case

TOPICS = "language counting json pyproject exit-codes".split()
NET = "model Net\nlet width = 16\ninput 3x32x32\nconv width 3 pad=1 | relu | maxpool 2\nflatten | fc 10\nrequire params <= 1k\n"
GOOD, BAD = "input 3x8x8\nconv 4 3 -> 4x6x6\n", "input 3x8x8\nconv 4 3 -> 4x8x8\nrequire params == 5\n"
FAULTY = "input 3x8x8\nconv 4\nrelu x\n"

WRONG = [
    "", "--version", "-h", "--help", "shape", "shaeps @lenet5", "@lenet5", "examples/unet.txt", "--nothing", "shapes --nothing",
    "shapes @nothing", "shapes nothing.txt", "shapes examples", "shapes @lenet", "shapes", "shapes a b", "shapes @lenet5 --depth 0",
    "shapes @lenet5 --depth x", "shapes @lenet5 --depth", "shapes @lenet5 --format xml", "shapes @lenet5 --format=json -q",
    "shapes @lenet5 --columns nothing", "shapes @lenet5 --columns", "shapes @lenet5 --columns +nothing,-layer", "shapes @lenet5 --columns ,",
    "shapes @lenet5 --sort nothing", "shapes @lenet5 --top 0", "shapes @lenet5 --top -1", "shapes @lenet5 --layout whc",
    "shapes @lenet5 --count nothing", "shapes @lenet5 --count fvcor", "shapes @lenet5 --count ,", "shapes @lenet5 --batch 0",
    "shapes @lenet5 --batch 1.5", "shapes @lenet5 --batch 1_000", "shapes @lenet5 --dtype fp8", "shapes @lenet5 --max-layers 3",
    "shapes @lenet5 --max-layers x", "shapes @lenet5 --input 3", "shapes @lenet5 --input huge", "shapes @lenet5 --input x=1x32x32",
    "shapes @lenet5 --input input=1x32x32", "shapes @lenet5 --input =3", "shapes @lenet5 --input 1x3x3 --input 1x4x4",
    "shapes @lenet5 --set width=3", "shapes @lenet5 --set width", "shapes @lenet5 --set =3", "shapes @tcn --set width=x", "shapes @tcn --set width=(1,2)",
    "shapes @tcn --set widht=3", "shapes @tcn --set width=0", "shapes @lenet5 --output examples", "shapes @lenet5 -o nothing/x.json",
    "shapes examples/lenet5.txt -o examples/lenet5.txt", "shapes -", "shapes @unet --input 1x571x571", "shapes @unet --input 1x100x100",
    "explain @lenet5 nothing", "explain nothing", "explain @lenet5 conv", "explain @lenet5 conv1 relu1", "explain @lenet5 --at 0,0",
    "explain @lenet5 conv1 --at 99,99", "explain @lenet5 conv1 --at x", "explain @lenet5 conv1 --at 1", "explain @lenet5 conv1 --want huge",
    "explain @lenet5 --want 3x3x3", "explain @lenet5 --without everything", "explain @lenet5 --against thop", "explain @lenet5 --count thop",
    "explain @lenet5 --count thop --against nothing", "explain @lenet5 --count thop,fvcore --against macs", "explain @lenet5 fc1 --at 3",
    "explain @lenet5 conv1 --at 0,0 --want 3x3x3", "explain @lenet5 --without padding --count macs --against thop", "explain @c3d conv1a --at 1,2,3",
    "explain @tcn --without stride", "compare @lenet5 --hidden x", "compare @lenet5 --hidden 0", "compare @lenet5 --hidden 4096,",
    "compare @lenet5 --layer nothing", "compare @lenet5 @alexnet --layer conv1", "compare @lenet5 @alexnet --hidden 10", "compare @lenet5 --vary x=1,2",
    "compare @tcn --vary width=", "compare @tcn --vary width", "compare @tcn --vary width=8,16,32,64", "compare @tcn --vary width=8 --vary width=9",
    "compare @tcn @tcn --vary width=8,16", "compare @tcn --vary width=8,16 --set width=3", "compare @lenet5 --plot x.pdf", "compare @lenet5 --plot x",
    "compare @lenet5 nothing.txt", "compare @lenet5 @lenet5", "compare @lenet5 @lenet5 --mlp", "compare @series-1d @series-2d --count exact",
    "memory @lenet5 --optimizer lion", "memory nothing.txt", "check nothing.txt", "check", "check examples/lessons", "check examples examples/unet.txt",
    "check @lenet5 --max-params x", "check @lenet5 --max-params 5Q", "check @lenet5 --max-params -1", "check @lenet5 --max-peak 1MB",
    "check @lenet5 --expect-output huge", "check @lenet5 --expect-output x=10", "check @lenet5 --expect-output fc3=10", "check @lenet5 --config nothing.toml",
    "check @lenet5 --update-baseline", "check @lenet5 --input 1x28x28", "check --specs-only examples/README.md", "check examples/README.md",
    "check -", "check @lenet5 --max-field 3x3x3", "diff", "diff @lenet5", "diff @lenet5 nothing.txt", "diff @lenet5 @lenet5", "diff a b c",
    "diff @lenet5 @alexnet --fail-above", "diff @lenet5 @alexnet --fail-above x=1", "diff @lenet5 @alexnet --fail-above params=x",
    "diff @lenet5 @alexnet --fail-above params", "diff HEAD:x.txt @lenet5", "annotate nothing.txt", "annotate", "annotate @lenet5", "annotate --check examples",
    "annotate --check --diff examples/unet.txt", "annotate --remove --blank examples/unet.txt", "annotate --specs-only examples/README.md",
    "annotate --check examples/README.md", "fmt nothing.txt", "fmt", "fmt @lenet5", "fmt --check examples", "fmt --diff examples", "fmt --check -q examples",
    "fmt --check examples/README.md", "fmt --specs-only --check examples/README.md", "layers nothing", "layers con", "layers conv fc", "conventions nothing",
    "conventions fvcor", "new nothing", "new lenet", "new lenet5 alexnet", "help nothing", "help shap", "help help", "help a b",
]  # fmt: skip


def of_texts(inputs: Inputs) -> Iterator[Case]:
    """Help, kinds, conventions, examples; wrong command lines."""
    for command in COMMANDS:
        for screen in SCREENS[1:8:2]:
            yield Case("--help", [[command, "--help"]], **screen)
    for screen in SCREENS[1::2]:
        for words in (["--help"], [], ["help"], *(["help", topic] for topic in [*TOPICS, *COMMANDS])):
            yield Case("help", [words], core=not screen, **screen)
    aliases = (
        "depthwise deconv dense Conv2d MaxPool2d Linear Keras BatchNormalization Gemm GlobalAveragePooling2D".split()
    )
    kinds = (
        "conv dwconv upconv localconv maxpool avgpool gavgpool gmaxpool fc flatten reshape bn in gn ln lrn relu relu6 leakyrelu "
        "prelu elu selu gelu silu mish hardswish hardsigmoid sigmoid tanh softplus softmax logsoftmax glu dropout identity add "
        "mul concat pad crop resize pixelshuffle pixelunshuffle shuffle take scale learned tokens attention mean max"
    ).split()
    screens = cycle(SCREENS)
    for word in ["", *kinds, *aliases]:
        for number, form in enumerate(formats("layers")):
            if number % 2 or not word:
                yield Case(
                    "layers",
                    [["layers", *[word] * bool(word), *form]],
                    core="json" in form and not word,
                    **next(screens),
                )
    for word in ["", *CONVENTIONS, "fvcore", "thop"]:
        for form in formats("conventions"):
            yield Case(
                "conventions",
                [["conventions", *[word] * bool(word), *form]],
                core="json" in form and not word,
                **next(screens),
            )
    yield Case("new", [["new"]], core=True)
    yield Case("new", [["new"]], tty=80)
    for spec in inputs.examples:
        yield Case("new", [["new", spec.at[1:]]])
        yield Case(
            "new",
            [["new", spec.at[1:], "-o", "m.txt"], ["new", "lenet5", "-o", "m.txt"], ["shapes", "m.txt"]],
            files={},
        )
    for number, line in enumerate(WRONG):
        for screen in ({}, {"tty": 80} if number % 2 else {"encoding": "ascii"}):
            yield Case(
                "wrong words",
                [line.split()],
                core=not screen and number % 2 == 0,
                stdin="input 3x8x8\nconv 4 3\n",
                **screen,
            )
    for command in ("shapes", "explain", "memory", "check", "compare", "annotate", "fmt"):
        yield Case(command, [[command, "-"]], stdin=NET, core=True)
        yield Case(command, [[command, "-"]], stdin=FAULTY)
        yield Case(command, [[command]], files={"model.txt": NET}, core=True)


def of_specs(inputs: Inputs) -> Iterator[Case]:
    """Faulty specs by two commands in every manner; generated ones by all."""
    forms, screens = cycle(FORMATS["check"]), cycle(SCREENS)
    others = cycle(
        [
            "explain",
            "memory",
            "compare",
            "annotate --diff",
            "fmt --diff",
            "diff examples/lenet5.txt",
            "shapes --format csv",
        ]
    )
    for number, spec in enumerate([*inputs.faulty, *inputs.mutated]):
        yield Case("faulty: check", [["check", spec.path, "--format", "json"]], core=number % 4 == 0)
        if number % 3 == 0:
            yield Case("faulty: check", [["check", spec.path, "--format", next(forms)]], **next(screens))
        if number % 2:
            yield Case("faulty: shapes", [["shapes", spec.path, "--format", "plain"]], **next(screens))
        else:
            command, *words = next(others).split()
            yield Case(f"faulty: {command}", [[command, *words, spec.path]], **next(screens))
    count = cycle(CONVENTIONS)
    for number, spec in enumerate(inputs.generated):
        core = number % 8 == 0
        yield Case("made: shapes", [["shapes", spec.path, "--format", "json", "--count", next(count)]], core=core)
        yield Case("made: check", [["check", spec.path, "--format", "json"]], core=core)
        layer = spec.words.get(f"layer{number % 11}")
        if number % 2:
            command, *words = next(others).split()
            yield Case(f"made: {command}", [[command, *words, spec.path]], **next(screens))
        elif layer:
            yield Case("made: explain", [["explain", spec.path, layer, "--format", ("json", "plain")[number // 2 % 2]]])
        if number % 3 == 0:
            command = ("memory", "compare")[number // 3 % 2]
            yield Case(f"made: {command}", [[command, spec.path, "--format", "json"]])


def of_projects(inputs: Inputs) -> Iterator[Case]:
    """Whole folders of specs with a pyproject.toml, baselines, and files that are written."""
    specs = {
        "models/a.txt": GOOD,
        "models/b.txt": BAD,
        "models/c.txt": NET,
        "models/edge/d.txt": NET.replace("16", "64"),
        "notes.txt": "x\n",
    }
    head = '[tool.cnncalc]\nspecs = ["models/*.txt", "models/edge/*.txt"]\n'
    tables = [
        "", "strict = true\n", 'max-params = "5k"\nmax-peak = "1KiB"\n', "max-parms = 3\n", 'max-params = "x"\n', "max-depth = 1\n",
        '[tool.cnncalc.limits."models/edge/*.txt"]\nmax-macs = "600k"\nexpect-output = "10"\n', '[tool.cnncalc.variables]\nwidth = [8, 16, 64]\n',
        '[tool.cnncalc.variables."models/*.txt"]\nwidth = [8]\n', '[tool.cnncalc.variables."models/c.txt"]\nwidth = [8, "x"]\n',
        '[tool.cnncalc.tolerance]\nparams = "25%"\nmacs = 3\n', "[tool.cnncalc.tolerance]\nnothing = 3\n", "specs = 3\n", "[[[\n", 'specs = ["none/*.txt"]\n',
    ]  # fmt: skip
    for number, table in enumerate(tables):
        files = {**specs, "pyproject.toml": (head if "specs =" not in table else "[tool.cnncalc]\n") + table}
        for form in formats("check"):
            yield Case("projects", [["check", *form]], files=files, core=number < 8 and not form)
            yield Case("projects", [["check", "models", "-q", *form]], files=files, tty=80 if number % 2 else 0)
        later = {"models/a.txt": GOOD.replace("4", "5"), "models/e.txt": GOOD}
        for form in (["--format", "concise"], ["--format", "json"], []):
            steps = [["check", "--update-baseline"], ["check", *form], later, ["check", *form], ["check", "models/a.txt", *form],
                     ["check", "--set", "width=4", *form], ["check", "--update-baseline", *form], ["check", *form]]  # fmt: skip
            yield Case("baselines", steps, files=files, core=number in (0, 10))
    for table in (
        "{}",
        '{"version": 1}',
        "[",
        '{"version": 99, "specs": {}}',
        '{"version": 1, "specs": {"models/a.txt": {"params": 1}}}',
    ):
        yield Case(
            "baselines",
            [["check"], ["check", "--format", "json"]],
            files={**specs, "pyproject.toml": head, "cnncalc-baseline.json": table},
        )
    for words in (
        ["fmt"],
        ["fmt", "."],
        ["annotate", "."],
        ["annotate", "--blank", "models"],
        ["fmt", "--check", "."],
        ["annotate", "--check", "."],
    ):
        yield Case("projects", [words, words, ["check", "models"]], files={**specs, "models/f.txt": FAULTY}, core=True)
    for command, forms in FORMATS.items():
        for name in ("x.json", "x.csv", "x.md", "x.txt", "x.xml", "x.sarif", "deep/x.txt"):
            subject = {"diff": ["c.txt", "d.txt"], "layers": ["conv"], "conventions": ["fvcore"]}.get(
                command, ["c.txt"]
            )
            files = {"c.txt": NET, "d.txt": NET.replace("3 pad", "5 pad"), "pyproject.toml": ""}
            yield Case(f"{command} -o", [[command, *subject, "-o", name]], files=files)
            yield Case(
                f"{command} -o",
                [[command, *subject, "-o", name, "--color", "--format", forms[-1]]],
                files=files,
                tty=60,
            )
    for words in (
        ["@lenet5"],
        ["@pairs/plain", "@pairs/bottleneck", "--mlp"],
        ["@alexnet", "--hidden", "4096"],
        ["@tcn", "--vary", "width=8,16"],
    ):
        for name in ("x.svg", "x.png"):
            yield Case("compare --plot", [["compare", *words, "--plot", name]], files={})


def of_revisions(inputs: Inputs) -> Iterator[Case]:
    """`cnncalc diff` in a git repository."""
    sides = ["v0", "v1", "v2", "HEAD~1", "main", "nothing"]
    for number, (one, two) in enumerate((one, two) for one in sides for two in [*sides, ""]):
        form = formats("diff")[number % 6]
        new = f"{two}:git/nets/model.txt" if two else "git/nets/model.txt"
        yield Case("diff revisions", [["diff", f"{one}:git/nets/model.txt", new, *form]])
    for words in (["git/nets/model.txt"], ["git/nets/new.txt"], ["v0:git/nets/none.txt", "v1:git/nets/model.txt"]):
        yield Case("diff revisions", [["diff", *words]], core=True)


def of_python(inputs: Inputs) -> Iterator[Case]:
    """The Python interface, of every example, some generated and some faulty specs."""
    for spec in [*inputs.examples, *inputs.seeds[::3], *inputs.generated[::25], *inputs.faulty[::12]]:
        example = spec in inputs.examples
        for name, code in SNIPPETS.items():
            yield Case(f"python: {name}", [[spec.path]], code=code, core=example and name == "analyze")


def of_interpreters(inputs: Inputs) -> Iterator[Case]:
    """A new interpreter for each: what a command imports is there when nothing else has been imported."""
    lines = [
        "",
        "--version",
        "help",
        "help language",
        "layers",
        "layers conv",
        "conventions",
        "conventions fvcore",
        "new",
        "new lenet5",
        "shapes nothing.txt",
    ]
    for command in ("shapes", "compare", "explain", "memory", "check"):
        lines += [f"{command} @googlenet --format {form}" for form in FORMATS[command]]
        lines += [f"{command} {inputs.faulty[60].path}", f"{command} @nothing", f"{command} @lenet5 --color"]
    lines += [f"diff @pairs/plain @pairs/bottleneck --format {form}" for form in FORMATS["diff"]]
    lines += [
        "explain @lenet5 conv1",
        "explain @lenet5 --count macs --against thop",
        "explain @lenet5 --without padding",
        "shapes @lenet5 --count exact",
    ]
    lines += [
        "annotate --diff examples/lenet5.txt",
        "fmt --diff examples/lenet5.txt",
        "explain @lenet5 conv1 --at 1,1",
        "explain @lenet5 conv1 --want 6x9x9",
    ]
    for number, line in enumerate(lines):
        yield Case("new interpreters", [line.split()], cold=True, way=("run", "main")[number % 2], core=number % 3 == 0)
