"""What templates know: words for time, the reader's language, addresses of static files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import jinja2.filters
import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from jinja2 import UndefinedError

from campus.clock import Period
from campus.errors import Spoken, Text, text, text_plural
from campus.settings import Settings
from campus.web import languages, templating
from campus.web.templating import (
    capital,
    clock_time,
    day,
    in_language,
    initials,
    length,
    moment,
    reader_language,
    relative_day,
    release_of,
    said_in,
    short_day,
    span,
    static_url,
    translate,
    weekday,
    when,
)

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = Settings(secret_key="only-for-tests-" + "k" * 40)
NOW = datetime(2026, 11, 26, 9, 38, tzinfo=UTC)
THURSDAY = date(2026, 11, 26)


def at(hour: int, minute: int = 0, *, on: date = THURSDAY) -> datetime:
    """Return an instant written as the campus clock shows it in winter."""
    return datetime.combine(on, time(hour, minute), tzinfo=UTC) - timedelta(hours=1)


@pytest.fixture
def pages() -> Iterator[Flask]:
    """The web parts alone: no slices, no database; Thursday 26 November 2026, 10:38."""
    app = Flask(
        "campus",
        root_path=str(ROOT / "campus"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    app.extensions["campus.settings"] = SETTINGS
    languages.init(app, SETTINGS)
    templating.init(app, SETTINGS)
    app.add_url_rule("/<language:lang>/book", view_func=reader_language, endpoint="book")
    app.add_url_rule("/<language:lang>/sent", view_func=reader_language, methods=["POST"])
    with app.app_context(), time_machine.travel(NOW, tick=False):
        yield app


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest, pages: Flask) -> Iterator[str]:
    """Everything written in one language, then in the other."""
    with force_locale(request.param):
        yield request.param


# --- time -------------------------------------------------------------------------------------


def test_a_day_is_written_as_people_say_it(language: str) -> None:
    written = {
        "nl": ("do 26 november", "do 26 nov.", "do", "do 26 november 10:38"),
        "en": ("Thu 26 November", "Thu 26 Nov", "Thu", "Thu 26 November 10:38"),
    }

    assert (day(THURSDAY), short_day(THURSDAY), weekday(THURSDAY), moment(NOW)) == written[
        language
    ]


def test_the_year_is_written_outside_this_year_only(language: str) -> None:
    next_year = {"nl": "di 9 maart 2027", "en": "Tue 9 March 2027"}

    assert day(date(2027, 3, 9)) == next_year[language]
    assert short_day(date(2025, 5, 1)).endswith(" mei 2025" if language == "nl" else " May 2025")
    assert "2026" not in day(date(2026, 1, 1))


def test_an_instant_is_shown_in_campus_time(pages: Flask) -> None:
    last_of_the_day = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)

    assert clock_time(last_of_the_day) == "00:30"
    assert day(last_of_the_day) == "vr 27 november"
    assert clock_time(time(9, 5)) == "09:05"


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "written"),
    [
        (at(9), at(17, 30), "09:00–17:30"),
        (at(18), at(0, on=date(2026, 11, 27)), "18:00–00:00"),
        (at(22), at(6, on=date(2026, 11, 27)), "22:00–vr 27 nov. 06:00"),
        (at(9), None, "vanaf 09:00"),
        (time(8), time(13), "08:00–13:00"),
    ],
    ids=["one day", "until midnight", "over midnight", "open", "times of day"],
)
def test_a_span_of_time(
    pages: Flask, starts_at: datetime | time, ends_at: datetime | time | None, written: str
) -> None:
    assert span(starts_at, ends_at) == written


@pytest.mark.parametrize(
    ("days", "nl", "en"),
    [
        (-14, "2 weken geleden", "2 weeks ago"),
        (-2, "2 dagen geleden", "2 days ago"),
        (-1, "gisteren", "yesterday"),
        (0, "vandaag", "today"),
        (1, "morgen", "tomorrow"),
        (5, "over 5 dagen", "in 5 days"),
        (7, "over 7 dagen", "in 7 days"),
        (21, "over 3 weken", "in 3 weeks"),
    ],
)
def test_a_day_seen_from_today(language: str, days: int, nl: str, en: str) -> None:
    assert relative_day(THURSDAY + timedelta(days=days)) == {"nl": nl, "en": en}[language]


@pytest.mark.parametrize(
    ("minutes", "nl", "en"),
    [
        (1, "1 minuut", "1 minute"),
        (90, "90 minuten", "90 minutes"),
        (480, "8 uur", "8 hours"),
        (1440, "1 dag", "1 day"),
        (2880, "2 dagen", "2 days"),
        (0, "0 minuten", "0 minutes"),
    ],
)
def test_a_length_is_told_in_the_largest_whole_unit(
    language: str, minutes: int, nl: str, en: str
) -> None:
    assert length(timedelta(minutes=minutes)) == {"nl": nl, "en": en}[language]


def test_when_names_a_near_day_by_its_distance(language: str) -> None:
    near, far = Period(at(11, 30), at(13)), Period(at(9, on=date(2026, 12, 1)), None)

    assert when(near) == {"nl": "vandaag 11:30–13:00", "en": "today 11:30–13:00"}[language]
    assert when(far) == (
        "di 1 december vanaf 09:00" if language == "nl" else "Tue 1 December from 09:00"
    )


# --- language ---------------------------------------------------------------------------------


def test_a_sentence_takes_its_values_as_the_reader_writes_them(language: str) -> None:
    skipped = text(
        "There is no %(at)s on %(day)s: the clocks go forward.",
        at=time(2, 30),
        day=date(2027, 3, 28),
    )
    written = {
        "nl": "Op zo 28 maart 2027 bestaat 02:30 niet: de klok gaat dan vooruit.",
        "en": "There is no 02:30 on Sun 28 March 2027: the clocks go forward.",
    }

    assert translate(skipped) == written[language]


def test_a_sentence_inside_a_sentence_is_translated_too(language: str) -> None:
    outer = text("%(inner)s (%(at)s)", inner=text("today"), at=NOW)

    assert translate(outer) == (
        "vandaag (do 26 november 10:38)" if language == "nl" else "today (Thu 26 November 10:38)"
    )


def test_a_sentence_agrees_with_its_number(language: str) -> None:
    def far(number: int) -> str:
        return translate(text_plural("in %(num)s day", "in %(num)s days", num=number))

    assert (far(1), far(2)) == {
        "nl": ("over 1 dag", "over 2 dagen"),
        "en": ("in 1 day", "in 2 days"),
    }[language]


def test_what_the_campus_wrote_is_read_in_the_language_it_has(language: str) -> None:
    both, one = Spoken("aan het raam", "by the window"), Spoken("", "step-free")
    place = text("%(where)s, %(how)s (%(far)s)", where=both, how=one, far=timedelta(hours=2))

    assert translate(place) == (
        "aan het raam, step-free (2 uur)"
        if language == "nl"
        else "by the window, step-free (2 hours)"
    )


def test_a_plural_without_a_number_is_a_mistake(pages: Flask) -> None:
    with pytest.raises(TypeError, match="the number of"):
        translate(Text("one", {"num": "2"}, "many"))


def test_a_template_translates_what_it_prints_and_escapes_it(pages: Flask) -> None:
    page = pages.jinja_env.from_string("{{ reason }}|{{ reason|translate|upper }}")

    with force_locale("nl"):
        printed = page.render(reason=text("account of %(name)s", name="Femke"))

    assert printed == "account van Femke|ACCOUNT VAN FEMKE"


def test_a_name_that_a_template_does_not_know_is_an_error(pages: Flask) -> None:
    with pytest.raises(UndefinedError):
        pages.jinja_env.from_string("{{ nobody }}").render()


def test_no_filter_takes_the_place_of_one_of_jinja() -> None:
    assert set(templating.FILTERS) & set(jinja2.filters.FILTERS) == set()


@pytest.mark.parametrize(
    ("path", "headers", "chosen"),
    [
        ("/en/book", {"Cookie": "lang=nl"}, "en"),
        ("/nl/nowhere", {"Accept-Language": "en"}, "nl"),
        ("/nowhere", {"Cookie": "lang=en", "Accept-Language": "nl"}, "en"),
        ("/nowhere", {"Cookie": "lang=xx", "Accept-Language": "en-GB"}, "en"),
        ("/nowhere", {"Accept-Language": "de"}, "nl"),
    ],
    ids=["address", "address of nothing", "chosen before", "browser", "first of the campus"],
)
def test_the_language_of_an_answer(
    pages: Flask, path: str, headers: dict[str, str], chosen: str
) -> None:
    with pages.test_request_context(path, headers=headers):
        pages.preprocess_request()

        assert reader_language() == chosen


def test_outside_a_request_the_first_language_is_written(pages: Flask) -> None:
    assert reader_language() == "nl"


@pytest.mark.parametrize(
    ("path", "method", "address"),
    [
        ("/nl/book?day=2026-11-27&from=09:00", "GET", "/en/book?day=2026-11-27&from=09:00"),
        ("/nl/nowhere", "GET", "/en/nowhere"),
        ("/nl/book?day=1", "POST", "/en/book"),
        ("/nl/sent", "POST", "/en/"),
        ("/healthz", "GET", "/en/"),
        ("/", "GET", "/en/"),
    ],
)
def test_a_page_in_another_language(pages: Flask, path: str, method: str, address: str) -> None:
    with pages.test_request_context(path, method=method):
        assert in_language("en") == address


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line"), [("today 11:30", "Today 11:30"), ("één", "Één"), ("", ""), ("1.32", "1.32")]
)
def test_a_line_begins_with_a_capital(words: str, line: str) -> None:
    assert capital(words) == line


def test_a_sentence_is_translated_before_it_gets_its_capital(pages: Flask) -> None:
    with pages.test_request_context("/"), force_locale("nl"):
        assert capital(text("desk %(name)s", name="1.32")) == "Bureau 1.32"


@pytest.mark.parametrize(
    ("nl", "en", "attributes"),
    [("Rustig.", "", {"lang": "nl"}), ("Rustig.", "Quiet.", {}), ("", "", {}), ("", "Quiet.", {})],
)
def test_what_is_said_in_another_language_says_so(
    pages: Flask, nl: str, en: str, attributes: dict[str, str]
) -> None:
    thing = SimpleNamespace(about_nl=nl, about_en=en)

    with pages.test_request_context("/"), force_locale("en"):
        assert said_in(thing, "about") == attributes


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Femke Postma", "FP"),
        ("Fardau de Jong", "FJ"),
        ("Amira El Idrissi", "AE"),
        ("femke", "F"),
        ("Ægir", "Æ"),
        ("", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("auto", ""), ('"><b>', "")]
)
def test_a_theme_is_light_or_dark_or_none(pages: Flask, cookie: str, theme: str) -> None:
    with pages.test_request_context("/nl/book", headers={"Cookie": f"theme={cookie}"}):
        assert templating.chosen_theme() == theme


def test_static_files_are_kept_for_a_year_under_their_release(pages: Flask) -> None:
    with pages.test_request_context("/nl/book"):
        address = static_url("fonts/campus-text.woff2")

    with pages.test_client().get(address) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.mimetype == "font/woff2"
        assert "Set-Cookie" not in answer.headers


def test_a_file_asked_for_under_another_release_is_not_kept(pages: Flask) -> None:
    client = pages.test_client()

    with client.get("/static/0123456789ab/icons.svg") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["nothing.css", "css", "../pyproject.toml", "%2e%2e/pyproject.toml"]
)
def test_only_files_of_the_folder_are_served(pages: Flask, path: str) -> None:
    with pages.test_client().get(f"/static/0123456789ab/{path}") as answer:
        assert answer.status_code == 404


def test_a_release_changes_with_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "plan.js").write_text("one")
    releases = [release_of(tmp_path)]

    (tmp_path / "js" / "plan.js").write_text("two")
    releases.append(release_of(tmp_path))
    (tmp_path / "js" / "plan.js").rename(tmp_path / "js" / "map.js")
    releases.append(release_of(tmp_path))

    assert len(set(releases)) == 3
    assert releases[-1] == release_of(tmp_path)


def test_the_code_of_others_is_as_published() -> None:
    vendor = ROOT / "static" / "vendor"
    lines = (vendor / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [re.fullmatch(r"\| `(\S+)` .*`([0-9a-f]{64})` \|", line) for line in lines]
    listed = {row[1]: row[2] for row in rows if row}

    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in vendor.glob("*.js")
    }

    assert listed == found != {}
