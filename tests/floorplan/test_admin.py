"""Staff's pages of floors: a drawing is looked at, and exactly that is kept."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campus.db import db, unit_of_work
from campus.errors import Busy, CampusError, Conflict, text
from campus.floorplan.forms import packed, unpacked
from campus.journal.models import Entry
from campus.members.models import Duty
from campus.spaces import service as spaces
from campus.spaces.models import Floor, Space, SpaceKind
from tests.factories import (
    NOW,
    csrf_token,
    make_house,
    make_member,
    make_space,
    make_staff,
    sign_in,
)

ROOM = SpaceKind.MEETING_ROOM
PLAN = "/en/staff/floors/1/plan"
SQUARES = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><script>alert(1)</script>'
    b'<rect id="A" width="20" height="20"/><path id="B" d="M40 0h60l-20 50z"/>'
    b'<path id="A&lt;b>" onclick="x()" d="M0 30h20v20h-20z"/></svg>'
)


@pytest.fixture(autouse=True)
def staff(database: None, client: FlaskClient) -> Iterator[None]:
    """A house at ten past eight, and somebody of its staff."""
    with time_machine.travel(NOW, tick=False):
        make_house()
        sign_in(client, make_staff(Duty.CAMPUS_MANAGER))
        yield


def page_of(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def look(client: FlaskClient, data: bytes = SQUARES, **more: str) -> TestResponse:
    """Send a drawing to be looked at."""
    token = csrf_token(client.get(PLAN).get_data(as_text=True))
    fields = {"csrf_token": token, "template": "{id}", "kind": "", **more}
    return client.post(PLAN, data={**fields, "file": (io.BytesIO(data), "plan.svg")})


def hidden(answer: TestResponse) -> dict[str, str]:
    """Return what the button that keeps a plan sends."""
    page = answer.get_data(as_text=True)
    form = page[page.index('action="/en/staff/floors/1/plan/keep"') :]
    found = re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def keep(client: FlaskClient, fields: dict[str, str]) -> TestResponse:
    return client.post(f"{PLAN}/keep", data=fields)


def test_floors_are_listed_with_how_much_of_them_is_drawn(client: FlaskClient) -> None:
    make_space("A", kind=ROOM)
    make_space("B", kind=ROOM, plan_x=1, plan_y=1, plan_width=9, plan_height=9)

    page = " ".join(re.sub(r"<[^>]+>", " ", page_of(client.get("/en/staff/floors"))).split())

    assert "Wierde floor 1 Noorderkwartier 2 1 Change , Wierde" in page


def test_a_drawing_is_looked_at_and_nothing_is_kept(client: FlaskClient) -> None:
    make_space("A", kind=ROOM)
    make_space("C", kind=ROOM, plan_x=1, plan_y=1, plan_width=9, plan_height=9)

    answer = look(client)

    page = page_of(answer)
    assert answer.status_code == 200
    assert "1 space has its shape in the drawing." in page
    assert "Spaces that lose the shape they have (1)" in page
    assert "Shapes without a space (2)" in page
    assert '<path class="floor" d="M405 24L976 24L786 500Z"/>' in page
    assert db.session.query(Space).filter_by(code="A").one().plan_x is None
    assert db.session.query(Entry).filter_by(verb="floor.draw").count() == 0


def test_nothing_of_the_file_is_written_into_the_page(client: FlaskClient) -> None:
    make_space("A", kind=ROOM)

    raw = look(client).get_data(as_text=True)

    assert "alert(1)" not in raw
    assert "onclick" not in raw
    assert "A&lt;b&gt;" in raw


def test_exactly_what_was_shown_is_kept_and_is_a_deed(client: FlaskClient) -> None:
    make_space("A", kind=ROOM)
    shown = look(client)

    answer = keep(client, hidden(shown))

    assert (answer.status_code, answer.headers["Location"]) == (303, PLAN)
    after = page_of(client.get(PLAN))
    assert "Wierde has its plan." in after
    floor = db.session.query(Floor).one()
    assert floor.drawing_above in after
    assert floor.drawing_above in shown.get_data(as_text=True)
    [entry] = db.session.query(Entry).filter_by(verb="floor.draw")
    assert entry.person_id is not None
    assert "plan of a floor changed" in page_of(client.get("/en/staff/journal"))


def test_keeping_it_twice_is_one_deed(client: FlaskClient) -> None:
    make_space("A", kind=ROOM)
    fields = hidden(look(client))

    first, second = keep(client, fields), keep(client, fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert db.session.query(Entry).filter_by(verb="floor.draw").count() == 1


def test_what_changed_meanwhile_is_shown_before_anything_is_kept(client: FlaskClient) -> None:
    make_space("A", kind=ROOM)
    fields = hidden(look(client))
    make_space("B", kind=ROOM)

    answer = keep(client, fields)

    assert answer.status_code == 409
    assert "Spaces changed since you looked" in page_of(answer)
    assert "2 spaces have their shape in the drawing." in page_of(answer)
    assert db.session.query(Space).filter_by(code="A").one().plan_x is None
    assert keep(client, hidden(answer)).status_code == 303
    assert db.session.query(Space).filter_by(code="B").one().plan_path


def test_spaces_are_made_and_what_holds_for_them_is_told(client: FlaskClient) -> None:
    with unit_of_work():
        for table in ("booking_rule", "opening_hours"):
            db.session.execute(db.metadata.tables[table].delete())

    shown = look(client, kind="meeting_room")
    keep(client, hidden(shown))

    page = page_of(client.get(PLAN))
    assert [one.code for one in db.session.query(Space).order_by(Space.code)] == ["A", "B"]
    assert "Meeting rooms: nobody had set how they are booked; usual rules hold." in page
    assert "“A<b>” cannot be a code" in page_of(shown)


@pytest.mark.parametrize(
    ("data", "more", "said"),
    [
        (b"", {}, "The file is empty."),
        (b"%PDF", {}, "this is no SVG drawing"),
        (SQUARES, {}, "Floor 1 has no spaces yet"),
        (SQUARES, {"template": "x"}, "“x” makes no codes"),
        (SQUARES, {"group": "Attic"}, "no group called “Attic”"),
        (SQUARES, {"kind": "castle"}, "Not a valid choice"),
        (SQUARES, {"template": "{id}" * 30}, "Use at most 60 characters."),
        (SQUARES.replace(b"<script", b"<!ENTITY"), {}, "this is no SVG drawing"),
    ],
)
def test_what_is_wrong_is_said_and_the_fields_stay(
    client: FlaskClient, data: bytes, more: dict[str, str], said: str
) -> None:
    fields = {"template": "1.{id}", **more}
    answer = look(client, data, **fields)

    assert answer.status_code == 422
    assert said in page_of(answer)
    assert f'value="{fields["template"]}"' in page_of(answer)


def test_without_a_file_it_asks_for_one(client: FlaskClient) -> None:
    token = csrf_token(client.get(PLAN).get_data(as_text=True))

    answer = client.post(PLAN, data={"csrf_token": token, "template": "{id}", "kind": ""})

    assert answer.status_code == 422
    assert "Choose a drawing: an SVG file." in page_of(answer)


@pytest.mark.parametrize("drawing", ["", "%%%", "AAAA", "é", packed(b"<svg/>")[:-9]])
def test_a_kept_drawing_that_was_tampered_with_is_refused(
    client: FlaskClient, drawing: str
) -> None:
    make_space("A", kind=ROOM)
    fields = hidden(look(client))

    answer = keep(client, {**fields, "drawing": drawing})

    assert answer.status_code == 422
    assert db.session.query(Floor).one().drawing_above == ""


def test_a_drawing_travels_whole_and_a_bomb_does_not_open() -> None:
    assert unpacked(packed(SQUARES)) == SQUARES
    assert len(unpacked(packed(b"<" * 50_000_000))) == 2 * 1024 * 1024


def test_floors_are_for_staff(client: FlaskClient) -> None:
    visitor = client.application.test_client()
    assert visitor.get(PLAN).status_code == 303
    sign_in(visitor, make_member())

    assert visitor.get("/en/staff/floors").status_code == 403
    assert visitor.get(PLAN).status_code == 403
    assert visitor.post(f"{PLAN}/keep", data={}).status_code in {400, 403}


def test_a_floor_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/en/staff/floors/attic/plan")

    assert answer.status_code == 404
    assert "There is no floor called attic. There are: 1." in page_of(answer)


def test_the_front_desk_sees_a_plan_and_who_changes_it(client: FlaskClient) -> None:
    client.delete_cookie("session")
    sign_in(client, make_staff(name="Jelle Bos"))
    page = client.get(PLAN)

    assert "A campus manager or a system administrator changes it." in page_of(page)
    assert "multipart/form-data" not in page_of(page)
    token = csrf_token(client.get("/en/staff/outbox").get_data(as_text=True))
    assert client.post(PLAN, data={"csrf_token": token}).status_code == 403


def test_who_may_not_is_told_so_before_anything_is_read(client: FlaskClient) -> None:
    client.delete_cookie("session")
    sign_in(client, make_staff(name="Jelle Bos"))
    token = csrf_token(client.get("/en/staff/outbox").get_data(as_text=True))

    answer = keep(client, {"csrf_token": token})

    assert answer.status_code == 403
    assert "A campus manager or a system administrator changes it." in page_of(answer)


@pytest.mark.parametrize("refusal", [Busy(text("Try again.")), Conflict(text("Try again."))])
def test_a_plan_that_cannot_be_kept_now_is_shown_again_whole(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, refusal: CampusError
) -> None:
    make_space("A", kind=ROOM)
    fields = hidden(look(client, kind="meeting_room"))

    def refuse() -> None:
        raise refusal

    with monkeypatch.context() as broken:
        broken.setattr(spaces, "hold", refuse)
        answer = keep(client, fields)

    assert answer.status_code == refusal.status
    assert "Try again." in page_of(answer)
    assert "This is how it will be; nothing is changed yet." in page_of(answer)
    assert hidden(answer) | {"csrf_token": ""} == fields | {"csrf_token": ""}
    assert keep(client, hidden(answer)).status_code == 303


def too_big(client: FlaskClient) -> TestResponse:
    return client.post(
        PLAN,
        data="template=x",
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024 * 1024 + 1)},
    )


def test_a_drawing_over_the_limit_is_told_what_the_limit_is(client: FlaskClient) -> None:
    answer = too_big(client)

    assert answer.status_code == 413
    assert "A drawing that is sent here has at most 2 MB." in page_of(answer)
    assert 'action="/en/staff/floors/1/plan"' in page_of(answer)


def test_who_may_not_send_a_drawing_sees_no_page_for_one(client: FlaskClient) -> None:
    client.delete_cookie("session")
    stranger = too_big(client)
    sign_in(client, make_staff(name="Jelle Bos"))
    desk = too_big(client)

    assert (stranger.status_code, desk.status_code) == (413, 413)
    for answer in (stranger, desk):
        assert "multipart/form-data" not in page_of(answer)
