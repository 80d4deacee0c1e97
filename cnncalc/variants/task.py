"""A sweep as a value that can be sent anywhere: the text of the spec and of the files that it uses, what is varied, and
what is asked. With a stretch of the space it gives a summary, and nothing else has a part in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..diagnostics import Source
from ..interpret.reading.files import Bundled, Files
from ..records import Record
from .space import Axis, Space

if TYPE_CHECKING:
    from ..network import Network
    from .chunks import Chunk, Wanted, Worker
    from .summary import Summary
    from .tracing import SweepQuestion

#: Candidates that are worked out at once: at most, at least, and how many times in a space between.
_MOST, _LEAST, _TIMES = 1 << 19, 1 << 16, 8
#: Sampled candidates that are worked out at once.
_SAMPLED = 1 << 15


class OtherVersion(Exception):
    """A worker that has another version of cnncalc."""


class HeldFiles(Files):
    """Files that a spec uses, kept as they were read, so that they can be sent along."""

    def __init__(self, folder: str, held: dict[str, bytes]) -> None:
        super().__init__(folder)
        self.held = held

    def key(self, path: str) -> str:
        """The path without detours."""
        return os.path.normpath(path)

    def read(self, path: str, name: str) -> bytes:
        """The bytes of a file."""
        key = self.key(path)
        if key not in self.held:
            self.held[key] = super().read(os.path.realpath(path), name)
        return self.held[key]


#: Where the bundled files lie, whose place is another on every machine.
_BUNDLED = "@"


def folder_of(folder: Any) -> str:
    """Where `use` lines start from, as a text: of a folder, or of files."""
    if isinstance(folder, Bundled):
        return _BUNDLED
    place = folder.folder if isinstance(folder, Files) else folder
    return os.path.abspath(place) if place else ""


def files_of(folder: str, held: dict[str, bytes]) -> Files:
    """The files there, those that are held as they were read."""
    return Bundled() if folder == _BUNDLED else HeldFiles(folder, held)


class Task(Record):
    """All that the work on a stretch depends on."""

    version: str
    name: str
    text: str
    folder: str
    held: Mapping[str, bytes]
    axes: tuple[Axis, ...]
    #: Values of other variables, and shapes of other inputs, that stay.
    settings: Mapping[str, Any]
    inputs: Mapping[Any, Any]
    question: SweepQuestion
    wanted: Wanted
    max_layers: int
    #: How many candidates are drawn, and by which seed; None for all.
    sample: int | None = None
    seed: int = 0
    #: The file, where it is no spec: it is read where it lies.
    file: str | None = None

    @property
    def space(self) -> Space:
        """What there is to be worked out."""
        return Space(self.axes)

    @property
    def key(self) -> str:
        """Equal for tasks with equal results."""
        return blake2b(repr(tuple(self)).encode(), digest_size=16).hexdigest()

    def parts(self) -> Iterator[Any]:
        """The stretches, in order: chunks, or a block with the indices that were drawn."""
        from .chunks import chunks

        space = self.space
        if self.sample is None or self.sample >= space.size:
            yield from chunks(space, max(_LEAST, min(_MOST, space.size // _TIMES)))
            return
        drawn = sorted(Random(self.seed).sample(range(space.size), self.sample))
        while drawn:
            block = drawn[0] // space.block_size
            end = next((at for at, one in enumerate(drawn) if one // space.block_size != block), len(drawn))
            end = min(end, _SAMPLED)
            yield block, [one % space.block_size for one in drawn[:end]]
            drawn = drawn[end:]

    def worker(self) -> Worker:
        """What works out stretches. Raises OtherVersion; SpecError for a file that cannot be read."""
        from .chunks import Worker
        from .tracing import ReadModel, SpecModel, TracedSpec

        if self.version != __version__:
            raise OtherVersion(f"a worker has cnncalc {__version__}, and this is {self.version}")
        if self.file is not None:
            model: Any = ReadModel(_read(self.file, self.max_layers, self.inputs))
        else:
            files = files_of(self.folder, dict(self.held))
            spec = TracedSpec(Source(self.name, self.text), files, self.max_layers)
            model = SpecModel(spec, self.settings, self.inputs)
        return Worker(model, self.space, self.question, self.wanted)


def _read(file: str, max_layers: int, inputs: Mapping[Any, Any]) -> Network:
    from ..interpret.build import build
    from ..interpret.reading.files import read_source

    source, folder = read_source(file)
    return build(source, folder=folder, max_layers=max_layers, inputs=inputs)


#: The worker of this process, by the key of its task.
_WORKERS: dict[str, Worker] = {}


def work(task: Task, key: str, parts: Sequence[Chunk | tuple[int, list[int]]]) -> Summary:
    """What comes of some stretches: what is sent to other processes and machines. Of one key may be tasks that differ
    in what is wanted only. Raises OtherVersion.
    """
    from .summary import joined

    worker = _WORKERS.get(key)
    if worker is None:
        _WORKERS.clear()
        worker = _WORKERS[key] = task.worker()
    worker.wanted = task.wanted
    return joined([worker(part) for part in parts], task.wanted.held, task.wanted.front)
