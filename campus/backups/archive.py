"""One file that holds every part of a backup: an uncompressed tar with the manifest last."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Protocol

from campus.backups.rules import (
    LONGEST_NAME,
    MANIFEST,
    Manifest,
    Part,
    UnreadableError,
    check_name,
)
from campus.backups.rules import read as read_manifest
from campus.errors import CampusError

AT_ONCE = 1 << 20  # bytes
MOST_MANIFEST = 64 << 20
CUT = "The backup is cut short or damaged: {said}. Take another one; this one is worth nothing."
OTHER_BYTES = "{name} is not what was backed up: its SHA-256 differs"


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


class Packing:
    """A backup that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.parts: list[Part] = []

    def add(self, name: str, file: Path) -> None:
        """Add a file as it is now.

        Raises:
            CampusError: it became shorter meanwhile.
        """
        with file.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            hashed = _Hashed(source)
            try:
                self.tar.addfile(_entry(name, size), hashed)
            except OSError as error:
                if error.errno is None:  # tarfile's own: fewer bytes than there were
                    raise CampusError(f"{file} changed while it was copied. Try again.") from error
                raise
        self.parts.append(Part(name, size, hashed.digest.hexdigest()))

    def finish(self, manifest: Manifest) -> Manifest:
        """Write the manifest; return it as it was written."""
        whole = replace(manifest, parts=self.parts)
        raw = whole.written()
        self.tar.addfile(_entry(MANIFEST, len(raw)), io.BytesIO(raw))
        return whole


class _Hashed(io.RawIOBase):
    """Reads a file and remembers the digest of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return some bytes."""
        data = self.source.read(size)
        self.digest.update(data)
        return data


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


@contextmanager
def packing(file: Path, *, force: bool) -> Iterator[Packing]:
    """Write a backup beside `file`; it gets that name when it is whole and on the disk.

    Whatever ends the block before: nothing of it stays. One at a time writes to a name.

    Raises:
        CampusError: the folder cannot be written, something has the name already, the disk is
            full.
    """
    if not force:
        _refuse_taken(file)
    draft = file.with_name(f".{file.name}.part")
    try:
        with _locked(draft) as handle:
            try:
                with tarfile.open(fileobj=handle, mode="w") as tar:
                    yield Packing(tar)
                handle.flush()
                os.fsync(handle.fileno())
                _name(draft, file, force=force)
            finally:
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise CampusError(_words(error, file)) from error


@contextmanager
def _locked(draft: Path) -> Iterator[IO[bytes]]:
    """Open the draft for its owner alone; what a killed backup left of it is written over."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(draft, flags, 0o600), "w+b") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise CampusError("Another backup to this file is being made already.") from taken
        handle.truncate(0)
        os.fchmod(handle.fileno(), 0o600)
        yield handle


def _name(draft: Path, file: Path, *, force: bool) -> None:
    if force:
        draft.replace(file)
    else:
        try:
            os.link(draft, file)  # unlike a rename it refuses a name that is taken
        except FileExistsError:
            _refuse_taken(file)
        except OSError as error:  # a file system without links
            if error.errno not in {errno.EPERM, errno.ENOTSUP}:
                raise
            _refuse_taken(file)
            draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _refuse_taken(file: Path) -> None:
    if os.path.lexists(file):
        raise CampusError(f"{file} is there already. Choose another name, or add --force.")


def _words(error: OSError, file: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            f"There is no room left for the backup in {file.parent}. Nothing of it was kept."
            " Make room, or choose another disk."
        )
    where = error.filename if isinstance(error.filename, str) else file
    return f"The backup cannot be written: {where}: {error.strerror or error}."


# --- reading ----------------------------------------------------------------------------------


class Opened:
    """A backup that is being read; every name and size in it was looked at."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self.tar, self.manifest = tar, manifest

    def unpack(self, part: Part, to: Path) -> None:
        """Write a part into a file that is not there yet.

        Raises:
            CampusError: it is not what was backed up.
        """
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("xb") as target:
            self._proven(part, into=target)
            target.flush()
            os.fsync(target.fileno())

    def _proven(self, part: Part, *, into: Sink) -> None:
        source = self.tar.extractfile(part.name)
        digest, left = hashlib.sha256(), part.size
        while source is not None and left and (data := source.read(min(AT_ONCE, left))):
            digest.update(data)
            into.write(data)
            left -= len(data)
        if left or digest.hexdigest() != part.sha256:
            raise CampusError(CUT.format(said=OTHER_BYTES.format(name=part.name)))


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """Open a backup and look at all that it says it holds, before anything is written.

    Raises:
        CampusError: it cannot be read, is none, is cut short, or holds what no backup holds.
    """
    try:
        with tarfile.open(file, mode="r:") as tar:
            yield Opened(tar, _manifest(tar, file.stat().st_size))
    except tarfile.ReadError as error:
        raise CampusError(CUT.format(said=f"{file} is no whole tar file")) from error
    except UnreadableError as error:
        raise CampusError(str(error)) from error
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else file
        raise CampusError(f"{where}: {error.strerror or error}.") from error


def _manifest(tar: tarfile.TarFile, size: int) -> Manifest:
    entries: dict[str, tarfile.TarInfo] = {}
    for entry in tar:
        _refuse_odd(entry, size=size)
        if entry.name in entries:
            raise UnreadableError(f"A part called {entry.name!r} is there twice. Refused.")
        entries[entry.name] = entry
    last = entries.pop(MANIFEST, None)
    if last is None:
        raise CampusError(CUT.format(said="its last part, the manifest, is missing"))
    if last.size > MOST_MANIFEST:
        raise UnreadableError("The manifest is larger than any that campus writes. Refused.")
    source = tar.extractfile(last)
    manifest = read_manifest(source.read() if source else b"")
    promised = {part.name: part.size for part in manifest.parts}
    if promised != {name: entry.size for name, entry in entries.items()}:
        raise UnreadableError("The backup does not hold what its manifest says. Refused.")
    return manifest


def _refuse_odd(entry: tarfile.TarInfo, *, size: int) -> None:
    """Refuse links, devices, sparse files and sizes beyond the file: a backup has none."""
    if not entry.isreg() or entry.issparse():
        name = entry.name[:LONGEST_NAME]
        raise UnreadableError(f"A part called {name!r} is no plain file. Refused.")
    check_name(entry.name)
    if entry.offset_data + entry.size > size:
        raise CampusError(CUT.format(said=f"{entry.name} ends before its end"))
