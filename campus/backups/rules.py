"""What a backup says of itself, and what its parts may be called; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
UPLOADS = "uploads/"
LONGEST_NAME = 1000
OWN = {"secret-key", "run.lock"}  # of one machine: a copy elsewhere gets its own
OWN_DRAFTS = ".secret-key-"
NO_BACKUP = "This is no backup of campus"
FIELDS: Mapping[str, type] = {
    "campus": str,
    "made_at": str,
    "database": str,
    "made_with": str,
    "revision": str,
    "settings": dict,
    "rows": dict,
    "parts": list,
}


class UnreadableError(ValueError):
    """A manifest or a name is not what campus writes; says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a backup, with what proves that it is the one that was written."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; the last thing written, so a torn one has none.

    Attributes:
        campus: version of the program that made it.
        made_at: ISO 8601 instant of the moment that was copied.
        database: "sqlite" or "postgresql".
        made_with: the program that wrote the database's part.
        revision: of the schema.
        settings: those that the data depends on; secrets are not among them.
        rows: how many each table had at that moment.
    """

    campus: str
    made_at: str
    database: str
    made_with: str
    revision: str
    settings: Mapping[str, str]
    rows: Mapping[str, int]
    parts: Sequence[Part] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The bytes of all parts."""
        return sum(part.size for part in self.parts)

    def written(self) -> bytes:
        """Return it as JSON."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()


def read(raw: bytes) -> Manifest:
    """Return the manifest that a backup brings.

    Raises:
        UnreadableError: it is none, or of a later format.
    """
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{NO_BACKUP}: its manifest cannot be read.") from error
    if not isinstance(said, dict) or not isinstance(said.get("format"), int):
        raise UnreadableError(f"{NO_BACKUP}: its manifest says no format.")
    if said["format"] > FORMAT:
        raise UnreadableError("This backup was made by a newer campus. Install that one first.")
    if wrong := [name for name, kind in FIELDS.items() if not isinstance(said.get(name), kind)]:
        raise UnreadableError(f"{NO_BACKUP}: its manifest says nothing of {', '.join(wrong)}.")
    values = {name: said[name] for name in FIELDS}
    return Manifest(**{**values, "rows": _rows(said["rows"]), "parts": _parts(said["parts"])})


def _rows(said: dict[Any, Any]) -> dict[str, int]:
    if any(type(count) is not int for count in said.values()):
        raise UnreadableError(f"{NO_BACKUP}: its manifest counts rows in no numbers.")
    return said


def _parts(said: list[Any]) -> list[Part]:
    try:
        parts = [Part(**one) for one in said]
    except TypeError as error:
        raise UnreadableError(f"{NO_BACKUP}: its manifest names parts that are none.") from error
    for part in parts:
        check_part(part.name, part.size, part.sha256)
    if len({part.name for part in parts}) != len(parts):
        raise UnreadableError(f"{NO_BACKUP}: it names a part twice.")
    return parts


def check_part(name: object, size: object, sha256: object) -> None:
    """Refuse a part whose size or digest is none, or whose name is not one of campus's.

    Raises:
        UnreadableError: it is so.
    """
    if type(size) is not int or size < 0 or not isinstance(sha256, str):
        raise UnreadableError(f"{NO_BACKUP}: its manifest names parts that are none.")
    check_name(name)


def check_name(name: object) -> None:
    """Refuse what would be written anywhere but below the folder meant for it.

    Raises:
        UnreadableError: the name is absolute, climbs, is no name of campus's, or is that of a
            file which every machine has of its own.
    """
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or "\0" in name:
        raise UnreadableError(f"{NO_BACKUP}: a part has no name.")
    inner = name.removeprefix(UPLOADS)
    path = PurePosixPath(inner)
    climbs = path.is_absolute() or ".." in path.parts or str(path) != inner or "\\" in name
    if climbs or (inner == name and "/" in name) or inner in {"", "."}:
        raise UnreadableError(
            f"A part called {name!r} would be written outside its folder. Refused."
        )
    if inner != name and is_own(inner):
        raise UnreadableError(
            f"A part called {name!r} would replace what this machine has of its own. Refused."
        )


def is_own(name: str) -> bool:
    """Whether a file of the data folder belongs to one machine, and so into no backup."""
    return name in OWN or name.startswith(OWN_DRAFTS)


def missing_rows(promised: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Return the tables that do not hold as many rows as they had, in words."""
    return [
        f"{name} has {found.get(name, 0)} rows and had {promised.get(name, 0)}"
        for name in sorted({*promised, *found})
        if promised.get(name, 0) != found.get(name, 0)
    ]


def differing(then: Mapping[str, str], now: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Yield each setting that was another one when the backup was made: name, then, now."""
    for name, value in then.items():
        if name in now and now[name] != value:
            yield name, value, now[name]


def file_name(at: datetime) -> str:
    """Return a name that sorts by time, for whoever names only a folder."""
    return f"campus-{at:%Y%m%dT%H%M%SZ}.tar"
