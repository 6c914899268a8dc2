"""Questions about what belongs into a backup beside the database."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from campus.backups import rules
from campus.settings import Settings

BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside its file


def uploads(folder: Path, *, but: Collection[Path]) -> Iterator[tuple[str, Path]]:
    """Yield the files of the data folder with their names below it, in order.

    Left out are the secret key, locks, the files of an SQLite database, and whatever is no plain
    file: a link may lead anywhere.

    Args:
        but: files and folders that are no part of it, such as the database and the backup itself.
    """
    left_out = {path.resolve() for path in but}
    for place, folders, names in os.walk(folder.resolve()):
        here = Path(place)
        folders[:] = sorted(name for name in folders if here / name not in left_out)
        for name in sorted(names):
            file = here / name
            is_own = here == folder.resolve() and rules.is_own(name)
            if not is_own and file not in left_out and file.is_file() and not file.is_symlink():
                yield file.relative_to(folder.resolve()).as_posix(), file


def files_of(database: Path | None) -> list[Path]:
    """Return the files that an SQLite database may consist of."""
    return [database.with_name(database.name + end) for end in BESIDE] if database else []


def told(settings: Settings) -> dict[str, str]:
    """Return the settings that the data was written under; none of them is a secret."""
    return {
        "CAMPUS_ZONE": settings.zone,
        "CAMPUS_LANGUAGES": ",".join(settings.languages),
        "CAMPUS_BASE_URL": settings.base_url,
        "CAMPUS_NAME": settings.name,
        "CAMPUS_ADDRESS": settings.address,
    }


def as_told(settings: Settings, then: Mapping[str, str]) -> Settings:
    """Return settings under which what the data says of itself is true: its zone, its address."""
    words = {**told(settings), **then}
    return replace(
        settings,
        zone=words["CAMPUS_ZONE"],
        languages=tuple(words["CAMPUS_LANGUAGES"].split(",")),
        base_url=words["CAMPUS_BASE_URL"],
        name=words["CAMPUS_NAME"],
        address=words["CAMPUS_ADDRESS"],
    )
