"""Staff import a list in two steps: a look, and a yes to exactly that."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from campus.db import db
from campus.journal.models import Entry
from campus.members.models import Duty
from campus.roomlist import delivery, terms
from campus.spaces.models import Space
from campus.spaces.policy import KINDS
from campus.web import mails
from campus.web.templating import translate
from tests.bookings.visits import Visit, page_of, visit
from tests.factories import NOW, make_house, make_member, make_space, make_staff
from tests.roomlist.conftest import MAPS, ROOMS, SMALL

PAGE = "/staff/spaces/import"


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def own_folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this application keep uploads in a folder of the test."""
    settings = app.extensions["campus.settings"]
    monkeypatch.setitem(app.extensions, "campus.settings", replace(settings, data_dir=tmp_path))
    return tmp_path / "uploads"


@pytest.fixture
def desk(client: FlaskClient) -> Visit:
    return visit(client, make_staff(Duty.CAMPUS_MANAGER))


def send(
    staff: Visit, words: str | bytes, *, name: str = "list.csv", **fields: object
) -> TestResponse:
    """Send a list to be looked at."""
    raw = words if isinstance(words, bytes) else words.encode()
    data = {"csrf_token": staff.token, "list": (io.BytesIO(raw), name), **fields}
    return staff.client.post(f"/en{PAGE}", data=data, content_type="multipart/form-data")


def html_of(answer: TestResponse) -> str:
    """Return a page with its marks."""
    return answer.get_data(as_text=True)


def yes(staff: Visit, page: str) -> TestResponse:
    """Press the button that imports what the page shows."""
    found = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("kept", "digest")
    }
    return staff.post(PAGE, {name: one[1] if one else "" for name, one in found.items()})


def spaces() -> int:
    return db.session.scalar(select(func.count()).select_from(Space)) or 0


def test_the_page_is_for_staff(client: FlaskClient) -> None:
    assert client.get(f"/en{PAGE}").status_code == 303
    assert visit(client, make_member()).get(PAGE).status_code == 403


def test_a_look_changes_nothing_and_a_yes_imports_exactly_that(
    desk: Visit, own_folder: Path
) -> None:
    shown = html_of(send(desk, SMALL))
    assert "2 new spaces" in shown
    assert "usual rules hold" in shown
    assert (spaces(), len(list(own_folder.iterdir()))) == (0, 1)

    done = yes(desk, shown)

    assert done.status_code == 303
    assert "Imported: 1 new building, 1 new floor, 2 new spaces." in html_of(desk.get(PAGE))
    assert (spaces(), list(own_folder.iterdir())) == (2, [])
    entry = db.session.scalars(select(Entry).where(Entry.verb == "spaces.import")).one()
    assert entry.person_id == desk.actor.person_id
    assert "spaces imported" in page_of(desk.get("/staff/journal"))


def test_a_yes_said_twice_imports_once(desk: Visit) -> None:
    shown = html_of(send(desk, SMALL))
    yes(desk, shown)
    again = yes(desk, shown)

    assert again.status_code == 410
    assert "This file was imported already" in page_of(again)
    assert spaces() == 2


def test_what_was_kept_is_for_the_person_alone_and_unharmed(
    desk: Visit, own_folder: Path, app: Flask
) -> None:
    shown = html_of(send(desk, SMALL))
    other = visit(app.test_client(), make_staff(Duty.CAMPUS_MANAGER, name="Jelle Bos"))
    assert yes(other, shown).status_code == 410

    (file,) = own_folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text("utf-8").replace("list.csv", "lost.csv"), "utf-8")
    assert yes(desk, shown).status_code == 410
    assert spaces() == 0


def test_a_key_that_leads_elsewhere_is_nothing(desk: Visit) -> None:
    for key in ("", "../../campus.sqlite3", "x" * 32):
        assert desk.post(PAGE, {"kept": key, "digest": "x"}).status_code == 410


def test_what_nobody_said_yes_to_is_gone_after_a_day(desk: Visit, own_folder: Path) -> None:
    send(desk, SMALL)
    (old,) = own_folder.iterdir()
    at = (NOW - delivery.KEPT_FOR).timestamp() - 1
    os.utime(old, (at, at))

    send(desk, SMALL)

    assert old not in list(own_folder.iterdir())


