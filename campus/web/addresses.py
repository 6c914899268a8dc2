"""What the query of an address says, as far as it can be read; what cannot is a sentence."""

from __future__ import annotations

import re
from datetime import date

from werkzeug.datastructures import MultiDict

from campus.errors import Text, text
from campus.web.forms import clean

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST_CODE = 40
MOST_WISHES = 20
MOST_PEOPLE = 999

Args = MultiDict[str, str]


def day_in(args: Args, mistakes: list[Text]) -> date | None:
    """Return the day asked for; None where none is, or none that there is."""
    raw = args.get("day", "").strip()
    if not raw:
        return None
    try:
        found = date.fromisoformat(raw) if DAY.fullmatch(raw) else None
    except ValueError:
        found = None
    if found is None:
        mistakes.append(text("There is no such day. Write it as 2026-11-26, or choose one here."))
    return found


def people_in(args: Args, mistakes: list[Text]) -> int | None:
    """Return for how many people it has to be; None for as many as it holds."""
    raw = args.get("people", "").strip()
    if not raw or raw == "0":
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= len(str(MOST_PEOPLE))):
        mistakes.append(text("Write the number of people as a whole number."))
        return None
    return int(raw)


def wishes_in(args: Args) -> tuple[str, ...]:
    """Return the codes of the features wished for, each once."""
    return tuple(dict.fromkeys(code for code in args.getlist("has")[:MOST_WISHES] if code))


def code_in(args: Args, name: str) -> str:
    """Return a code, such as a floor's or a space's; empty where none is said."""
    return clean(args.get(name, ""))[:LONGEST_CODE]
