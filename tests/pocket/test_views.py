"""Manifest, service worker, the page without a network, and for whom a page says it is."""

from __future__ import annotations

import gzip
import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from campus.spaces.models import SpaceKind
from tests.bookings.visits import page_of, statements, visit
from tests.factories import (
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_space,
    make_staff,
    period,
    tomorrow,
)

SCRIPTS = Path(__file__).parent.parent.parent / "static" / "js"
LARGEST_SCRIPT = 4_000  # bytes sent, compressed
MOST = 2


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def file_at(client: FlaskClient, path: str) -> tuple[int, str | None, bytes]:
    """Return status, type and content of a static file."""
    with client.get(path) as answer:
        return answer.status_code, answer.mimetype, answer.data


# --- manifest ---------------------------------------------------------------------------------


def test_the_manifest_names_the_campus_and_its_pages(client: FlaskClient, database: None) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "en"})

    said = json.loads(answer.text)
    assert answer.mimetype == "application/manifest+json"
    assert answer.headers["Vary"] == "Accept-Language, Cookie"
    assert (said["name"], said["lang"], said["display"]) == ("Noorderkwartier", "en", "standalone")
    assert (said["start_url"], said["scope"]) == ("/en/me", "/")
    assert [one["name"] for one in said["shortcuts"]] == ["Book", "My campus"]
    for one in said["shortcuts"]:
        assert client.get(one["url"]).status_code in {200, 303}


def test_the_manifest_speaks_dutch_to_a_dutch_phone(client: FlaskClient, database: None) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": "nl"})

    said = json.loads(answer.text)
    assert (said["lang"], said["start_url"]) == ("nl", "/nl/me")


def test_every_icon_is_there_in_the_size_that_is_said(client: FlaskClient, database: None) -> None:
    icons: list[dict[str, str]] = json.loads(client.get("/manifest.webmanifest").text)["icons"]

    for icon in icons:
        status, kind, content = file_at(client, icon["src"])
        assert (status, kind) == (200, icon["type"])
        if kind == "image/png":
            assert "{}x{}".format(*struct.unpack(">II", content[16:24])) == icon["sizes"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in icons}


def test_every_page_names_the_manifest_and_the_icon_for_the_home_screen(
    client: FlaskClient, database: None
) -> None:
    page = client.get("/nl/help").text

    (icon,) = re.findall(r'<link rel="apple-touch-icon" href="([^"]*)">', page)
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert file_at(client, icon)[:2] == (200, "image/png")


# --- service worker ---------------------------------------------------------------------------


def campus_in(worker: str) -> dict[str, Any]:
    """Return what the first line tells the worker."""
    first, _, rest = worker.partition("\n")
    assert "addEventListener" in rest
    said: dict[str, Any] = json.loads(first.removeprefix("const campus = ").removesuffix(";"))
    return said


def test_the_worker_serves_the_whole_campus_and_is_asked_for_again(
    client: FlaskClient, database: None
) -> None:
    answer = client.get("/sw.js")

    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_worker_knows_this_release_and_every_file_of_its_shell_is_there(
    client: FlaskClient, app: Flask
) -> None:
    said = campus_in(client.get("/sw.js").text)

    assert said["release"] == app.extensions["campus.release"]
    assert said["languages"] == ["nl", "en"]
    assert {file_at(client, path)[0] for path in said["shell"]} == {200}
    assert all(f"/static/{said['release']}/" in path for path in said["shell"])
    (style,) = re.findall(r'rel="stylesheet" href="([^"]*)"', client.get("/nl/offline").text)
    assert style in said["shell"]


def test_the_policy_lets_this_worker_in_and_no_other(client: FlaskClient, database: None) -> None:
    policy = client.get("/nl/help").headers["Content-Security-Policy"]

    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


@pytest.mark.parametrize("name", ["worker.js", "pocket.js", "offline.js"])
def test_a_script_is_small(name: str) -> None:
    assert len(gzip.compress((SCRIPTS / name).read_bytes(), 6)) < LARGEST_SCRIPT


def test_what_is_the_same_for_everybody_asks_no_database(
    client: FlaskClient, database: None
) -> None:
    make_house()
    who = visit(client, make_member())

    with statements() as found:
        who.client.get("/sw.js")
        who.client.get("/manifest.webmanifest")

    assert found == []


# --- the page without a network ---------------------------------------------------------------


