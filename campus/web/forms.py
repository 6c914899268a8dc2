"""What every HTML form shares: CSRF, clean text, days and times, the key of a request."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date, time
from functools import lru_cache
from typing import Any, ClassVar

from flask import Flask
from flask_babel import get_locale, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError as CSRFError  # this file alone knows flask-wtf
from flask_wtf.csrf import CSRFProtect
from wtforms import DateField, Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import (  # type: ignore[attr-defined]  # the types lag behind
    SelectChoice as SelectChoice,
)
from wtforms.i18n import get_translations as wtforms_words
from wtforms.validators import Length, StopValidation, ValidationError
from wtforms.widgets import TextInput

csrf = CSRFProtect()

FIRST_DAY = date(2020, 1, 1)
LAST_DAY = date(2100, 1, 1)
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
TYPED = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.]([0-5][0-9]))?|([01][0-9]|2[0-3])([0-5][0-9])")
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
AREA = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")
NUMBER = re.compile(r"-?[0-9]{1,6}")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
JOINERS = {"\u200c", "\u200d"}  # needed inside words of some scripts, and in emoji


def init(app: Flask) -> None:
    """Check a CSRF token on every form that changes something."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        WTF_CSRF_HEADERS=["X-CSRFToken"],
    )
    csrf.init_app(app)


@lru_cache(maxsize=8)
def library_words(language: str) -> Any:
    """Return WTForms' own sentences in a language, read once and not for every form."""
    return wtforms_words([language])


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Base of every form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """What all forms have in common."""

        def get_translations(self, form: FlaskForm) -> Any:
            """Return WTForms' own sentences in the reader's language."""
            return library_words(str(get_locale() or "en"))


def clean(value: str | None) -> str:
    """Return one line without what cannot be seen: controls, zero-width and direction marks."""
    if not value:
        return ""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())  # nearly always, and lists have many thousands
    kept = "".join(
        " " if char in "\t\r\n" else char
        for char in unicodedata.normalize("NFC", value)
        if char in "\t\r\n" or char in JOINERS or unicodedata.category(char) not in INVISIBLE
    )
    line = " ".join(kept.split())
    return "" if not line.strip("".join(JOINERS)) else line


def new_key() -> str:
    """Return the key of a form that is about to be filled in."""
    return secrets.token_urlsafe(16)


class LineField(StringField):
    """One line of text, cleaned."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value sent, cleaned."""
        self.data = clean(valuelist[0]) if valuelist else ""


class DayField(DateField):
    """A day as YYYY-MM-DD, between 2020 and 2100."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the first value, or say what a day looks like."""
        raw = valuelist[0].strip() if valuelist else ""
        self.raw_data = [raw]  # what the form shows again: the first, where several were sent
        if not raw:
            self.data = None
            return
        try:
            self.data = date.fromisoformat(raw)
        except ValueError:
            self.data = None
            raise ValueError(
                lazy_gettext("Write the day as year-month-day, such as 2026-11-26.")
            ) from None
        if not FIRST_DAY <= self.data < LAST_DAY:
            self.data = None
            raise ValueError(lazy_gettext("Choose a day between 2020 and 2100."))


def clock_in(raw: str) -> time | None:
    """Return the time of day that somebody wrote, or None where it is none."""
    found = TYPED.fullmatch(raw)
    return time(int(found[1] or found[3]), int(found[2] or found[4] or 0)) if found else None


class ClockField(Field):
    """A time of day as people write it: 08:30, 8.30, 0830, 8."""

    widget = TextInput()
    data: time | None

    def _value(self) -> str:
        return f"{self.data:%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the first value, or say what a time looks like."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = clock_in(raw)
        if raw and self.data is None:
            raise ValueError(lazy_gettext("Write the time as hours:minutes, such as 09:30."))


class Present:
    """Refuse an empty field with a sentence that names it."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        """Stop at once when nothing usable was sent; an error of reading comes first."""
        if field.data is None or field.data == "":
            if field.errors:
                raise StopValidation
            raise StopValidation(self.message)


class KeyField(HiddenField):
    """The key that makes sending a form twice the same as sending it once."""

    def pre_validate(self, form: Any) -> None:
        """Refuse a missing or odd key."""
        if not KEY.fullmatch(self.data or ""):
            raise ValidationError(
                lazy_gettext("This form has lost its key. Load the page again and send it once.")
            )


def at_most(number: int) -> Length:
    """Return the validator of a longest text."""
    return Length(max=number, message=lazy_gettext("Use at most %(max)d characters."))


class ChoiceField(SelectField):
    """One of a list."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        words = lazy_gettext("Choose one of the list.")
        more = {"invalid_value_message": words, "invalid_choice_message": words, **more}
        super().__init__(label, **more)


class CountField(Field):
    """A whole number between two others; empty is `empty`."""

    widget = TextInput()
    data: int | None

    def __init__(
        self, label: Any, low: int, high: int, *, empty: int | None = None, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.low, self.high, self.empty = low, high, empty
        self.render_kw = {"inputmode": "numeric", **(self.render_kw or {})}

    def _value(self) -> str:
        if self.raw_data and self.errors:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the first value, or say what a number looks like."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = self.empty
        if not raw:
            return
        if not (NUMBER.fullmatch(raw) and self.low <= int(raw) <= self.high):
            self.data = None
            raise ValueError(
                lazy_gettext(
                    "Write a whole number from %(low)s to %(high)s.", low=self.low, high=self.high
                )
            )
        self.data = int(raw)


class AreaField(Field):
    """An area in m², with a decimal comma or point; kept in dm²."""

    widget = TextInput()
    data: int | None

    def _value(self) -> str:
        if self.raw_data and self.errors:
            return str(self.raw_data[0])
        whole, rest = divmod(self.data or 0, 100)
        mark = "," if str(get_locale()) == "nl" else "."
        return f"{whole}{mark}{rest:02}".rstrip("0") if rest else str(whole or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the first value, or say what an area looks like."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        found = AREA.fullmatch(raw)
        area = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
        if not area:
            raise ValueError(lazy_gettext("Write the area in m², such as 12,5."))
        self.data = area
