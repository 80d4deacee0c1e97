"""The command lines about examples: every option of every command, each value with each of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from .inputs import Inputs, Spec
from .pairwise import pairwise
from .sides import Case

COMMANDS = "shapes compare explain memory check diff annotate fmt layers conventions new help".split()
TABLES = ["table", "plain", "json", "csv", "markdown"]
FORMATS = {"shapes": TABLES, "compare": TABLES, "memory": TABLES, "diff": TABLES, "layers": TABLES,
           "explain": ["table", "plain", "json", "markdown"], "conventions": ["table", "plain", "json", "markdown"],
           "check": ["text", "concise", "github", "junit", "sarif", "json"]}  # fmt: skip
CONVENTIONS = ("macs flops exact torchinfo-1.8.0 fvcore-0.1.5 ptflops-0.7.5 ptflops-0.7.5-aten thop-0.1.1 "
               "calflops-0.3.2 calflops-0.3.2-macs torch-2.13 torchprofile-0.1.0 onnx-tool-1.0.1").split()  # fmt: skip
COLUMNS = ("layer operation output params macs flops filter formula kept buffers inputs line path kind field field% "
           "jump start train").split()  # fmt: skip

#: How the program is called: a terminal of a width, another encoding, an environment.
SCREENS: list[dict[str, Any]] = [
    {}, {}, {"tty": 60}, {"tty": 80}, {"tty": 120}, {"tty": 200}, {"tty": 80, "env": {"NO_COLOR": "1"}},
    {"tty": 100, "env": {"TERM": "dumb"}}, {"env": {"COLUMNS": "100"}}, {"env": {"FORCE_COLOR": "1"}},
    {"encoding": "ascii"}, {"encoding": "cp1252"}, {"tty": 80, "encoding": "ascii"}, {"env": {"GITHUB_ACTIONS": "true"}},
]  # fmt: skip

#: Seeds that are asked about as the examples are.
OWN = (
    "kinds_2d.txt",
    "one_and_three_axes.txt",
    "last_layout.txt",
    "names_and_shares.txt",
    "nested.txt",
    "expressions.txt",
)

Words = Sequence[str]


def options(text: str) -> list[Words]:
    """`--a 1; --b` as the values of a factor, none of it among them."""
    return [(), *(one.split() for one in text.split(";"))]


def formats(command: str) -> list[Words]:
    """The formats of a command."""
    return [(), *(("--format", one) for one in FORMATS[command])]


READING: dict[str, list[Words]] = {
    "input": options("--input {larger}; --input {smaller}; --input {odd}"),
    "set": options("--set {let}={value}; --set {let}={half}"),
    "batch": options("--batch 8; --batch 1,024"),
    "dtype": options("--dtype fp16; --dtype bf16; --dtype int8"),
}
SHOWING: dict[str, list[Any]] = {
    "color": options("--color; --no-color"), "flags": options("-q; --strict; -q --strict"),
    "way": ["run", "run", "main"], "screen": SCREENS,
}  # fmt: skip
COUNTS = [(), *(("--count", one) for one in CONVENTIONS), ("--count", "fvcore,thop"), ("--count", "macs,flops,exact")]


def filled(words: Words, spec: Spec) -> Words:
    """An option with what {…} stands for; nothing where the spec has no such thing."""
    found = spec.words
    wanted = [name for word in words for name in re.findall(r"{(\w+)}", word)]
    return [word.format(**found) for word in words] if all(name in found for name in wanted) else ()


def rows(command: str, factors: Mapping[str, Sequence[Any]], seed: int) -> Iterator[Case]:
    """The cases of a command with pairwise options; the factor `spec` is a Spec, or several."""
    for row in pairwise(factors, seed):
        specs = row.pop("spec")
        specs = specs if isinstance(specs, list) else [specs]
        screen, way = row.pop("screen", {}), row.pop("way", "run")
        words = [command, *(spec.at or spec.path for spec in specs)]
        for value in row.values():
            words += filled(value, specs[0])
        yield Case(command, [words], way=way, **screen)


def plain(inputs: Inputs) -> Iterator[Case]:
    """Every command of every example in every format, nothing else asked: also with --quick."""
    for spec in inputs.examples:
        for command in ("shapes", "compare", "explain", "memory", "check"):
            for form in formats(command):
                yield Case(command, [[command, spec.path, *form]], core="json" in form)
            yield Case(command, [[command, spec.at]], tty=80, core=command == "shapes")
        for form in formats("diff"):
            yield Case("diff", [["diff", spec.path, spec.at, "--all", *form]])
        for words in (["--diff"], ["--check"], ["--remove", "--diff"], ["--blank", "--diff"], ["--all", "--diff"]):
            yield Case("annotate", [["annotate", spec.path, *words]], core=words == ["--diff"])
            if words[0] in ("--diff", "--check"):
                yield Case("fmt", [["fmt", spec.path, *words]])
        worse = _worse(spec.text)
        for words in ([], ["--remove"], ["--blank"], ["--all"], ["-q"]):
            yield Case("annotate", [["annotate", "x.txt", *words]], files={"x.txt": _local(spec.text)})
        yield Case("fmt", [["fmt", "x.txt"]], files={"x.txt": worse})
        yield Case("fmt", [["fmt", "--diff", "-"]], stdin=worse, tty=80)
        yield Case("annotate", [["annotate", "-"]], stdin=_local(spec.text))


def _local(text: str) -> str:
    """A spec that stands alone: what it uses is not beside it."""
    return text if not re.search("^use ", text, re.MULTILINE) else "input 3x8x8\nconv 4 3\n"


def _worse(text: str) -> str:
    """The same spec, its blanks disturbed."""
    random = Random(len(text))
    lines = [line + " " * random.randint(0, 3) if random.random() < 0.3 else line for line in text.split("\n")]
    return "\n".join(line.replace(" | ", random.choice(("|", "  |  "))).replace("  #", random.choice(("   #", " #")))
                     + "\n" * (random.random() < 0.1) for line in lines)  # fmt: skip


def of_examples(inputs: Inputs) -> Iterator[Case]:
    """Pairwise options, over all examples and seeds."""
    specs = [*inputs.examples, *[seed for seed in inputs.seeds if seed.layers and seed.path[6:] in OWN]]
    columns = options(
        "--columns +field,+flops; --columns -macs; --columns layer,line,path,kind,inputs,train; --columns +field%,+jump,+start; "
        "--columns +formula,+kept,+filter; --columns operation,buffers,params; --columns output; --columns start,jump,field"
    )
    yield from rows("shapes", {
        "spec": specs, "format": formats("shapes"), "columns": columns,
        "depth": options("--depth 1; --depth 2; --depth 3; --flat; --flat --depth 1"),
        "sort": [(), *(("--sort", one) for one in COLUMNS)], "top": options("--top 1; --top 5"),
        "layout": options("--layout hwc; --layout chw"), "count": COUNTS, **READING, **SHOWING,
    }, 1)  # fmt: skip
    yield from rows("explain", {
        "spec": specs, "format": formats("explain"),
        "layer": [(), *((f"{{layer{tenth}}}",) for tenth in (0, 2, 4, 6, 8, 10)), ("{stage}",), ("nothing",)],
        "question": options(
            "--at 0,0; --at 3,5; --at 1,1; --want 64x55x55; --want ?x7x7; --want {larger}; --without padding; "
            "--without stride; --without pooling"
        ), **READING, **SHOWING,
    }, 2)  # fmt: skip
    yield from rows("explain", {
        "spec": specs, "format": formats("explain"), "count": COUNTS[1:14],
        "against": [(), *(("--against", one) for one in CONVENTIONS)], "layer": [(), (), ("{layer3}",), ("{layer8}",), ("{stage}",)],
        "input": READING["input"], "screen": SCREENS,
    }, 3)  # fmt: skip
    yield from rows("memory", {
        "spec": specs, "format": formats("memory"), "optimizer": options("--optimizer sgd; --optimizer momentum; --optimizer adam"),
        **READING, **SHOWING,
    }, 4)  # fmt: skip
    yield from rows("compare", {
        "spec": specs, "format": formats("compare"), "mlp": options("--mlp; --hidden 4096,4096; --hidden 10"),
        "vary": options("--vary {let}={half},{value}; --layer {layer0}; --layer {layer5}; --depth 1; --depth 2"),
        "count": COUNTS, **READING, **SHOWING, "input": options("--input {larger}; --input {smaller} --input {odd}"),
    }, 5)  # fmt: skip
    random = Random(6)
    several = [random.sample(specs, random.choice((2, 2, 3, 4))) for _ in range(30)]
    yield from rows("compare", {
        "spec": several, "format": formats("compare"), "mlp": options("--mlp; --depth 1; --depth 2; --mlp --depth 1"),
        "count": COUNTS[::3], "dtype": READING["dtype"], "batch": READING["batch"], **SHOWING,
    }, 6)  # fmt: skip
    pairs = [random.sample(specs, 2) for _ in range(25)] + [[specs[n], specs[n + 1]] for n in range(21, 38, 2)]
    yield from rows("diff", {
        "spec": pairs, "format": formats("diff"), "all": options("--all"),
        "fail": options("--fail-above params=2%; --fail-above macs=10M; --fail-above peak=64KiB --fail-above depth=0; --fail-above field=1"),
        **{name: READING[name] for name in ("batch", "dtype")}, **SHOWING,
    }, 7)  # fmt: skip
    limits = ("params=5M buffers=64k macs=600M flops=1.2G activations=10M peak=512KiB memory=8MiB field=99 layers=20 weighted=10 "
              "depth=5 params=1k macs=1 peak=1GiB field=99x35").split()  # fmt: skip
    yield from rows("check", {
        "spec": specs, "format": formats("check"), "limit": [(), *(("--max-" + one.replace("=", " ")).split() for one in limits)],
        "other": [(), *(("--max-" + one.replace("=", " ")).split() for one in limits[::4])],
        "expect": options("--expect-output 1000; --expect-output ?; --expect-output 2x388x388"), **READING, **SHOWING,
    }, 8)  # fmt: skip
