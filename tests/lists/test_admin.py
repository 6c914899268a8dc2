"""Staff's lists: what is found, filtered, paged and taken along, and by whom."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.journal.models import Entry
from campus.lists import pages, queries, sought
from campus.lists.forms import read_bookings
from campus.lists.models import After, Line, Wanted
from campus.members.models import Duty, Membership, Person
from campus.spaces.models import Space, SpaceKind, SpaceState
from tests.bookings.visits import Visit, page_of, statements, visit
from tests.factories import (
    DAY,
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

LISTS = (
    "/staff/search?q=a", "/staff/bookings", "/staff/bookings.csv", "/staff/bookings/cancel",
    "/staff/people", "/staff/people.csv", "/staff/organisations", "/staff/organisations.csv",
    "/staff/lists/spaces.csv", "/staff/journal.csv", "/staff/outbox.csv",
)  # fmt: skip
FILES = tuple(path for path in LISTS if path.endswith(".csv"))
PERSONAL = ("/staff/people.csv", "/staff/journal.csv", "/staff/outbox.csv")
MOST = 17


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: FlaskClient, database: None) -> Visit:
    make_house()
    return visit(client, make_staff())


@pytest.fixture
def manager(client: FlaskClient, database: None) -> Visit:
    make_house()
    return visit(client, make_staff(Duty.CAMPUS_MANAGER, name="Sjoerd Kramer"))


def room(code: str = "Hunze") -> Space:
    return make_space(code, kind=SpaceKind.MEETING_ROOM)


def file_of(answer: TestResponse, *, separator: str = ",") -> list[dict[str, str]]:
    assert answer.status_code == 200, page_of(answer)
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:], newline=""), delimiter=separator))


def rows_of(answer: TestResponse) -> list[str]:
    """Return the rows of the table of a page, as text."""
    rows = re.findall(r"<tr>(.*?)</tr>", answer.text.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in rows]


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_closed_to_members_and_visitors(
    client: FlaskClient, database: None, path: str
) -> None:
    visitor = client.get(f"/nl{path}")
    make_house()
    member = visit(client, make_member()).get(path)

    assert (visitor.status_code, member.status_code) == (303, 403)


@pytest.mark.parametrize("path", PERSONAL)
def test_the_front_desk_reads_people_but_does_not_take_them_along(desk: Visit, path: str) -> None:
    refused = desk.get(path)
    page = desk.get(path.removesuffix(".csv"))

    assert refused.status_code == 403
    assert "only a campus manager or a system administrator" in page_of(refused)
    assert "only a campus manager or a system administrator" in page_of(page)
    assert f'href="/en{path}' not in page.text
    assert exports() == []


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("duty", [Duty.CAMPUS_MANAGER, Duty.SYSADMIN])
def test_managers_take_every_list_along(
    client: FlaskClient, database: None, path: str, duty: Duty
) -> None:
    make_house()
    answer = visit(client, make_staff(duty)).get(path)

    file_of(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "filename=" in answer.headers["Content-Disposition"]


def exports() -> list[tuple[str, str]]:
    query = select(Entry.subject, Entry.details).where(Entry.verb == "list.export")
    return [(subject, details) for subject, details in db.session.execute(query)]


def test_who_takes_a_list_along_is_written_down_without_words(manager: Visit) -> None:
    terpdata = make_organisation("Terpdata")
    make_member(terpdata, name="Femke Postma")
    make_member(name="Jelle")

    manager.get(f"/staff/people.csv?q=femke&organisation={terpdata.code}")
    manager.client.head("/en/staff/people.csv")

    ((subject, details),) = exports()
    assert subject == "list:people"
    assert '"rows":1' in details.replace(" ", "")
    assert terpdata.code in details
    assert "femke" not in details
    page = page_of(manager.get("/staff/journal"))
    assert "Sjoerd Kramer list taken along as a file the list of people" in page
    assert f"by words 1, organisation {terpdata.code}, number of rows 1" in page


# --- search -----------------------------------------------------------------------------------


def test_one_box_finds_people_organisations_places_and_bookings(desk: Visit) -> None:
    hunze = make_organisation("Hunze Health")
    femke = make_member(hunze, name="Femke Postma")
    make_booking(femke, room("Hunze"), period(9, 10), title="Roadmap")
    make_booking(femke, make_space("1.32"), period(9, 10, day=tomorrow()))

    page = page_of(desk.get("/staff/search?q=HUNZE"))

    assert "Today 09:00–10:00, Hunze Roadmap, Femke Postma, Hunze Health" in page
    assert "Bookings to come 2" in page
    assert "People 1 FP Femke Postma" in page
    assert "Places 1 Hunze" in page
    assert "Organisations 1 Hunze Health 1 person, 2 bookings to come" in page


def test_every_word_has_to_be_found_and_each_may_be_elsewhere(desk: Visit) -> None:
    femke = make_member(make_organisation("Terpdata"), name="Femke Postma")
    make_booking(femke, room("Hunze"), period(9, 10), title="Roadmap")
    make_booking(femke, room("Dollard"), period(11, 12))

    both = page_of(desk.get("/staff/search?q=postma+hunze"))
    title = page_of(desk.get("/staff/search?q=roadmap"))
    none = page_of(desk.get("/staff/search?q=postma+schier"))

    assert "Bookings to come 1" in both
    assert "Dollard" not in both
    assert "Bookings to come 1" in title
    assert "Nothing here goes by “postma schier”" in none


def test_a_group_with_more_leads_to_its_list(desk: Visit) -> None:
    for number in range(7):
        make_member(make_organisation(f"Terp {number}"), name=f"Terpstra {number}")

    answer = desk.get("/staff/search?q=terp")

    assert "All 7" in page_of(answer)
    assert 'href="/en/staff/people?q=terp"' in answer.text
    assert 'href="/en/staff/organisations?q=terp"' in answer.text
    assert len(rows_of(desk.get("/staff/people?q=terp"))) == 7


def test_the_code_of_a_booking_leads_straight_to_it(desk: Visit) -> None:
    booking = make_booking(make_member(), room(), period(9, 10))

    answer = desk.get(f"/staff/search?q=+{booking.code.upper()}+")

    assert (answer.status_code, answer.location) == (303, f"/en/bookings/{booking.code}")


def test_the_place_with_exactly_that_code_stands_on_top(desk: Visit) -> None:
    for code in ("1.320", "1.32a", "1.32"):
        make_space(code)

    page = page_of(desk.get("/staff/search?q=1.32"))

    assert "Places 3 1.32 desk" in page


def test_a_draft_has_no_page_yet_and_is_not_found(desk: Visit) -> None:
    make_space("Nieuw", state=SpaceState.DRAFT)

    assert "Nothing here goes by" in page_of(desk.get("/staff/search?q=nieuw"))
    assert [row["Code"] for row in file_of(desk.get("/staff/lists/spaces.csv"))] == ["Nieuw"]


ODD = [
    "", "   ", "%", "_", "'", '"', "\\", "a'b\"c;--", "%00", "a%00b", "%E2%80%8B", "%F0%9F%8C%BE",
    "%FF%FE", "x" * 7000, "%3Cscript%3E", "=1%2B1", "a b c d e f g h i j", "İ", "ﬀ",
]  # fmt: skip


@pytest.mark.parametrize("words", ODD)
def test_odd_words_have_an_answer_on_every_list(manager: Visit, words: str) -> None:
    make_booking(make_member(), room(), period(9, 10))
    for path in ("search", "people", "organisations", "bookings", "bookings.csv", "people.csv"):
        answer = manager.get(f"/staff/{path}?q={words}")
        assert answer.status_code == 200, path
        assert "<script>" not in answer.text.partition("<main")[2]


ODD_FIELDS = [
    f"after={10**30}", "after=-1", "after=x", "after=%00", "after=20269926T080000000000.abc",
    "after=20261126T080000000000.abc", "after=00000000T000000000000.a", "first=2026-02-30",
    "last=x", "first=0000-00-00", "first=9999-12-31", "last=1000-01-01", "first=%00",
    "first=2026-11-26&last=2026-11-01", "kind=boat", "state=lost", "space=nowhere",
    "organisation=%27", "organisation=" + "x" * 5000, "person=" + "9" * 3000, "space=%00",
    "order=sideways", "pick=x", "pick=abc.99999999999999", "first=&last=",
    "first=2026-11-26&first=",
]  # fmt: skip


@pytest.mark.parametrize("query", ODD_FIELDS)
def test_odd_filters_have_an_answer(manager: Visit, query: str) -> None:
    make_booking(make_member(), room(), period(9, 10))
    for path in ("bookings", "bookings/cancel", "people", "organisations"):
        assert manager.get(f"/staff/{path}?{query}").status_code == 200, path
    assert manager.get(f"/staff/bookings.csv?{query}").status_code in {200, 422}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("first=2026-02-30", "There is no such day."),
        ("first=2026-11-26&last=2026-11-01", "The last day comes before the first."),
        ("kind=boat", "There is no such kind of place."),
        ("state=lost", "A booking is never in that state."),
        ("space=nowhere", "There is no place called nowhere."),
        ("organisation=nobody", "There is no organisation with the code nobody."),
        ("person=nobody", "There is nobody with the code nobody."),
    ],
)
def test_what_cannot_be_read_is_said(desk: Visit, query: str, sentence: str) -> None:
    file = desk.get(f"/staff/bookings.csv?{query}")

    assert sentence in page_of(desk.get(f"/staff/bookings?{query}"))
    assert (file.status_code, file.mimetype) == (422, "text/html")
    assert sentence in page_of(file)
    assert not db.session.scalars(select(Entry.id).where(Entry.verb == "list.export")).all()


def test_a_code_that_names_nothing_finds_nothing(manager: Visit) -> None:
    make_booking(make_member(), room(), period(9, 10))

    for query in ("space=nowhere", "organisation=nobody", "person=nobody"):
        assert rows_of(manager.get(f"/staff/bookings?{query}")) == []
        assert manager.get(f"/staff/bookings.csv?{query}").status_code == 422
    assert manager.get("/staff/people.csv?organisation=nobody").status_code == 404
    assert rows_of(manager.get("/staff/people?organisation=nobody")) == []


# --- bookings ---------------------------------------------------------------------------------


def places(answer: TestResponse) -> list[str]:
    """Return the places of the bookings of a page, in their order."""
    return re.findall(r"</td>\s*<td>([^<]*)</td>\s*<td>[^<]*</td>\s*<td>[^<]*</td>", answer.text)


@pytest.fixture
def some(desk: Visit) -> dict[str, str]:
    """Bookings that differ in everything; the codes to filter by."""
    terpdata, fjild = make_organisation("Terpdata"), make_organisation("Fjild")
    femke, jelle = make_member(terpdata, name="Femke"), make_member(fjild, name="Jelle")
    hunze, dollard, desk_space = room("Hunze"), room("Dollard"), make_space("1.32")
    make_booking(femke, hunze, period(9, 10), title="Roadmap")
    make_booking(jelle, dollard, period(10, 11))
    make_booking(jelle, desk_space, period(9, 17, day=tomorrow()))
    gone = make_booking(femke, dollard, period(12, 13))
    desk.post(f"/bookings/{gone.code}/cancel")
    people = dict(db.session.execute(select(Person.name, Person.code)).all())
    return {"terpdata": terpdata.code, "fjild": fjild.code, "femke": people["Femke"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Hunze", "Dollard", "Desk 1.32"]),
        ("order=latest", ["Desk 1.32", "Dollard", "Hunze"]),
        ("last=2026-11-26", ["Hunze", "Dollard"]),
        ("first=2026-11-27", ["Desk 1.32"]),
        ("space=HUNZE", ["Hunze"]),
        ("kind=desk", ["Desk 1.32"]),
        ("kind=parking", []),
        ("organisation={fjild}", ["Dollard", "Desk 1.32"]),
        ("person={femke}", ["Hunze"]),
        ("person={femke}&organisation={fjild}", []),
        ("q=roadmap", ["Hunze"]),
        ("q=jelle+dollard", ["Dollard"]),
        ("state=confirmed", ["Hunze", "Dollard", "Desk 1.32"]),
        ("state=cancelled", ["Dollard"]),
        ("state=released", []),
        ("state=all", ["Hunze", "Dollard", "Dollard", "Desk 1.32"]),
        ("first=&last=", ["Hunze", "Dollard", "Desk 1.32"]),
    ],
)
def test_bookings_are_filtered_on_the_page_as_in_the_file(
    desk: Visit, some: dict[str, str], query: str, found: list[str]
) -> None:
    said = query.format(**some)
    file = file_of(desk.get(f"/staff/bookings.csv?{said}"))

    assert places(desk.get(f"/staff/bookings?{said}")) == found
    assert [row["Place"] for row in file] == [name.removeprefix("Desk ") for name in found]


def test_a_booking_of_several_days_stands_on_each_of_them(desk: Visit) -> None:
    femke = make_member()
    make_booking(femke, make_space("1.32"), Period(at(9), at(17, day=DAY + timedelta(days=4))))
    make_booking(make_member(), room("Hunze"), period(9, 10))

    days = [DAY + timedelta(days=number) for number in (0, 1, 2, 4, 5)]
    found = [places(desk.get(f"/staff/bookings?first={day}&last={day}")) for day in days]

    assert found == [["Desk 1.32", "Hunze"], ["Desk 1.32"], ["Desk 1.32"], ["Desk 1.32"], []] or (
        found == [["Hunze", "Desk 1.32"], ["Desk 1.32"], ["Desk 1.32"], ["Desk 1.32"], []]
    )


def test_a_night_stands_on_both_of_its_days(desk: Visit) -> None:
    hall = room("Hunze")
    booking = make_booking(make_member(), hall, period(9, 10))
    with unit_of_work():
        row = db.session.get_one(Booking, booking.id)
        row.starts_at, row.ends_at = at(22), at(6, day=tomorrow())

    for day in (DAY, tomorrow()):
        assert places(desk.get(f"/staff/bookings?first={day}&last={day}")) == ["Hunze"]
    assert places(desk.get("/staff/bookings?first=2026-11-28&last=2026-11-28")) == []


def test_rare_things_are_looked_for_in_one_year_at_a_time(desk: Visit) -> None:
    make_booking(make_member(), room(), period(9, 10))

    page = page_of(desk.get("/staff/bookings?q=x&first=2021-01-01&last=2026-12-31"))
    narrow = page_of(desk.get("/staff/bookings?space=Hunze&q=x&first=2021-01-01&last=2026-12-31"))
    past = page_of(desk.get("/staff/bookings?q=x&first=&last=&order=latest"))

    assert "one year at a time, now from Fri 1 January 2021 to Sat 1 January 2022" in page
    assert "one year at a time" not in narrow
    assert "now from Wed 26 November 2025" in past


def test_a_file_has_days_and_hours_of_the_campus_in_the_reader_s_language(desk: Visit) -> None:
    femke = make_member(make_organisation("Terpdata"), name="Femke Postma")
    make_booking(femke, room("Hunze"), period(9, 10), title="=1+1;=2")
    path = "/staff/bookings.csv?state=all"

    (english,) = file_of(desk.get(path))
    answer = desk.client.get(f"/nl{path}")
    (dutch,) = file_of(answer, separator=";")

    assert list(english.values())[:10] == [
        "2026-11-26", "09:00", "2026-11-26", "10:00", "Hunze", "Hunze", "meeting room",
        "'=1+1;'=2", "Femke Postma", "Terpdata",
    ]  # fmt: skip
    assert dutch["Dag"] == "2026-11-26"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert "2026-11-26.csv" in answer.headers["Content-Disposition"]


# --- paging -----------------------------------------------------------------------------------


def many(count: int) -> None:
    """Book one room after another, several at the same moment."""
    member = make_member()
    for number in range(count):
        make_booking(member, room(f"Room {number:03}"), period(9 + number % 3, 10 + number % 3))


def walked(visitor: Visit, address: str) -> list[str]:
    """Turn all pages of a list and return the codes on them."""
    found: list[str] = []
    while address:
        text = visitor.get(address).text
        found += re.findall(r'name="on" value="(\w+)\.', text)
        following = re.search(r'href="/en(/staff/bookings\?after=[^"]*)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    return found


@pytest.mark.parametrize("order", ["", "&order=latest"])
def test_pages_hold_every_booking_once(
    desk: Visit, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 4)
    many(14)

    found = walked(desk, f"/staff/bookings?first=2026-11-26{order}")

    assert len(found) == len(set(found)) == 14


@pytest.mark.parametrize("is_latest", [False, True])
def test_bookings_that_come_meanwhile_make_no_gap_and_no_double(
    desk: Visit, is_latest: bool
) -> None:
    many(9)
    before = set(db.session.scalars(select(Booking.code)))
    wanted = Wanted(first_at=at(0), is_latest=is_latest)
    found: list[Line] = []

    while batch := sought.bookings(wanted, after=found[-1].position if found else None, limit=2):
        found += batch
        make_booking(make_member(), room(f"New {len(found)}"), period(10, 11))

    codes = [line.code for line in found]
    assert len(codes) == len(set(codes))
    assert before <= set(codes)
    assert codes == [line.code for line in sorted(found, key=_place, reverse=is_latest)]


def _place(line: Line) -> tuple[object, str]:
    return line.starts_at, line.code


def test_a_file_is_the_whole_list_however_it_is_read(
    desk: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "BATCH", 3)
    many(10)

    rows = file_of(desk.get("/staff/bookings.csv"))

    assert len({row["Code of the booking"] for row in rows}) == len(rows) == 10


def test_people_and_organisations_turn_pages_by_name(
    manager: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campus.lists.admin.PER_PAGE", 3)
    for number in (5, 3, 1, 4, 2, 2, 2):
        make_member(make_organisation(f"Org {number}"), name=f"Member {number}")

    for path, label in (("people", "Member"), ("organisations", "Org")):
        found: list[str] = []
        address = f"/staff/{path}?q={label}"
        while address:
            answer = manager.get(address)
            found += [row.split()[1] for row in rows_of(answer)]
            following = re.search(rf'href="/en(/staff/{path}\?after=[^"]*)"', answer.text)
            address = following[1].replace("&amp;", "&") if following else ""
        assert found == ["1", "2", "2", "2", "3", "4", "5"]


def test_a_list_goes_on_where_it_was_although_that_person_is_gone(manager: Visit) -> None:
    for name in ("Anke", "Özgür", "özlem"):
        make_member(name=name)
    first, second, *_ = queries.people(limit=10)
    with unit_of_work():
        db.session.execute(delete(Membership).where(Membership.person_id == first.id))
        db.session.execute(delete(Person).where(Person.id == first.id))

    batch = queries.people(after=After(first.name, first.id), limit=10)

    assert first.name == "Anke"
    assert batch[0].name == second.name
    assert queries.people(after=After(batch[-1].name, batch[-1].id), limit=10) == []


def test_a_file_of_people_and_of_organisations_is_whole_in_batches(
    manager: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "BATCH", 2)
    monkeypatch.setattr("campus.lists.admin.BATCH", 2)
    for name in ("Anke", "Özgür", "özlem", "Bo"):
        make_member(make_organisation(f"{name} bv"), name=name)

    people = [row["Name"] for row in file_of(manager.get("/staff/people.csv"))]
    bodies = [row["Name"] for row in file_of(manager.get("/staff/organisations.csv?q=bv"))]

    assert sorted(people) == sorted(["Anke", "Bo", "Özgür", "özlem", "Sjoerd Kramer"])
    assert sorted(bodies) == sorted(f"{name} bv" for name in ("Anke", "Bo", "Özgür", "özlem"))


@pytest.mark.parametrize("word", ["Özgür", "özgür", "ÖZGÜR", "zg"])
def test_a_name_is_found_in_any_case_of_any_letter(manager: Visit, word: str) -> None:
    make_member(make_organisation("ÖZGÜR & co"), name="Özgür Visser")

    for path in ("people", "organisations"):
        assert len(rows_of(manager.get(f"/staff/{path}?q={word}"))) == 1


@pytest.mark.parametrize(
    "path", ["search?q=e", "bookings", "people", "organisations", "bookings/cancel?all=1"]
)
def test_a_list_asks_the_same_of_few_as_of_many(desk: Visit, path: str) -> None:
    make_booking(make_member(name="Femke"), room("Eems"), period(9, 10))
    with statements() as few:
        assert desk.get(f"/staff/{path}").status_code == 200
    for number in range(12):
        member = make_member(make_organisation(f"Eelde {number}"), name=f"Femke {number}")
        make_booking(member, room(f"Eem {number}"), period(9, 10))

    with statements() as more:
        desk.get(f"/staff/{path}")

    assert len(few) == len(more) <= MOST


# --- people, organisations --------------------------------------------------------------------


def test_people_stand_with_their_places_duties_and_when_last_seen(desk: Visit) -> None:
    make_member(make_organisation("Terpdata"), name="Femke Postma")
    gone = make_member(make_organisation("Fjild"), name="Ids Oosting")
    with unit_of_work():
        db.session.get_one(Person, gone.person_id).active = False

    femke, ids, rixt = rows_of(desk.get("/staff/people"))

    assert femke.startswith("Femke Postma person")
    assert "Terpdata member never See bookings of Femke Postma · Book for Femke Postma" in femke
    assert "Ids Oosting cannot sign in" in ids
    assert "Book" not in ids.replace("bookings", "")
    assert "Noorderkwartier member front desk Thu 26 November 08:10" in rixt


def test_organisations_stand_with_their_people_and_bookings_to_come(desk: Visit) -> None:
    terpdata = make_organisation("Terpdata")
    make_booking(make_member(terpdata), room(), period(9, 10))
    make_member(terpdata)

    assert f"Terpdata {terpdata.code} resident 2 people of Terpdata 1 bookings of Terpdata" in (
        rows_of(desk.get("/staff/organisations"))
    )


def test_searching_leads_from_the_lists_of_a_state_that_is_read() -> None:
    search = read_bookings(MultiDict({"state": BookingState.CANCELLED}), today=DAY)

    assert (search.first, search.last) == (DAY, DAY + timedelta(days=365))


def test_a_search_leads_to_all_places_that_it_finds(desk: Visit) -> None:
    for number in range(22):
        room(f"Zaal {number}")

    found = desk.get("/staff/search?q=zaal").text
    listed = page_of(desk.get("/staff/spaces?q=zaal"))

    assert 'href="/en/staff/spaces?q=zaal">All 22<' in found
    assert "Zaal 21" in listed
