"""A file as it is handed over, kept until somebody has agreed to it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from campus.errors import Busy, NotFound, text
from campus.roomlist.models import Upload

KEPT_FOR = timedelta(days=1)
KEY = re.compile(r"[A-Za-z0-9_-]{32}")
GONE = text(
    "This file was imported already, or is older than a day. If it was not imported, choose it"
    " again."
)


def keep(upload: Upload, *, folder: Path, person_id: int, now: datetime) -> str:
    """Keep an upload for this person for a day, and return the key to it.

    Raises:
        Busy: it cannot be written.
    """
    key = secrets.token_urlsafe(24)
    content = {
        "name": upload.name,
        "raw": base64.b64encode(upload.raw).decode("ascii"),
        "map": upload.map,
    }
    body = json.dumps(content)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old(folder, now=now)
        handle = os.open(
            _file(folder, person_id, key), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
        )
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{_digest(body)}\n{body}")
    except OSError as error:
        raise Busy(
            text("The file cannot be kept until you say yes. Import it with the command instead.")
        ) from error
    return key


def kept(key: str, *, folder: Path, person_id: int) -> Upload:
    """Return what this person's key stands for.

    Raises:
        NotFound: it was imported, is too old, was damaged, or is somebody else's.
    """
    try:
        written = _file(folder, person_id, key).read_text(encoding="utf-8")
    except OSError as error:
        raise NotFound(GONE) from error
    digest, _, body = written.partition("\n")
    if digest != _digest(body):
        raise NotFound(GONE)
    found = json.loads(body)
    return Upload(found["name"], base64.b64decode(found["raw"]), found["map"])


def forget(key: str, *, folder: Path, person_id: int) -> None:
    """Remove what was kept; it is no mistake when it is gone already."""
    _file(folder, person_id, key).unlink(missing_ok=True)


def _file(folder: Path, person_id: int, key: str) -> Path:
    if not KEY.fullmatch(key):
        raise NotFound(GONE)
    return folder / f"{person_id}-{key}"


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def _forget_old(folder: Path, *, now: datetime) -> None:
    oldest = (now - KEPT_FOR).timestamp()
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # somebody else tidies up as well
            if file.stat().st_mtime < oldest:
                file.unlink()
