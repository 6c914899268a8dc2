"""Back a campus up while it serves; restore it; prove that a backup can be restored."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import Flask

from campus import __version__, clock
from campus.backups import archive, queries, rules
from campus.backups.archive import Opened, Packing
from campus.backups.rules import UPLOADS, Manifest
from campus.db import copies, db
from campus.errors import CampusError, Finding
from campus.settings import Settings

ROOM_TO_SPARE = 1.1  # a database that is migrated grows a little
NOT_EMPTY = (
    "{what} is not empty, and a backup is restored into an empty place only. Nothing was changed."
    " {way}"
)
Say = Callable[[str], None]
file_name = rules.file_name


@dataclass(frozen=True, slots=True)
class Tools:
    """What a backup needs of packages that stand above this one; app.py hands it in.

    Attributes:
        open_campus: makes an application over another database.
        migrate: brings the database of the present application to head.
        knows: whether a schema's revision is one of this program's.
        examine: looks for faults in all that the present application has.
    """

    open_campus: Callable[[Settings], Flask]
    migrate: Callable[[], object]
    knows: Callable[[str], bool]
    examine: Callable[[datetime], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What came out of a backup.

    Attributes:
        differing: settings that were other ones then: name, then, now.
    """

    manifest: Manifest
    findings: Sequence[Finding]
    differing: Sequence[tuple[str, str, str]]

    @property
    def faults(self) -> int:
        """How many faults doctor found in it."""
        return sum(len(one.faults) for one in self.findings)


def quietly(_said: str) -> None:
    """Say nothing."""


# --- a backup ---------------------------------------------------------------------------------


def back_up(
    file: Path, *, settings: Settings, force: bool, now: datetime, say: Say = quietly
) -> Manifest:
    """Write everything of a campus into one file, as it is at one moment; others go on writing.

    Args:
        say: told what is being done.

    Raises:
        CampusError: it cannot be written, or the copy is not sound; nothing of it is kept.
    """
    with archive.packing(file, force=force) as packing, _folder(file.parent) as folder:
        say("copying the database")
        copy = folder / copies.NAMES[copies.kind_of(db.engine)]
        copied = copies.copy(db.engine, copy, programs=settings.pg_bin)
        say("packing it, and reading the copy from end to end")
        with _proven_meanwhile(copy):
            packing.add(copy.name, copy)
        _add_uploads(packing, settings, but=[file, folder], say=say)
        return packing.finish(
            Manifest(
                campus=__version__,
                made_at=now.isoformat(timespec="seconds"),
                database=copies.kind_of(db.engine),
                made_with=copied.made_with,
                revision=copied.revision,
                settings=queries.told(settings),
                rows=copied.rows,
            )
        )


def _add_uploads(packing: Packing, settings: Settings, *, but: list[Path], say: Say) -> None:
    beside = [*but, *queries.files_of(copies.file_of(db.engine))]
    beside += [path.with_name(f".{path.name}.part") for path in but]
    for name, upload in queries.uploads(settings.data_dir, but=beside):
        say(f"adding {name}")
        packing.add(UPLOADS + name, upload)


@contextmanager
def _proven_meanwhile(copy: Path) -> Iterator[None]:
    """Prove a copy of SQLite sound in a second thread; what it finds is raised at the end."""
    found: list[CampusError] = []

    def prove() -> None:
        try:
            copies.prove_file(copy)
        except CampusError as error:
            found.append(error)

    if copies.kind_of(db.engine) != "sqlite":
        yield
        return
    thread = threading.Thread(target=prove, name="proof", daemon=True)
    thread.start()
    yield
    thread.join()
    if found:
        raise found[0]


@contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    """Yield a folder for drafts on the same disk; it is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".campus-") as name:
        yield Path(name)


# --- back again -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drill:
    """How a backup is restored.

    Attributes:
        say: told what is being done.
    """

    settings: Settings
    tools: Tools
    now: datetime
    say: Say = quietly


def restore(file: Path, *, drill: Drill) -> Proof:
    """Fill an empty database and an empty data folder with what a backup holds.

    Raises:
        CampusError: a place is not empty, or the backup is not whole; nothing was changed.
    """
    require_empty(drill.settings)
    with archive.opened(file) as backup:
        _require_fitting(backup.manifest, drill.tools)
        with _folder_of(drill.settings) as folder:
            _require_room(backup.manifest, folder)
            with copies.draft_of(db.engine) as url:
                proof = _restored(backup, folder, url=url, drill=drill)
                _settle_uploads(folder / "data", drill.settings.data_dir)
    return proof


def check(file: Path, *, drill: Drill) -> Proof:
    """Restore a backup into a place beside the campus, look for faults in it, throw it away.

    Raises:
        CampusError: the backup is not whole, or it cannot be restored here.
    """
    with archive.opened(file) as backup, _scratch(file) as folder:
        _require_fitting(backup.manifest, drill.tools)
        _require_room(backup.manifest, folder)
        with copies.elsewhere(db.engine, folder) as url:
            return _restored(backup, folder, url=url, drill=drill)


def require_empty(settings: Settings) -> None:
    """Refuse a place that holds anything already.

    Raises:
        CampusError: it does; says what.
    """
    if not copies.is_empty(db.engine):
        shown = db.engine.url.render_as_string(hide_password=True)
        way = "Name an empty one in CAMPUS_DATABASE_URL."
        raise CampusError(NOT_EMPTY.format(what=f"The database {shown}", way=way))
    beside = queries.files_of(copies.file_of(db.engine))
    there = next(queries.uploads(settings.data_dir, but=beside), None)
    if there is not None:
        what = f"The data folder {settings.data_dir} (it holds {there[0]})"
        raise CampusError(NOT_EMPTY.format(what=what, way="Name another in CAMPUS_DATA_DIR."))


def _require_fitting(manifest: Manifest, tools: Tools) -> None:
    kind = copies.kind_of(db.engine)
    if manifest.database != kind:
        raise CampusError(
            f"The backup is of a {manifest.database} database, and CAMPUS_DATABASE_URL names a"
            f" {kind} one. Name one of the same kind."
        )
    if copies.NAMES[kind] not in {part.name for part in manifest.parts}:
        raise CampusError(f"{rules.NO_BACKUP}: the database is not in it.")
    if not tools.knows(manifest.revision):
        raise CampusError(
            f"The backup was made by a newer campus ({manifest.campus}, schema"
            f" {manifest.revision!r}) than this one ({__version__}). Install that one first."
        )


def _require_room(manifest: Manifest, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < manifest.size * ROOM_TO_SPARE:
        raise CampusError(
            f"There is no room for the backup in {folder.parent}: it needs"
            f" {manifest.size / 1e6:,.0f} MB and {free / 1e6:,.0f} MB are free."
        )


def _restored(backup: Opened, folder: Path, *, url: str, drill: Drill) -> Proof:
    manifest, settings = backup.manifest, drill.settings
    data, copy = folder / "data", folder / copies.NAMES[manifest.database]
    data.mkdir()
    drill.say("unpacking, and comparing every byte with its SHA-256")
    for part in manifest.parts:
        is_upload = part.name.startswith(UPLOADS)
        to = data / part.name.removeprefix(UPLOADS) if is_upload else folder / part.name
        backup.unpack(part, to)
    drill.say("restoring the database")
    copies.put_back(url, copy, engine=db.engine, programs=settings.pg_bin)
    findings = _looked_into(manifest, url, drill)
    differing = rules.differing(manifest.settings, queries.told(settings))
    return Proof(manifest, findings, list(differing))


def _looked_into(manifest: Manifest, url: str, drill: Drill) -> Sequence[Finding]:
    """Compare the counts of a restored database, bring it to head, and look for faults."""
    settings = queries.as_told(replace(drill.settings, database_url=url), manifest.settings)
    with drill.tools.open_campus(settings).app_context():
        try:
            drill.say("counting rows")
            with db.engine.connect() as connection:
                found = copies.counted(connection)
            if wrong := rules.missing_rows(manifest.rows, found):
                raise CampusError(f"Not everything came back: {'; '.join(wrong)}.")
            drill.tools.migrate()
            drill.say("looking for faults, as campus doctor does")
            return drill.tools.examine(drill.now)
        finally:
            db.session.remove()
            db.engine.dispose()
            clock.set_campus_zone(drill.settings.zone)


@contextmanager
def _scratch(file: Path) -> Iterator[Path]:
    """Yield a folder beside the backup, or the system's own where that one cannot be written."""
    try:
        folder = tempfile.TemporaryDirectory(dir=file.parent, prefix=".campus-")
    except OSError:
        folder = tempfile.TemporaryDirectory(prefix="campus-")
    with folder as name:
        yield Path(name)


@contextmanager
def _folder_of(settings: Settings) -> Iterator[Path]:
    """Yield a folder for what is unpacked, within the data folder: moving out of it costs nothing.

    Raises:
        CampusError: the data folder cannot be written.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with _folder(settings.data_dir) as folder:
            yield folder
    except PermissionError as error:
        raise CampusError(
            f"The data folder {settings.data_dir} cannot be written ({error.strerror})."
        ) from error


def _settle_uploads(data: Path, folder: Path) -> None:
    for entry in sorted(data.iterdir()):
        entry.rename(folder / entry.name)