def test_a_member_reads_place_day_time_and_way_of_what_is_to_come(
    client: FlaskClient, database: None
) -> None:
    make_house()
    terpdata = make_organisation("Terpdata")
    member, colleague = make_member(terpdata), make_member(terpdata, name="Amira")
    desk = make_space("1.32", place_en="South window", way_en="Lift to 1, first right.")
    room = make_space("hunze", name="Hunze", kind=SpaceKind.MEETING_ROOM)
    make_booking(member, desk, period(9, 17, day=tomorrow()))
    make_booking(colleague, room, period(9, 10), title="Secret")
    make_booking(member, room, period(11, 12), title="Roadmap")

    page = page_of(visit(client, member).get("/offline"))

    assert "as of Thu 26 November 08:10" in page
    assert (
        "Thu 26 Nov 11:00–12:00 Hunze"
        " Fri 27 Nov 09:00–17:00 Desk 1.32 South window. Lift to 1, first right." in page
    )
    assert not [word for word in ("Roadmap", "Secret", "09:00–10:00", "Amira") if word in page]


def test_a_member_with_nothing_booked_reads_so(client: FlaskClient, database: None) -> None:
    make_house()

    page = visit(client, make_member()).get("/offline")

    assert '<p class="muted" id="none">Nothing booked.</p>' in page.text


@pytest.mark.parametrize(
    ("language", "words"), [("nl", 'html lang="nl"'), ("en", "Without a network")]
)
def test_a_visitor_reads_what_would_stand_there(
    client: FlaskClient, database: None, language: str, words: str
) -> None:
    answer = client.get(f"/{language}/offline")

    assert answer.status_code == 200
    assert words in answer.text
    assert 'id="none"' not in answer.text
    assert "csrf_token" not in answer.text


def test_staff_read_what_a_visitor_reads_since_their_browser_is_shared(
    client: FlaskClient, database: None
) -> None:
    make_house()
    staff = make_staff()
    make_booking(staff, make_space("1.32"), period(9, 17))

    assert "1.32" not in visit(client, staff).get("/offline").text


def test_the_address_without_a_language_leads_to_the_reader_s(
    client: FlaskClient, database: None
) -> None:
    answer = client.get("/offline", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.location) == (302, "/en/offline")
    assert answer.headers["Vary"] == "Accept-Language, Cookie"


def test_the_page_asks_the_same_of_the_database_however_much_is_booked(
    client: FlaskClient, database: None
) -> None:
    make_house()
    who = visit(client, make_member())
    with statements() as few:
        who.get("/offline")
    for hour in range(9, 17):
        room = make_space(kind=SpaceKind.MEETING_ROOM)
        make_booking(who.actor, room, period(hour, hour + 1))

    with statements() as many:
        who.get("/offline")

    assert len(few) == len(many) <= MOST


# --- for whom a page is -----------------------------------------------------------------------


def test_a_page_says_whether_it_is_for_the_same_member(
    client: FlaskClient, app: Flask, database: None
) -> None:
    make_house()
    first, second = (visit(app.test_client(), make_member(name=name)) for name in "AB")

    mine = [first.get(path).headers["X-Pocket"] for path in ("/me", "/help", "/offline", "/x")]

    assert len(set(mine)) == 1
    assert re.fullmatch(r"[0-9a-f]{16}", mine[0])
    assert second.get("/me").headers["X-Pocket"] != mine[0]
    assert str(first.actor.person_id) != mine[0]


def test_a_page_for_nobody_or_for_staff_says_nothing(
    client: FlaskClient, app: Flask, database: None
) -> None:
    make_house()
    staff = visit(app.test_client(), make_staff())

    assert "X-Pocket" not in client.get("/en/help").headers
    assert "X-Pocket" not in staff.get("/help").headers
    assert "X-Pocket" not in staff.get("/nowhere").headers


def test_signed_out_the_next_page_says_nothing(client: FlaskClient, database: None) -> None:
    make_house()
    who = visit(client, make_member())

    who.post("/sign-out")

    assert "X-Pocket" not in who.get("/").headers


def test_only_members_pages_call_the_worker_and_never_the_front_page(
    client: FlaskClient, app: Flask, database: None
) -> None:
    make_house()
    member, staff = (visit(app.test_client(), who) for who in (make_member(), make_staff()))

    assert "js/pocket.js" in member.get("/me").text
    assert "js/pocket.js" in member.get("/book").text
    assert "<script" not in member.get("/").text
    assert "js/pocket.js" not in staff.get("/me").text
    assert "<script" not in client.get("/en/").text


def test_what_is_over_says_until_when_so_that_a_phone_can_leave_it_out(
    client: FlaskClient, database: None
) -> None:
    make_house()
    who = visit(client, make_member())
    make_booking(who.actor, make_space("1.32"), period(9, 17))

    assert f'data-until="{at(17).isoformat()}"' in who.get("/offline").text
