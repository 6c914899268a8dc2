"""Is the campus ready, is its schema the one this program knows, is its data sound?"""

from __future__ import annotations

import logging
import shutil
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import column, delete, inspect, select, table
from sqlalchemy.exc import SQLAlchemyError

from campus.db import db, dialects
from campus.errors import CampusError, Finding
from campus.home import queries, rules
from campus.home.models import Examination
from campus.journal import service as journal
from campus.members.models import Actor
from campus.outbox import queries as outbox
from campus.settings import Settings

LEAST_DISK = 0.05  # share of the disk that must be free
ANSWER_WITHIN = 1.0  # seconds for the database
KEEP_FINDINGS = timedelta(days=90)
LATE = timedelta(minutes=10)  # after which a worker or a mail is worth a word

VERSIONS = table("alembic_version", column("version_num"))

log = logging.getLogger(__name__)


class Schema(StrEnum):
    """How the database's schema stands to the one this program knows; words of /readyz."""

    HEAD = "at head"
    BEHIND = "behind"
    NEWER = "newer than this program"
    EMPTY = "not there yet"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What decides whether bookings can be made here, and two words that do not."""

    answers: bool = False
    schema: Schema | None = None
    has_room: bool = False
    worker: str = "unknown"
    mail: str = "unknown"

    @property
    def is_ready(self) -> bool:
        """Whether requests may be sent here."""
        return self.answers and self.schema is Schema.HEAD and self.has_room

    def words(self) -> dict[str, str]:
        """Return it as words for monitoring."""
        return {
            "status": "ready" if self.is_ready else "not ready",
            "database": "answers" if self.answers else "does not answer",
            "migrations": self.schema or "unknown",
            "disk": "has room" if self.has_room else "nearly full",
            "worker": self.worker,
            "oldest_message": self.mail,
        }


def readiness(now: datetime) -> Readiness:
    """Say whether the campus is ready, within a little more than a second whatever happens.

    The database is asked in a thread of its own: one that is gone may keep it waiting longer.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # behind the proxy
    found: list[Readiness] = []

    def ask() -> None:
        with app.app_context():
            try:
                found.append(_asked(now))
            except SQLAlchemyError as error:
                log.warning("the database did not answer: %s", type(error).__name__)

    thread = threading.Thread(target=ask, name="readiness", daemon=True)
    thread.start()
    thread.join(ANSWER_WITHIN)
    return found[0] if found else Readiness(has_room=has_room())


def _asked(now: datetime) -> Readiness:
    answers = dialects.is_answering(db.session())
    schema = schema_state()
    if schema is not Schema.HEAD:
        return Readiness(answers, schema, has_room())
    return Readiness(answers, schema, has_room(), worker_word(now), mail_word(now))


def has_room() -> bool:
    """Whether the disks of the data folder and of a database file have room left."""
    settings: Settings = current_app.extensions["campus.settings"]
    folders = [settings.data_dir.resolve(), dialects.folder_of(db.engine)]
    return all(_has_room(folder) for folder in folders if folder is not None)


def _has_room(folder: Path) -> bool:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    return usage.free > LEAST_DISK * usage.total


def worker_word(now: datetime) -> str:
    """Say whether a worker has done something lately; it has work every minute."""
    runs = [job.last_run_at for job in outbox.jobs() if job.last_run_at is not None]
    return "works" if runs and max(runs) > now - LATE else "silent"


def mail_word(now: datetime) -> str:
    """Say how the oldest waiting message is."""
    settings: Settings = current_app.extensions["campus.settings"]
    oldest = outbox.oldest_waiting_at()
    if oldest is None:
        return "none"
    if not settings.mail_url:
        return "waits, mail is not set up"
    return "waits too long" if oldest < now - LATE else "waits"


# --- schema -----------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _known(folder: str) -> tuple[str | None, frozenset[str]]:
    """Return the newest revision of a folder of migrations, and all of them."""
    if folder not in sys.path:
        sys.path.insert(0, folder)  # migrations import ddl, as they do below env.py
    scripts = ScriptDirectory(folder)
    every = frozenset(script.revision for script in scripts.walk_revisions())
    return scripts.get_current_head(), every


def is_known(revision: str) -> bool:
    """Whether a schema's revision is one that this program can bring to head."""
    _, every = _known(current_app.extensions["migrate"].directory)
    return revision in every


def schema_state() -> Schema:
    """Say how the database's schema stands to the migrations of this program."""
    head, every = _known(current_app.extensions["migrate"].directory)
    connection = db.session.connection()
    if not inspect(connection).has_table(VERSIONS.name):
        return Schema.EMPTY
    current = connection.scalars(select(VERSIONS.c.version_num)).all()
    if not current:
        return Schema.EMPTY
    if not every.issuperset(current):
        return Schema.NEWER
    return Schema.HEAD if current == [head] else Schema.BEHIND


def require_known_schema() -> Schema:
    """Return the state of the schema, unless this program is older than it.

    Raises:
        CampusError: it was made by a newer program.
    """
    state = schema_state()
    db.session.rollback()
    if state is Schema.NEWER:
        raise CampusError(
            "The database was made by a newer campus than this one. Nothing was changed."
            " Install the newer campus again, or restore the backup from before it."
        )
    if state is Schema.EMPTY and inspect(db.engine).get_table_names():
        raise CampusError(
            "The database holds tables that are not of campus. Nothing was changed."
            " Give campus a database of its own in CAMPUS_DATABASE_URL."
        )
    return state


def migrate() -> Schema:
    """Bring the database to head, and return how it was before.

    Raises:
        CampusError: it was made by a newer program, or holds something else.
    """
    try:
        dialects.make_folder(db.engine)
    except OSError as error:
        raise CampusError(
            f"The folder of the database cannot be made ({error.strerror}): {error.filename}."
        ) from error
    before = require_known_schema()
    if before is not Schema.HEAD:
        upgrade()
    return before


# --- doctor -----------------------------------------------------------------------------------


def ask_examination(*, actor: Actor, now: datetime) -> None:
    """Let the worker look into all the data; asked twice, it looks once."""
    dialects.lock_name(db.session(), "examination")
    if queries.waiting_examination() is None:
        db.session.add(Examination(asked_at=now, asked_by_id=actor.person_id))
        journal.record(actor_id=actor.person_id, verb="doctor.ask", subject="site:data", now=now)


def is_examination_due(now: datetime) -> bool:
    """Whether a look is to be made that nobody is making; a plain read."""
    waiting = queries.waiting_examination()
    if waiting is not None:
        return rules.is_forsaken(waiting.begun_at, now=now)
    last = queries.last_examination()
    return rules.is_due(now, last_at=last.asked_at if last else None)


def begin_examination(*, now: datetime) -> int | None:
    """Return the number of the look that is to be made now: asked for, or tonight's; or None."""
    if not is_examination_due(now):
        return None
    waiting = queries.waiting_examination()
    if waiting is None:
        waiting = Examination(asked_at=now)
        db.session.add(waiting)
    waiting.begun_at = now
    db.session.flush()
    return waiting.id


def end_examination(number: int, *, findings: Sequence[Finding], now: datetime) -> None:
    """Keep what was found, and forget what was found long ago."""
    found = db.session.get_one(Examination, number)
    found.findings, found.ended_at = rules.kept(findings), now
    old = Examination.ended_at < now - KEEP_FINDINGS
    db.session.execute(delete(Examination).where(old))
