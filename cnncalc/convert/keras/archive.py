"""The description in a model file: a JSON text, by itself, in a .keras archive, or in an attribute of an HDF5 file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...diagnostics import ERROR, Diagnostic, SpecError
from ..seekable import SeekableBytes

if TYPE_CHECKING:
    from ..readers import ModelFile

#: The largest description that is read, in bytes: the largest of Keras's own applications has 2 MB.
_LARGEST = 64 * 2**20
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


def _zipped(data: Any) -> bytes:
    """config.json of a .keras archive, however large it says that it is."""
    import zipfile

    try:
        with zipfile.ZipFile(SeekableBytes(data)) as archive, archive.open(_MEMBER) as member:
            return member.read(_LARGEST + 1)
    except KeyError:
        raise fault(f"the archive has no {_MEMBER}") from None
    except Exception as error:  # zipfile and its decompressors raise half a dozen kinds for a broken archive
        raise fault(f"the archive cannot be read: {str(error)[:100]}") from None


def _stored(data: Any) -> bytes:
    """model_config of an HDF5 file. Raises SpecError without h5py, or where only weights are in it."""
    try:
        import h5py
    except ImportError:
        raise fault(
            "an HDF5 file is read with h5py", "pip install 'cnncalc[h5]', or save the model as .keras"
        ) from None
    try:
        with h5py.File(SeekableBytes(data), "r") as store:
            text = store.attrs.get("model_config")
    except Exception as error:  # the library raises whatever it meets in a broken file
        raise fault(f"the HDF5 file cannot be read: {str(error)[:100]}") from None
    if text is None:
        raise fault("the file has weights, and no description of the layers", "save the model, not its weights")
    return text.encode() if isinstance(text, str) else bytes(text)
