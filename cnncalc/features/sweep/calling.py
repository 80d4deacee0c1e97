"""A sweep from Python: ``cnncalc.sweep("net.txt", {"width": range(16, 257, 8)}, where="peak <= 512KiB")``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...interpret.specification import specification
from ...network import Network

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ...variants.result import SweepResult


def sweep(
    network: str | os.PathLike[str] | Network, vary: Mapping[str, str | Iterable[object]], *,
    where: str | None = None, minimize: str | None = None, maximize: str | None = None,
    pareto: str | Sequence[str] = (), columns: str | Sequence[str] | None = None, top: int | None = None,
    require: bool = True, sample: int | None = None, seed: int = 0, settings: Mapping[str, object] | None = None,
    input: str | Mapping[str, str] | Sequence[str] | None = None, batch: int = 1,
    dtype: str | Mapping[str, str] | None = None, execution: str = "eager", jobs: int = 1, engine: str | None = None,
    executor: Executor | None = None, resume: str | os.PathLike[str] | None = None, max_layers: int = 1_000_000,
) -> SweepResult:  # fmt: skip
    """Every combination of the values of some variables of a spec, exactly: those that meet the condition `where` and
    the spec's own requirements (unless `require` is false), in the order of `minimize` or `maximize`, or the front of
    `pareto` ("params,macs"); `top` of them, by default all.

    `network` is a path or a network of :func:`load`; `vary` has values by the name of a variable or an input: a range,
    a list, or a text as the command takes it, "16..256..8". ``result["params"]`` is a column as a NumPy array,
    ``result.rows`` are dicts, ``result.to_pandas()`` a DataFrame; `candidates`, `possible`, `kept` count, `causes` say
    why what is not possible is not, `stopped` what stops the next one. `jobs` are processes, for which a script needs
    ``if __name__ == "__main__"``; `executor` is any of concurrent.futures.
    Raises ValueError for what cannot be asked, SpecError for a spec that cannot be read, ImportError without NumPy.
    """
    try:
        import numpy  # noqa: F401 - of an extra
    except ImportError as error:
        raise ImportError("a sweep needs NumPy: pip install 'cnncalc[sweep]'") from error
    from ... import deployment
    from ...variants.asking import Asking, SweepRequest
    from ...variants.result import SweepResult, what_stops
    from ...variants.running import SweepRun, Workers, workers

    request = SweepRequest(
        {name: values if isinstance(values, str) else tuple(values) for name, values in vary.items()}, where, minimize,
        maximize, _names(pareto), None if columns is None else _names(columns), top, require, sample, seed, batch,
        deployment.given(dtype), execution,
    )  # fmt: skip
    asking = _asking(network, Asking, request, settings or {}, input, max_layers)
    prepared = asking()
    run = SweepRun(prepared.task, None, None if resume is None else os.fspath(resume))
    if executor is not None:
        summary = run(Workers(executor, getattr(executor, "_max_workers", None) or os.cpu_count() or 1))
    else:
        with workers(jobs, engine) as by:
            summary = run(by)
    return SweepResult(prepared, summary, what_stops(asking, prepared, summary))


def _names(words: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for word in (words.split(",") if isinstance(words, str) else words) if word.strip())


def _asking(network: Any, kind: Any, request: Any, settings: Mapping[str, object], input: Any, max_layers: int) -> Any:
    """The question about a file, or a network that was read before: with what was given then, too."""
    from ...interpret import read_source

    given: dict[Any, Any] = {None: input} if isinstance(input, str) else dict(
        input.items() if isinstance(input, Mapping) else enumerate(input or ())
    )  # fmt: skip
    values = {name: _spelled(value) for name, value in settings.items()}
    if not isinstance(network, Network):
        path = os.fspath(network)
        source, folder = read_source(path)
        return kind(source, folder, request, values, given, max_layers, path)
    reading = specification(network).reading
    if reading is None:
        return kind(network.source, None, request, values, given, max_layers, network.source.name)
    spec, own_inputs, own_settings = reading
    return kind(
        network.source, spec.folder, request, {**own_settings, **values}, {**own_inputs, **given}, max_layers,
        network.source.name,
    )  # fmt: skip


def _spelled(value: object) -> str:
    """A value as a spec has it."""
    from ...values import Size, spell

    if isinstance(value, float):
        return repr(value)
    return spell(Size(value) if isinstance(value, tuple | list) else value)
