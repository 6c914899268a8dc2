"""The map: a small TOML file that says how a source calls what campus knows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from campus.schedule import rules, terms
from campus.schedule.models import Map, MistakenError
from campus.spaces.models import is_code

MOST_BYTES = 1_000_000
WORDS = ("source", "zone", "columns", "codes", "only", "except")
SOURCE = re.compile(r"[A-Za-z0-9._-]{1,40}")


def read_map(path: Path) -> Map:
    """Return the map that a TOML file is.

    Raises:
        MistakenError: every mistake in it, by its place in the map.
    """
    found = _loaded(path)
    mistakes = [_not_known(name, WORDS) for name in found if name not in WORDS]
    mistakes += _wrong_words(found)
    for table in ("columns", "codes", "only", "except"):
        mistakes += _wrong_table(table, found.get(table, {}))
    if mistakes:
        raise MistakenError(*mistakes)
    columns = found.get("columns", {})
    missing = [what for what in terms.NEEDED if what not in columns]
    if missing:
        raise MistakenError(
            *(
                f'The map names no column for the {what}. Write {what} = "…" below [columns].'
                for what in missing
            )
        )
    return Map(
        source=found.get("source", path.stem[: rules.LONGEST_SOURCE]),
        columns=columns,
        zone=found.get("zone", ""),
        codes=found.get("codes", {}),
        only={name: _values(value) for name, value in found.get("only", {}).items()},
        leave_out={name: _values(value) for name, value in found.get("except", {}).items()},
    )


def _loaded(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()[: MOST_BYTES + 1]
        if len(raw) > MOST_BYTES:
            raise MistakenError("The map is larger than 1 MB. Is it a map?")
        return tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        raise MistakenError(f"The map {path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise MistakenError(f"The map is no TOML: {error}.") from error


def _not_known(name: str, known: tuple[str, ...]) -> str:
    return f"A map does not know “{rules.shortened(name)}”. It knows: {', '.join(known)}."


def _wrong_words(found: Mapping[str, Any]) -> Iterator[str]:
    source, zone = found.get("source", "x"), found.get("zone", "UTC")
    if not isinstance(source, str) or not SOURCE.fullmatch(source):
        yield (
            "source: write a name of letters, digits, full stops, hyphens and underscores,"
            " at most 40 of them."
        )
    if not isinstance(zone, str) or zone not in available_timezones():
        yield f"zone: “{str(zone)[:40]}” is no time zone; write one as Europe/Brussels."


def _wrong_table(name: str, table: object) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"{name}: this is a table: write [{name}] on a line."
        return
    for key, value in table.items():
        path = f"{name}.{rules.shortened(key)}"
        if name == "columns" and key not in terms.FIELDS:
            yield _not_known(key, terms.FIELDS)
        elif name in {"only", "except"} and not _values(value):
            yield f'{path}: write values in quotation marks, several as a list: ["a", "b*"].'
        elif name in {"columns", "codes"} and not (isinstance(value, str) and value.strip()):
            yield f"{path}: write it in quotation marks."
        elif name == "codes":
            yield from _wrong_code(path, value)


def _wrong_code(path: str, value: str) -> Iterator[str]:
    if not is_code(value):
        yield (
            f"{path}: “{rules.shortened(value)}” is no code: use letters, digits, full stops,"
            " hyphens and underscores, at most 40, and begin with a letter or a digit; “new” and"
            " “import” are no codes either."
        )


def _values(value: object) -> tuple[str, ...]:
    values: list[object] = value if isinstance(value, list) else [value]
    words = tuple(one for one in values if isinstance(one, str))
    return words if len(words) == len(values) else ()
