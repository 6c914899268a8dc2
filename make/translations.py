"""Keeps the catalogues of `campus/translations` equal to the texts in code and templates.

`update` collects the texts, fills the English catalogue and compiles; `check` says what is
missing, empty, unsure or left over and changes nothing; `compile` only compiles.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from hatch_build import compile_catalogue

SOURCES = ("campus", "templates")
FOLDER = Path("campus", "translations")
LANGUAGES = ("nl", "en")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "text": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "text_plural": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACE = re.compile(r"%\((\w+)\)")


def main(verb: str) -> int:
    """Do what `verb` says; 1 when `check` found something."""
    if verb == "check":
        found = [problem for language in LANGUAGES for problem in problems(language)]
        print("\n".join(found) or "Every text is translated.")
        return 1 if found else 0
    for language in LANGUAGES:
        if verb == "update":
            path_of(language).parent.mkdir(parents=True, exist_ok=True)
            path_of(language).write_bytes(written(updated(language)))
        compile_catalogue(path_of(language))
    return 0


def path_of(language: str) -> Path:
    """Return the file that holds the catalogue of `language`."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


@cache
def collected() -> Catalog:
    """Return a catalogue of every text in code and templates."""
    with Path("babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")
    template = Catalog(charset="utf-8")
    for source in SOURCES:
        texts = extract_from_dir(
            source, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for _file, _line, text, comments, context in texts:
            template.add(text, auto_comments=comments, context=context)
    return template


def present(language: str) -> Catalog:
    """Return the catalogue of `language` as it stands in its file."""
    path = path_of(language)
    if not path.exists():
        return new_catalogue(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def new_catalogue(language: str) -> Catalog:
    """Return an empty catalogue whose header changes with nothing but the language."""
    return Catalog(locale=language, charset="utf-8")


def updated(language: str) -> Catalog:
    """Return the catalogue of `language` with today's texts; English is its own translation."""
    old, new = present(language), new_catalogue(language)
    for message in collected():
        if message.id:
            kept = matching(old, message)
            new.add(
                message.id,
                english(message) if language == "en" else kept.string if kept else "",
                flags=kept.flags if kept and language != "en" else (),
                auto_comments=message.auto_comments,
                user_comments=kept.user_comments if kept else (),
                context=message.context,
            )
    return new


def matching(catalogue: Catalog, message: Message) -> Message | None:
    """Return the translation of `message`, if both have a plural or neither has."""
    found = catalogue.get(message.id, message.context)
    return found if found and found.pluralizable == message.pluralizable else None


def english(message: Message) -> str | tuple[str, ...]:
    """Return the English text of `message`, which is its id."""
    return message.id if isinstance(message.id, str) else tuple(message.id)


def written(catalogue: Catalog) -> bytes:
    """Return the file of `catalogue`: sorted, no line numbers or dates, so diffs stay small."""
    buffer = BytesIO()
    write_po(
        buffer, catalogue, width=99, no_location=True, sort_output=True, ignore_obsolete=True,
        omit_header=True,
    )  # fmt: skip
    return header(catalogue).encode() + buffer.getvalue().rstrip() + b"\n"


def header(catalogue: Catalog) -> str:
    """Return the entry that says how to read the others."""
    return (
        'msgid ""\n'
        'msgstr ""\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )


def problems(language: str) -> Iterator[str]:
    """Yield a line for everything that is wrong with the catalogue of `language`."""
    catalogue, texts = present(language), collected()
    wanted = {(message.id, message.context) for message in texts if message.id}
    there = {(message.id, message.context): message for message in catalogue if message.id}
    yield from (f"{language}: missing: {id_}" for id_, context in wanted - set(there))
    yield from (f"{language}: no longer used: {id_}" for id_, context in set(there) - wanted)
    yield from (f"{language}: no longer used: {id_}" for id_ in catalogue.obsolete)
    for message in there.values():
        if reason := why_not_right(message, language=language):
            yield f"{language}: {reason}: {message.id}"
    if path_of(language).exists() and path_of(language).read_bytes() != written(updated(language)):
        yield f"{language}: the file is not as `make translations` writes it"


def why_not_right(message: Message, *, language: str) -> str | None:
    """Return what is wrong with one translation, or None."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if message.fuzzy:
        return "unsure (fuzzy)"
    if not all(forms):
        return "empty"
    if language == "en" and message.string != english(message):
        return "not its own text"
    places = [set(PLACE.findall(form)) for form in forms]
    known = set(
        PLACE.findall(" ".join([message.id] if isinstance(message.id, str) else message.id))
    )
    # A singular may say "one" for a number; every other form names each value.
    wrong = places[-1] != known or any(found - known for found in places)
    return "another set of %(values)s" if wrong else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
