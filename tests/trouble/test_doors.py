"""An address in a language nobody speaks here, and a script whose reader's session has ended."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.bookings.visits import HOURS, SCRIPT, Visit, claims, code_of, hidden_in, page_of
from tests.factories import PASSWORD, csrf_token

WORDS = {
    "nl": ("Hier ligt geen perceel", "De campus heeft geen pagina’s in die taal."),
    "en": ("No plot here", "The campus has no pages in that language."),
}
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
A_NIGHT = timedelta(days=1)  # a session ends before


@on_sqlite
@pytest.mark.parametrize("reads", ["nl", "en"])
@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("/de/", ""),
        ("/de/book?day=2026-11-27", "book?day=2026-11-27"),
        ("/DE/help", "help"),
        ("/de-DE/help", "help"),
        ("/fr/nowhere", ""),
    ],
)
def test_a_language_not_spoken_here_is_said_in_one_that_is(
    client: FlaskClient, database: None, path: str, same: str, reads: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": reads})

    html = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert f'<html lang="{reads}"' in html
    assert all(words in page_of(answer) for words in WORDS[reads])
    main = html.partition("<main")[2].partition("</main>")[0]
    for language, name in (("nl", "Nederlands"), ("en", "English")):
        assert f'href="/{language}/{same}"' in main
        assert f">{name}</a>" in main


@on_sqlite
@pytest.mark.parametrize("path", ["/nl/nowhere", "/en/nowhere", "/nowhere", "/static/x/y.css"])
def test_any_other_address_that_leads_nowhere_says_only_that(
    client: FlaskClient, database: None, path: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert "in that language" not in page_of(answer)
    assert "in die taal" not in page_of(answer)


def test_a_form_sent_to_a_language_not_spoken_here_does_nothing(mine: Visit) -> None:
    form = {"space": "1.32", "idem": "first-key", "csrf_token": mine.token, **HOURS}

    answer = mine.client.post("/de/bookings", data=form)

    assert answer.status_code == 404
    assert claims() == 0


def test_a_script_whose_session_ended_leads_to_signing_in_and_its_draft_comes_back(
    mine: Visit, clock: time_machine.Traveller
) -> None:
    hours = {**HOURS, "day": "2026-11-27", "to": "10:00"}
    typed = {**hours, "space": "hunze", "title": "Zes < zeven", "idem": "first-key"}
    clock.shift(A_NIGHT)

    answer = mine.post("/bookings", typed, headers=SCRIPT)

    where = answer.headers["HX-Redirect"]
    assert answer.status_code == 401
    assert urlsplit(where).path == "/en/sign-in"
    page = mine.client.get(where).get_data(as_text=True)
    fields = {"email": mine.actor.email, "password": PASSWORD, "csrf_token": csrf_token(page)}
    carried = parse_qs(urlsplit(where).query)["carry"][0]
    signed_in = mine.client.post("/en/sign-in", data={**fields, "carry": carried})
    shown = mine.client.get(signed_in.location).get_data(as_text=True)
    assert urlsplit(signed_in.location).path == "/en/bookings/new"
    assert claims() == 0
    for kept in ("Book Hunze", 'value="Zes &lt; zeven"', 'value="2026-11-27"', "first-key"):
        assert kept in shown
    assert all(f"<option selected>{at}</option>" in shown for at in ("09:00", "10:00"))
    mine.token = csrf_token(shown)
    form = shown.partition('action="/en/bookings"')[2].partition("</form>")[0]
    code_of(mine.post("/bookings", {**typed, **hidden_in(form)}))
    assert mine.booking().title == "Zes < zeven"
