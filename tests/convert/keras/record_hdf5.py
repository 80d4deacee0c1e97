"""Records HDF5 files as its library writes them: python record_hdf5.py  (with h5py)

A line of hdf5.jsonl is what was asked of the library, the text in the attribute `model_config` (null where there is none, false
where it is not to be read), and the file, compressed, in base 64.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent
TEXT = json.dumps({"class_name": "Sequential", "config": {"name": "größe", "layers": []}}, ensure_ascii=False)


def written(path: Path, text: Any, before: int = 0, **options: Any) -> bytes:
    """A file with so many attributes before the one with the text, and a group and a table behind it."""
    with h5py.File(path, "w", **options) as store:
        for number in range(before):
            store.attrs[f"before{number}"] = [np.arange(number + 1), "word" * number, np.bytes_(b"ab")][number % 3]
        if text is not None:
            store.attrs["model_config"] = text
        store.attrs["model_config_too"] = "another"
        store.create_group("weights").create_dataset("kernel", data=np.zeros(3))
    return path.read_bytes()


def cases(path: Path) -> Iterator[tuple[str, Any, bytes]]:
    for form in ("earliest", "v108", "v110", "latest"):
        for ordered in (False, True):
            given = {"libver": (form, form) if form != "earliest" else (form, "v108"), "track_order": ordered}
            for kind, text in (
                ("any length", TEXT),
                ("fixed", np.bytes_(TEXT.encode())),
                ("long", TEXT * 900),
                ("none", None),
            ):
                for before in (0, 3, 6):
                    if before == 6 and kind != "any length":
                        continue
                    told = text.decode() if isinstance(text, bytes) else text
                    yield f"{form} {kind} {ordered} {before}", told, written(path, text, before, **given)
        yield (
            f"{form} many",
            False if form != "earliest" else TEXT,
            written(path, TEXT, 20, libver=(form, form) if form != "earliest" else None),
        )
        yield f"{form} number", False, written(path, 7, 1, libver=(form, form) if form != "earliest" else None)


def main() -> None:
    path = HERE / "made.h5"
    lines = []
    for what, text, data in cases(path):
        packed = base64.b64encode(zlib.compress(data, 9)).decode()
        lines.append(json.dumps([what, text if text is None or text is False else len(text) // len(TEXT), packed]))
    path.unlink()
    (HERE / "hdf5.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