def test_a_campus_that_changed_since_is_looked_at_again(desk: Visit) -> None:
    make_house()
    make_space("A1", name="Oud")
    shown = html_of(send(desk, "code;name\nA1;Nieuw\n"))
    make_space("A9", name="erbij")
    assert yes(desk, shown).status_code == 303  # nothing that the list speaks of

    shown = html_of(send(desk, "code;name\nA1;Anders\n"))
    space = db.session.scalars(select(Space).where(Space.code == "A1")).one()
    space.name = "Intussen"
    db.session.commit()
    again = yes(desk, shown)

    assert again.status_code == 409
    assert "The campus has changed since you looked." in page_of(again)
    assert "Intussen" in page_of(again)
    assert yes(desk, html_of(again)).status_code == 303


def test_mistakes_stand_by_line_and_column_and_the_map_is_not_lost(desk: Visit) -> None:
    words = '[columns]\ncode = "code"\nkind = "soort"\n'
    page = send(
        desk, "code;soort\nA1;boot\n", map_file=(io.BytesIO(words.encode()), "own.toml")
    )  # fmt: skip

    assert page.status_code == 422
    assert "<td>2</td>" in html_of(page)
    assert "<td>soort</td>" in html_of(page)
    assert "“boot” is no kind of space." in page_of(page)
    assert words in unescape(html_of(page))


def test_a_real_list_is_shown_with_its_warnings(desk: Visit) -> None:
    page = page_of(
        send(
            desk,
            (ROOMS / "nus-venues.json").read_bytes(),
            name="nus.json",
            map=(MAPS / "nus.toml").read_text("utf-8").replace("\n", "\r\n"),
        )
    )

    assert "717 new spaces" in page
    assert "Warnings (15)" in page
    assert "S13-M-08.floor" in page
    assert "and 517 more" in page


@pytest.mark.parametrize(
    ("name", "raw", "map_raw", "words"),
    [
        ("", b"", None, "Choose the file with the list."),
        ("empty.csv", b"", None, "The file is empty."),
        ("a.csv", b"code\nA\n", b"\xff", "This map is no text in UTF-8."),
        ("a.csv", b"code\nA\n", b"[kinds", "The map cannot be read from line 1, column 7 on."),
    ],
)
def test_a_form_that_says_too_little_is_shown_again(
    desk: Visit, name: str, raw: bytes, map_raw: bytes | None, words: str
) -> None:
    more = {} if map_raw is None else {"map_file": (io.BytesIO(map_raw), "m.toml")}
    answer = send(desk, raw, name=name, **more)

    assert answer.status_code == 422
    assert words in page_of(answer)


def test_words_in_the_place_of_a_file_are_no_file(desk: Visit) -> None:
    answer = desk.post(PAGE, {"list": "just words"})

    assert answer.status_code == 422
    assert "Choose the file with the list." in page_of(answer)


def test_a_list_too_big_for_a_page_is_told_what_to_do(desk: Visit) -> None:
    answer = desk.client.post(
        f"/en{PAGE}",
        data=f"csrf_token={desk.token}",
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024 * 1024 + 1)},
    )

    assert answer.status_code == 413
    assert "campus spaces import" in page_of(answer)


def test_a_name_of_a_file_cannot_write_the_page(desk: Visit) -> None:
    page = html_of(send(desk, SMALL, name="<b>x</b>.csv"))

    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;.csv" in page


def test_the_front_desk_is_told_who_may(client: FlaskClient) -> None:
    answer = visit(client, make_staff()).get(PAGE)

    assert answer.status_code == 403
    assert "A campus manager or a system administrator changes it." in page_of(answer)


def test_a_mistake_names_kinds_as_its_reader_calls_them(desk: Visit) -> None:
    answer = desk.client.post(
        "/nl/staff/spaces/import",
        data={
            "csrf_token": desk.token,
            "list": (io.BytesIO(b"code;soort\nA1;boot\n"), "lijst.csv"),
        },
    )

    assert "bureau, vergaderruimte, belcel" in page_of(answer)
    assert "meeting room" not in page_of(answer)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_is_understood_as_it_is_named(app: Flask, language: str) -> None:
    with mails.written_in(language):
        named = {kind: terms.kind_called(translate(words)) for kind, words in KINDS.items()}

    assert named == {kind: kind for kind in KINDS}
