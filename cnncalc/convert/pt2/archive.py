"""The texts in an archive of torch.export.save: the graph, and what each weight is stored in."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..seekable import SeekableBytes
from .stream import CorruptExport, JsonStream

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

    from ..readers import ModelFile

#: Since 2.8 the graph is in ``NAME/models/model.json``, before in one file.
_GRAPH = re.compile(r"(?:[^/]+/)?(?:models/[^/]+\.json|serialized_exported_program\.json)")
_WEIGHTS = re.compile(r"(?:[^/]+/)?data/(?:weights|constants)/[^/]+_config\.json")
#: The largest text that is read, in bytes, and the most members of an archive.
_LARGEST, _MOST_MEMBERS = 128 << 20, 100_000


class ExportArchive:
    """The archive in a file. Raises CorruptExport where it is none, or has no graph."""

    def __init__(self, file: ModelFile) -> None:
        import zipfile

        try:
            self._zip: ZipFile = zipfile.ZipFile(io.BufferedReader(SeekableBytes(file.data), 1 << 16))
            members = self._zip.infolist()
        except Exception as error:  # zipfile raises half a dozen kinds for a broken archive
            raise CorruptExport(f"the archive cannot be read: {str(error)[:100]}") from None
        if len(members) > _MOST_MEMBERS:
            raise CorruptExport(f"the archive has {len(members):,} members")
        self._members = members
        graphs = [member for member in members if _GRAPH.fullmatch(member.filename)]
        if not graphs:
            compiled = any("aotinductor" in member.filename for member in members)
            raise CorruptExport("the archive has compiled code and no graph: torch.export.save writes one" if compiled
                          else "the archive has no graph of torch.export.save")  # fmt: skip
        self._graph = next((graph for graph in graphs if graph.filename.endswith("models/model.json")), graphs[0])

    def graph(self) -> JsonStream:
        """The graph's text."""
        return self._stream(self._graph)

    def storages(self) -> Mapping[str, str]:
        """The member in which each weight is, by its name; nothing where the archive does not say."""
        found: dict[str, str] = {}
        for member in self._members:
            if _WEIGHTS.fullmatch(member.filename):
                stream = self._stream(member)
                for key in stream.members():
                    if key == "config" and stream.begins == "{":
                        for name in stream.members():
                            entry = stream.value()
                            path = entry.get("path_name") if isinstance(entry, dict) else None
                            found[name] = f"{member.filename}/{path}" if isinstance(path, str) else name
                    else:
                        stream.value()
        return found

    def _stream(self, member: ZipInfo) -> JsonStream:
        if member.file_size > _LARGEST:
            raise CorruptExport(f"'{member.filename[:80]}' in the archive has {member.file_size:,} bytes")
        try:
            opened = self._zip.open(member)
        except Exception as error:  # as above
            raise CorruptExport(f"the archive cannot be read: {str(error)[:100]}") from None
        return JsonStream(_guarded(opened.read))


def _guarded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """A read whose faults, of any kind that a decompressor has, are told as one."""

    def guarded(size: int) -> bytes:
        try:
            return read(size)
        except Exception as error:
            raise CorruptExport(f"the archive cannot be read: {str(error)[:100]}") from None

    return guarded
