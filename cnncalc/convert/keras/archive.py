"""The description in a model file: a JSON text, by itself, in a .keras archive, or in an attribute of an HDF5 file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...diagnostics import ERROR, Diagnostic, SpecError
from ..seekable import SeekableBytes

if TYPE_CHECKING:
    from ..readers import ModelFile

#: The largest description that is read, in bytes, lists and tables, and values of these: the largest of Keras's own
#: applications, NASNetLarge, has 1 MB, 19,909 and 43,988.
_LARGEST, _BRACKETS, _COMMAS = 8 * 2**20, 120_000, 400_000
#: So much of an archive is read at once: a table of its members that is larger is none of Keras's.
_PART = 1 << 18
_MEMBER = "config.json"


def description(file: ModelFile) -> dict[str, Any]:
    """The description of the model in a file. Raises SpecError where there is none that can be read."""
    data = file.data
    if data[:4] == b"PK\x03\x04":
        text = _zipped(data)
    elif data[:8] == b"\x89HDF\r\n\x1a\n":
        text = _stored(data)
    else:
        text = bytes(data[: _LARGEST + 1])
    if len(text) > _LARGEST:
        raise fault(f"the description of the layers is larger than {_LARGEST // 2**20} MiB")
    if text.count(b"{") + text.count(b"[") > _BRACKETS or text.count(b",") > _COMMAS:
        raise fault(f"over {_BRACKETS:,} lists and tables, or {_COMMAS:,} values: no model has so large a description")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise fault(f"the description of the layers is no JSON that can be read: {str(error)[:100]}") from None
    found = found.get("model_config", found) if isinstance(found, dict) else found
    if not isinstance(found, dict) or not isinstance(found.get("class_name"), str):
        raise fault("no model of Keras is described here")
    return found


def fault(message: str, help: str | None = None) -> SpecError:
    """An error about the file as a whole."""
    return SpecError([Diagnostic(ERROR, "unreadable", message, help=help)])


class _Archive(SeekableBytes):
    """An archive's bytes, of which nothing large is read at once."""

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > _PART:
            size = len(self._data) - self._at
        if size > _PART:
            raise ValueError(f"a table of {size:,} bytes")
        part = bytes(self._data[self._at : self._at + max(size, 0)])
        self._at += len(part)
        return part


def _zipped(data: Any) -> bytes:
    """config.json of a .keras archive, however large it says that it is."""
    import zipfile

    try:
        with zipfile.ZipFile(_Archive(data)) as archive, archive.open(_MEMBER) as member:
            if archive.getinfo(_MEMBER).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(f"{_MEMBER} is packed as Keras packs none")
            parts, size = [], 0
            while size <= _LARGEST and (part := member.read(_PART // 4)):
                parts.append(part)
                size += len(part)
            return b"".join(parts)
    except KeyError:
        raise fault(f"the archive has no {_MEMBER}") from None
    except Exception as error:  # zipfile and its decompressors raise half a dozen kinds for a broken archive
        raise fault(f"the archive cannot be read: {str(error)[:100]}") from None


def _stored(data: Any) -> bytes:
    """model_config of an HDF5 file. Raises SpecError where only weights are in it."""
    from .hdf5 import Hdf5, Unreadable

    try:
        text = Hdf5(data).attribute("model_config", _LARGEST)
    except Unreadable as error:
        raise fault(f"the HDF5 file cannot be read: {error}", "save the model as .keras") from None
    if text is None:
        raise fault("the file has weights, and no description of the layers", "save the model, not its weights")
    return text
