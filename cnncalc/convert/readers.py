"""Which reader reads a model file: by the suffix of its name, then by its content.

A reader is one folder of this package, named as its format, with ``read(file, request)``, which gives the network that
it fills through an Assembler. To add one is a row in READERS and that folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics import ERROR, INPUT, Diagnostic, Override, Source, SpecError, Wording
from ..records import Record
from ..values import Shape, how_many
from .contents import is_caffe, is_darknet, is_keras, is_onnx, is_pt2, is_python, is_tflite

if TYPE_CHECKING:
    from ..layers import Layer
    from ..network import Network


#: Signs of the longest message.
_QUOTED = 600


class How(Record):
    """How a file is to be read, where neither its name nor its content tells."""

    #: The format that it is said to have; None to find out.
    format: str | None = None
    #: Whether every node of the file is a layer of its own, and no pattern of several is one.
    raw: bool = False
    #: Of a file that describes several phases, which one.
    phase: str = "test"
    #: Of a file that defines several networks, which one: ``Net(10)`` of ``net.py:Net(10)``.
    entry: str | None = None
    #: Where the packages lie whose source a network may use; None: where those of this Python do.
    site: str | None = None
    #: Of code in a revision: where it would lie on the disk, and what gives the files that it imports (`CodeFiles`).
    path: str | None = None
    files: Any = None


class Reader(Record):
    """One format: its name, which is its folder's, and what tells its files."""

    name: str
    #: What a file of it is called: "an ONNX model".
    title: str
    suffixes: tuple[str, ...]
    #: Whether the first bytes of a file are those of the format, beyond doubt.
    known: Callable[[bytes], bool]
    #: Whether it is a text, whose lines faults show.
    text: bool = False
    #: Whether its files have names that can be given other values.
    settings: bool = False
    #: Whether a file of it is a network wherever it lies; else it is one where somebody names it.
    found: bool = True

    def read(self, file: ModelFile, request: Request) -> Network:
        """The network of a file. Raises SpecError."""
        from importlib import import_module

        try:
            if not self.text and not len(file.data):
                raise SpecError([Diagnostic(ERROR, "unreadable", "the file is empty")])
            network: Network = import_module(f".{self.name}", __package__).read(file, request)
        except SpecError as error:
            raise SpecError([_of_file(_brief(diagnostic), file.name) for diagnostic in error.diagnostics]) from None
        network.format = self.name
        network.diagnostics = tuple(map(_brief, network.diagnostics))
        return network


def _brief(found: Diagnostic) -> Diagnostic:
    """Without the middle of a message that quotes a file's names or lists without an end."""
    from ..spec.words import shorten

    return found if len(found.message) <= _QUOTED else found._replace(message=shorten(found.message, _QUOTED))


def _of_file(found: Diagnostic, name: str) -> Diagnostic:
    """An error with the name of its file, where it is of no place in it and of nothing that was given besides."""
    if found.file is not None or found.override is not None or found.message.startswith(name):
        return found
    return found._replace(message=f"{name}: {found.message}")


def again(file: ModelFile, request: Request) -> Callable[..., Network]:
    """What reads a file once more, with other inputs or layers: the `rebuild` of a network."""

    def rebuild(
        *, inputs: Mapping[str | int | None, Shape] | None = None, revise: Callable[[Layer], Layer] | None = None,
        **_: object,
    ) -> Network:  # fmt: skip
        return file.reader.read(file, Request(dict(inputs or {}), request.max_layers, revise, request.settings))

    return rebuild


class ModelFile(Source):
    """A file in another format than the language's: its bytes, and who reads them. A text has its lines, too."""

    __slots__ = ("data", "how", "reader")

    def __init__(self, name: str, text: str, data: Any, reader: Reader, how: How) -> None:
        super().__init__(name, text)
        #: Bytes, or Pieces of a file, which is read where it is looked at only: a short slice of these is bytes.
        self.data = data
        self.reader = reader
        self.how = how

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.reader.title

    def renamed(self, name: str) -> ModelFile:
        """The same file, called otherwise in messages."""
        return ModelFile(name, self.text, self.data, self.reader, self.how)


class Request(Record):
    """What is asked of a reader: shapes of inputs, by name, in order, None for the only one; and as of an Assembler."""

    inputs: Mapping[str | int | None, Shape] = {}
    max_layers: int = 1_000_000
    revise: Callable[[Layer], Layer] | None = None
    #: Values of names of the file, as texts.
    settings: Mapping[str, str] = {}

    def shapes(self, names: Sequence[str]) -> dict[str, Shape]:
        """The shapes that are given of the inputs `names`. Raises SpecError for another name, or none of several."""
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise SpecError([Diagnostic(ERROR, "set-twice", f"two inputs are called '{twice}'")])
        numbered = [key for key in self.inputs if isinstance(key, int)]
        if numbered and len(numbered) != len(names):
            several = how_many(len(names), "input")
            raise _wrong(None, f"the model has {several}, and {len(numbered)} shapes are given", ())
        inputs = {names[key] if isinstance(key, int) else key: shape for key, shape in self.inputs.items()}
        for name in inputs:
            if name is None and len(names) != 1:
                fault = f"the model has {len(names)} inputs: {', '.join(names)}" if names else "the model has no input"
                raise _wrong(name, fault, names)
            if name is not None and name not in names:
                raise _wrong(name, f"no input is called '{name}'", names)
        return {name or names[0]: shape for name, shape in inputs.items()}


def _wrong(name: str | None, fault: str, names: Sequence[str]) -> SpecError:
    override = Override(INPUT, name, None, fault, (names[0], "SHAPE") if name is None and names else None)
    help = f"its inputs: {', '.join(names)}" if name is not None and names else None
    return SpecError([Wording()(Diagnostic(ERROR, "option", fault, help=help, override=override))])


READERS: tuple[Reader, ...] = (
    Reader("onnx", "an ONNX model", (".onnx",), is_onnx),
    Reader("pt2", "a PyTorch export", (".pt2",), is_pt2),
    Reader("keras", "a Keras model", (".keras", ".h5", ".hdf5", ".json"), is_keras),
    Reader("tflite", "a TFLite model", (".tflite",), is_tflite),
    Reader("darknet", "a Darknet model", (".cfg",), is_darknet, text=True),
    Reader("caffe", "a Caffe model", (".prototxt",), is_caffe, text=True),
    Reader("python", "Python source", (".py",), is_python, text=True, settings=True, found=False),
)
#: Of files that are networks wherever they lie.
SUFFIXES = {suffix: reader for reader in READERS if reader.found for suffix in reader.suffixes}
#: Files that hold code or bare weights, and what is said of them.
_WEIGHTS = (".pt", ".pth")
_NOT_WEIGHTS = (
    "weights in a pickle, which is code that reading would run: give the network, as its source (net.py:Net), or as a "
    ".pt2 or .onnx file"
)


def by_name(name: str) -> Reader:
    """The reader of a format. Raises KeyError."""
    return next(reader for reader in READERS if reader.name == name)


def names() -> Iterable[str]:
    """The names of all formats."""
    return (reader.name for reader in READERS)


def of_suffix(path: str) -> Reader | None:
    """The reader of files that are called like this one. Raises SpecError where none may read them."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix in _WEIGHTS:
        raise SpecError([Diagnostic(ERROR, "pickle", f"{path}: {_NOT_WEIGHTS}")])
    return next((reader for reader in READERS if suffix in reader.suffixes), None)


def of_content(head: bytes) -> Reader | None:
    """The reader of what begins like this, beyond doubt."""
    return next((reader for reader in READERS if reader.known(head)), None)
