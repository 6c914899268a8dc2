"""Staff keep buildings, floors, zones, features and spaces by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from campus.bookings.models import Booking
from campus.clock import Period
from campus.db import counters, db, unit_of_work
from campus.db.counters import Counter
from campus.errors import RuleBroken
from campus.journal.models import Entry
from campus.members.models import Duty
from campus.premises import service
from campus.premises.models import Seen, SpaceFields
from campus.spaces.models import (
    BookingRule,
    Building,
    Feature,
    FeatureGroup,
    Floor,
    Island,
    OpeningHours,
    Space,
    SpaceFeature,
    SpaceKind,
    SpaceState,
    Zone,
)
from tests.bookings.visits import Visit, hidden_in, page_of, statements, visit
from tests.closures.scenes import close, closing_of
from tests.factories import (
    NOW,
    at,
    make_booking,
    make_building,
    make_house,
    make_member,
    make_space,
    make_staff,
    make_zone,
    period,
    tomorrow,
)

LOOKS = (
    "/staff/campus", "/staff/spaces", "/staff/buildings", "/staff/features", "/staff/hours",
    "/staff/spaces/1.32/edit", "/staff/floors/1/edit", "/staff/buildings/nk/edit",
    "/staff/zones/zuid/edit", "/staff/features/screen/edit", "/staff/hours/week/all",
    "/staff/rules/desk",
)  # fmt: skip
ADDS = (
    "/staff/spaces/new", "/staff/buildings/new", "/staff/floors/new", "/staff/features/new",
    "/staff/zones/new?floor=1", "/staff/hours/days/new",
)  # fmt: skip
MOST = 14


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def keeper(client: FlaskClient, database: None) -> Visit:
    """A campus manager of a house with one floor."""
    make_house()
    return visit(client, make_staff(Duty.CAMPUS_MANAGER))


def make_feature(code: str = "screen", **more: Any) -> Feature:
    feature = Feature(
        code=code, name_nl="Scherm", name_en="Screen", group=FeatureGroup.EQUIPMENT, **more
    )
    with unit_of_work():
        db.session.add(feature)
    return feature


def floor_id() -> int:
    return db.session.scalars(select(Floor.id)).first() or 0


def space(code: str = "1.32") -> Space:
    return db.session.scalars(select(Space).where(Space.code_key == code.lower())).one()


def fields_of(space: Space) -> SpaceFields:
    """Return what is said of a space."""
    return SpaceFields(**{one.name: getattr(space, one.name) for one in fields(SpaceFields)})


def seen_in(answer: TestResponse) -> str:
    """Return the version that a page's form carries."""
    return answer.text.partition('name="seen" type="hidden" value="')[2].partition('"')[0]


def sent(code: str = "1.32", **more: Any) -> dict[str, Any]:
    """Return the fields of a space's form."""
    fields = {
        "name": code, "code": code, "kind": "desk", "state": "active", "audience": "members",
        "floor_id": str(floor_id()), "zone_id": "0",
    }  # fmt: skip
    return {**fields, **more}


def deeds() -> list[str]:
    verbs = db.session.scalars(select(Entry.verb).order_by(Entry.id))
    return [verb for verb in verbs if not verb.startswith(("person.", "booking."))]


# --- who ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*LOOKS, *ADDS])
def test_pages_of_the_building_are_closed_to_members_and_visitors(
    client: FlaskClient, database: None, path: str
) -> None:
    visitor = client.get(f"/en{path}")
    make_house()

    assert visitor.status_code == 303
    assert visit(client, make_member()).get(path).status_code == 403


def test_the_front_desk_looks_at_everything_and_changes_nothing(
    client: FlaskClient, database: None
) -> None:
    make_zone(make_house())
    make_space("1.32"), make_feature()
    desk = visit(client, make_staff())

    looks = [desk.get(path) for path in LOOKS]
    adds = [desk.get(path).status_code for path in ADDS]
    posts = [desk.post(path, sent(seen="x")).status_code for path in LOOKS if "/edit" in path]
    kept = desk.post("/staff/spaces/1.32/edit", sent(name="X", seen="1"))

    assert [answer.status_code for answer in looks] == [200] * len(LOOKS)
    assert all("A campus manager or a system administrator" in page_of(one) for one in looks)
    assert not any('class="btn go' in one.text for one in looks)
    assert adds == [403] * len(ADDS)
    assert 303 not in posts
    assert (kept.status_code, space().name, deeds()) == (403, "1.32", [])


def test_a_system_administrator_keeps_the_building_too(
    client: FlaskClient, database: None
) -> None:
    make_house()
    admin = visit(client, make_staff(Duty.SYSADMIN))

    assert admin.post("/staff/spaces/new", sent()).status_code == 303


# --- from nothing to a first desk -----------------------------------------------------------


def test_an_empty_campus_leads_by_the_hand_to_a_desk_that_is_booked(
    client: FlaskClient, database: None
) -> None:
    staff = visit(client, make_staff(Duty.CAMPUS_MANAGER))
    assert "1 A building" in page_of(staff.get("/staff/campus"))

    to_floor = staff.post("/staff/buildings/new", {"name": "Fabriek", "code": "f"})
    assert to_floor.location.endswith("/staff/floors/new?building=f")
    building = db.session.scalars(select(Building)).one()
    page = staff.get(to_floor.location.removeprefix("/en"))
    assert f'<option selected value="{building.id}">Fabriek' in page.text
    ground = {"building_id": str(building.id), "name": "Begane grond", "code": "0", "level": "0"}
    to_campus = staff.post("/staff/floors/new", ground)
    assert to_campus.location.endswith("/staff/campus")
    page = staff.get("/staff/campus")
    assert "/en/staff/spaces/new?floor=0" in page.text

    added = staff.post("/staff/spaces/new", sent("D1"))
    said = staff.get(added.location.removeprefix("/en"))

    assert "Nobody had set opening hours: Monday to Friday, 08:00 to 18:00, hold." in said.text
    assert "Everything is there" in page_of(staff.get("/staff/campus"))
    member = visit(client.application.test_client(), make_member())
    assert member.book("D1").status_code == 303
    assert deeds() == ["building.add", "floor.add", "space.add"]


def test_the_overview_says_what_is_missing_for_a_kind(keeper: Visit) -> None:
    make_space("p1", kind=SpaceKind.PARKING)

    page = keeper.get("/staff/campus")

    assert "How Parking places are booked" in page_of(page)
    assert "/en/staff/rules/parking" in page.text


# --- spaces -----------------------------------------------------------------------------------


def test_a_space_is_entered_with_all_there_is_to_say(keeper: Visit) -> None:
    zone, feature = make_zone(db.session.scalars(select(Floor)).one()), make_feature()
    fields = sent(
        "Hunze", name="Hunze", kind="meeting_room", zone_id=str(zone.id), audience="residents",
        capacity="8", area_dm2="12,5", buffer_before_minutes="15", buffer_after_minutes="10",
        available_from_on="2026-12-01", last_on="2027-01-31", place_nl="Bij het raam",
        place_en="By the window", about_nl="Mooi", about_en="Nice", way_nl="Lift naar 1",
        way_en="Lift to 1", tenant="", position="7", has="screen",
        **{"quantity.screen": "2", "note_nl.screen": "27 inch", "note_en.screen": "27 inches"},
    )  # fmt: skip

    answer = keeper.post("/staff/spaces/new", fields)

    assert answer.location.endswith("/staff/spaces/Hunze/edit")
    row = space("hunze")
    assert (row.kind, row.zone_id, row.audience, row.capacity, row.area_dm2) == (
        "meeting_room", zone.id, "residents", 8, 1250,
    )  # fmt: skip
    assert (row.buffer_before_minutes, row.buffer_after_minutes, row.position) == (15, 10, 7)
    assert (str(row.available_from_on), str(row.available_until_on)) == (
        "2026-12-01",
        "2027-02-01",
    )
    [use] = row.features
    assert (use.feature_id, use.quantity, use.note_nl) == (feature.id, 2, "27 inch")
    again = keeper.get("/staff/spaces/hunze/edit").text
    assert 'value="12.5"' in again
    assert 'value="2027-01-31"' in again
    assert 'value="27 inches"' in again


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Give it a name."),
        ({"code": ""}, "Give it a code."),
        ({"code": "a b"}, "“a b” is no code"),
        ({"code": "new"}, "“new” is no code"),
        ({"code": "x" * 41}, "at most 40 characters"),
        ({"name": "x" * 10_000}, "at most 80 characters"),
        ({"about_nl": "x" * 10_000}, "at most 2000 characters"),
        ({"kind": "boat"}, "Choose one of the list."),
        ({"kind": ""}, "Choose one of the list."),
        ({"state": "retired"}, "Choose one of the list."),
        ({"floor_id": "999999"}, "Choose one of the list."),
        ({"floor_id": "x"}, "Choose one of the list."),
        ({"capacity": "0"}, "from 1 to 9999"),
        ({"capacity": "-1"}, "from 1 to 9999"),
        ({"capacity": "3.5"}, "from 1 to 9999"),
        ({"capacity": "٣"}, "from 1 to 9999"),
        ({"area_dm2": "twelve"}, "Write the area in m², such as 12,5."),
        ({"area_dm2": "0"}, "Write the area in m², such as 12,5."),
        ({"area_dm2": "12,555"}, "Write the area in m², such as 12,5."),
        ({"available_from_on": "2026-13-01"}, "year-month-day"),
        (
            {"available_from_on": "2027-01-02", "last_on": "2027-01-01"},
            "The last day comes before the first.",
        ),
        ({"buffer_before_minutes": "481"}, "from 0 to 480"),
        ({"has": "screen", "quantity.screen": "0"}, "from 1 to 999"),
        ({"has": "screen", "quantity.screen": "many"}, "from 1 to 999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    keeper: Visit, wrong: dict[str, str], said: str
) -> None:
    make_feature()
    fields = sent(place_nl="Achter de plant", **wrong)

    answer = keeper.post("/staff/spaces/new", fields)

    assert answer.status_code == 422
    assert said in page_of(answer)
    assert "Achter de plant" in answer.text
    assert db.session.scalar(select(func.count(Space.id))) == 0


def test_a_zone_of_another_floor_is_refused(keeper: Visit) -> None:
    building = db.session.scalars(select(Building)).one()
    with unit_of_work():
        upper = Floor(building_id=building.id, code="2", name="Dijk", level=2)
        db.session.add(upper)
    zone = make_zone(upper, "noord")

    elsewhere = keeper.post("/staff/spaces/new", sent(zone_id=str(zone.id)))
    nowhere = keeper.post("/staff/spaces/new", sent(zone_id=str(zone.id), floor_id="0"))

    assert (elsewhere.status_code, nowhere.status_code) == (422, 422)
    assert "That zone is on another floor" in page_of(elsewhere)


def test_a_code_that_differs_only_in_case_is_taken(keeper: Visit) -> None:
    make_space("hunze")

    answer = keeper.post("/staff/spaces/new", sent("HUNZE"))

    assert answer.status_code == 409
    assert "There is a place called hunze already. Choose another code." in page_of(answer)


def test_a_form_sent_twice_makes_one_space(keeper: Visit) -> None:
    answers = [keeper.post("/staff/spaces/new", sent()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert db.session.scalar(select(func.count(Space.id))) == 1
    assert deeds() == ["space.add"]


def test_another_like_it_begins_with_the_same(keeper: Visit) -> None:
    answer = keeper.post("/staff/spaces/new", sent(place_nl="Bij het raam", another="1"))

    page = keeper.get(answer.location.removeprefix("/en")).text

    assert answer.location.endswith("/staff/spaces/new?like=1.32")
    assert "Bij het raam" in page
    assert 'value="1.32"' not in page


def test_a_draft_is_seen_by_staff_alone_until_it_is_in_use(keeper: Visit) -> None:
    keeper.post("/staff/spaces/new", sent(state="draft"))
    hidden = keeper.get("/spaces/1.32").status_code
    listed = page_of(keeper.get("/staff/spaces?state=draft"))

    keeper.post("/staff/spaces/1.32/edit", sent(seen="1"))

    assert (hidden, keeper.get("/spaces/1.32").status_code) == (404, 200)
    assert "1.32" in listed
    assert space().revision == 2


def test_a_stale_form_gets_both_texts_and_is_then_sent_on_purpose(keeper: Visit) -> None:
    make_space("1.32", name="Oud")
    mine = sent(name="Van mij", place_nl="Mijn plek", seen="1")
    keeper.post("/staff/spaces/1.32/edit", sent(name="Van een ander", seen="1"))

    late = keeper.post("/staff/spaces/1.32/edit", mine)
    again = keeper.post("/staff/spaces/1.32/edit", {**mine, "seen": seen_in(late)})

    assert late.status_code == 409
    assert "Name Van een ander Van mij" in page_of(late)
    assert 'value="Mijn plek"' in late.text
    assert (again.status_code, space().name) == (303, "Van mij")


def test_features_that_somebody_else_ticked_are_shown_too(keeper: Visit) -> None:
    make_feature(), make_space("1.32")
    theirs = {"has": "screen", "quantity.screen": "2", "note_nl.screen": "27 inch"}
    keeper.post("/staff/spaces/1.32/edit", sent(seen="1", **theirs))

    late = keeper.post("/staff/spaces/1.32/edit", sent(name="Van mij", seen="1"))

    assert late.status_code == 409
    assert "What it has 2 × Screen (27 inch) –" in page_of(late)


def test_saving_what_is_there_already_changes_nothing(keeper: Visit) -> None:
    keeper.post("/staff/spaces/new", sent())

    answers = [keeper.post("/staff/spaces/1.32/edit", sent(seen="0")) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (space().revision, deeds()) == (1, ["space.add"])


def test_a_booked_space_keeps_its_code_kind_and_state(keeper: Visit) -> None:
    booking = make_booking(make_member(), make_space("1.32"), period(9, 17, day=tomorrow()))

    page = page_of(keeper.get("/staff/spaces/1.32/edit"))
    refused = {
        name: keeper.post("/staff/spaces/1.32/edit", sent(**{name: value}, seen="1"))
        for name, value in (("code", "1.33"), ("kind", "meeting_room"), ("state", "draft"))
    }

    assert "Bookings know this place by its code, so it stays." in page
    assert "1 booking is to come here; until then the kind stays." in page
    assert [answer.status_code for answer in refused.values()] == [422, 422, 422]
    assert "add another place of the other kind" in page_of(refused["kind"])
    assert "nobody can see a draft" in page_of(refused["state"])
    assert (space().revision, booking.space_id) == (1, space().id)


def test_a_part_of_a_combined_room_stays_as_long_as_people_come_to_the_whole(
    keeper: Visit,
) -> None:
    parts = (make_space("1.32"), make_space("1.33"))
    hall = make_space("hall", kind=SpaceKind.MEETING_ROOM, parts=parts)
    make_booking(make_member(), hall, period(9, 17, day=tomorrow()))

    answers = [
        keeper.post("/staff/spaces/1.32/edit", sent(**{name: value}, seen="1"))
        for name, value in (("kind", "meeting_room"), ("state", "draft"))
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert (space().kind, space().state) == (SpaceKind.DESK, SpaceState.ACTIVE)


def test_a_place_closed_for_good_is_taken_back_on_the_page_of_its_closure(
    keeper: Visit,
) -> None:
    closing = closing_of([make_space("1.32")], Period(at(0), None), is_final=True)
    code = close(keeper.actor, closing)

    page = keeper.get("/staff/spaces/1.32/edit")
    answer = keeper.post("/staff/spaces/1.32/edit", sent(state="active", seen=seen_in(page)))

    assert f"/en/staff/closures/{code}" in page.text
    assert re.findall(r'<option[^>]* value="(active|draft|retired)"', page.text) == ["retired"]
    assert (answer.status_code, space().state) == (422, SpaceState.RETIRED)
    made = replace(fields_of(space()), state=SpaceState.ACTIVE)
    with pytest.raises(RuleBroken, match="out of use for good"), unit_of_work():
        service.change_space(
            actor=keeper.actor, space=space(), fields=made, uses=[],
            seen=Seen(NOW, version=str(space().revision)),
        )  # fmt: skip
    keeper.post(f"/staff/closures/{code}/reopen", {"revision": "1"})
    assert space().state is SpaceState.ACTIVE


def test_a_place_that_no_closure_retired_is_put_back_into_use(keeper: Visit) -> None:
    make_space("1.32", state=SpaceState.RETIRED)

    answer = keeper.post("/staff/spaces/1.32/edit", sent(state="active", seen="1"))

    assert (answer.status_code, space().state) == (303, SpaceState.ACTIVE)


def test_a_retired_place_is_not_put_back_with_a_day_that_has_passed(keeper: Visit) -> None:
    make_space("1.32", state=SpaceState.RETIRED)

    answer = keeper.post(
        "/staff/spaces/1.32/edit", sent(state="active", seen="1", last_on="2026-11-25")
    )

    assert (answer.status_code, space().state) == (422, SpaceState.RETIRED)
    assert "Its last day has passed." in page_of(answer)


def test_a_retired_whole_waits_for_its_parts(keeper: Visit) -> None:
    part = make_space("east", state=SpaceState.RETIRED)
    make_space("1.32", state=SpaceState.RETIRED, parts=(part, make_space("west")))

    answer = keeper.post("/staff/spaces/1.32/edit", sent(state="active", seen="1"))

    assert (answer.status_code, space().state) == (422, SpaceState.RETIRED)
    assert "It is made of east, out of use as well." in page_of(answer)


def test_a_kind_changes_where_nothing_is_to_come(keeper: Visit) -> None:
    make_space("1.32")

    answer = keeper.post("/staff/spaces/1.32/edit", sent(kind="parking", code="p1", seen="1"))

    assert answer.location.endswith("/staff/spaces/p1/edit")
    assert (space("p1").kind, space("p1").code_key) == (SpaceKind.PARKING, "p1")
    assert db.session.get(BookingRule, SpaceKind.PARKING) is not None


def test_days_that_leave_bookings_out_are_shown_before_they_are_saved(keeper: Visit) -> None:
    member = make_member(name="Femke Postma")
    make_booking(member, make_space("1.32"), period(9, 17, day=tomorrow()))
    fields = sent(last_on="2026-11-26", seen="1")

    asked = keeper.post("/staff/spaces/1.32/edit", fields)
    unsaved = space().available_until_on
    kept = keeper.post("/staff/spaces/1.32/edit", hidden_in(asked.text) | {"seen": "1"})

    assert asked.status_code == 409
    assert "1 booking would fall outside." in page_of(asked)
    assert "Femke Postma, Desk 1.32" in page_of(asked)
    assert (unsaved, kept.status_code) == (None, 303)
    assert str(space().available_until_on) == "2026-11-27"
    assert db.session.scalars(select(Booking)).one().state == "confirmed"


def test_going_back_from_the_bookings_shows_the_form_as_it_was(keeper: Visit) -> None:
    make_booking(make_member(), make_space("1.32"), period(9, 17, day=tomorrow()))
    fields = sent(last_on="2026-11-26", tenant="Terpdata", seen="1", back="1")

    answer = keeper.post("/staff/spaces/1.32/edit", fields)

    assert answer.status_code == 200
    assert 'value="Terpdata"' in answer.text
    assert space().tenant == ""


def test_on_another_floor_a_space_leaves_plan_and_island(keeper: Visit) -> None:
    zone = make_zone(db.session.scalars(select(Floor)).one())
    with unit_of_work():
        island = Island(zone_id=zone.id)
        db.session.add(island)
        db.session.flush()
    make_space("1.32", zone_id=zone.id, island_id=island.id, plan_x=1, plan_y=2, plan_path="M0 0")

    keeper.post("/staff/spaces/1.32/edit", sent(floor_id="0", seen="1"))

    row = space()
    assert (row.floor_id, row.zone_id, row.island_id, row.plan_x, row.plan_path) == (
        None, None, None, None, "",
    )  # fmt: skip


def test_a_new_name_is_told_to_calendars(keeper: Visit) -> None:
    booking = make_booking(make_member(), make_space("1.32"), period(9, 17, day=tomorrow()))
    was = counters.state_of(Counter.key == counters.key("space", space().id))

    keeper.post("/staff/spaces/1.32/edit", sent(name="Raamplek", seen="1"))

    db.session.refresh(booking)
    assert booking.ical_version == 0
    assert counters.state_of(Counter.key == counters.key("space", space().id)) > was


def test_the_journal_says_what_changed_without_texts(keeper: Visit) -> None:
    make_space("1.32")

    keeper.post("/staff/spaces/1.32/edit", sent(name="Geheim", capacity="3", seen="1"))

    page = page_of(keeper.get("/staff/journal"))
    assert "place changed place 1.32 capacity None → 3, changed capacity, name" in page
    assert "Geheim" not in page


def test_features_are_kept_with_the_space(keeper: Visit) -> None:
    make_feature(), make_feature("window")
    make_space("1.32")
    keeper.post(
        "/staff/spaces/1.32/edit", [*sent(seen="1").items(), ("has", "screen"), ("has", "window")]
    )

    keeper.post(
        "/staff/spaces/1.32/edit", sent(seen="2", has="window", **{"quantity.window": "3"})
    )

    [use] = db.session.scalars(select(SpaceFeature)).all()
    assert (use.quantity, space().revision) == (3, 3)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?page=0",
        "?page=-3",
        "?page=x",
        "?page=99999999999999999999",
        "?kind=boat&state=x&floor=%00",
        "?q=%25_%27",
    ],
)
def test_an_odd_question_to_the_list_is_answered(keeper: Visit, query: str) -> None:
    make_space("1.32")

    assert keeper.get(f"/staff/spaces{query}").status_code == 200


def test_the_list_is_narrowed_by_text_kind_floor_and_state(keeper: Visit) -> None:
    make_space("1.32"), make_space("hunze", kind=SpaceKind.MEETING_ROOM, tenant="Kwelder")
    make_space("oud", state=SpaceState.RETIRED)

    found = {
        query: {
            code
            for code in ("1.32", "hunze", "oud")
            if f"spaces/{code}/edit" in keeper.get(f"/staff/spaces?{query}").text
        }
        for query in (
            "",
            "q=KWEL",
            "kind=meeting_room",
            "state=retired",
            "floor=1",
            "q=x",
            "floor=9",
        )
    }

    assert found == {
        "": {"1.32", "hunze", "oud"},
        "q=KWEL": {"hunze"},
        "kind=meeting_room": {"hunze"},
        "state=retired": {"oud"},
        "floor=1": {"1.32", "hunze", "oud"},
        "q=x": set(),
        "floor=9": set(),
    }


def test_the_list_turns_pages_and_loses_nobody(keeper: Visit) -> None:
    for number in range(55):
        make_space(f"d{number:02}")

    first, second = (keeper.get(f"/staff/spaces?page={page}").text for page in (1, 2))

    assert [f"spaces/d{n:02}/edit" in first for n in (0, 49, 50)] == [True, True, False]
    assert [f"spaces/d{n:02}/edit" in second for n in (49, 50, 54)] == [False, True, True]


@pytest.mark.parametrize(
    "path",
    [
        "/staff/spaces",
        "/staff/campus",
        "/staff/buildings",
        "/staff/features",
        "/staff/hours",
        "/staff/spaces/d01/edit",
    ],
)
def test_a_page_asks_the_same_for_one_and_for_thirty(keeper: Visit, path: str) -> None:
    make_space("d01"), make_feature()
    building = db.session.scalars(select(Building)).one()
    with statements() as few:
        assert keeper.get(path).status_code == 200
    for number in range(2, 32):
        with unit_of_work():
            floor = Floor(building_id=building.id, code=f"f{number}", name="x", level=number)
            db.session.add(floor)
            db.session.add(OpeningHours(on_day=tomorrow().replace(month=12, day=number % 28 + 1)))
        make_zone(floor, f"z{number}")
        make_space(f"d{number:02}", floor=floor), make_feature(f"k{number}")

    with statements() as many:
        keeper.get(path)

    assert len(few) == len(many) <= MOST


# --- buildings, floors, zones, features -------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "wrong", "status"),
    [
        ("/staff/buildings/new", {"name": "", "code": "x"}, 422),
        ("/staff/buildings/new", {"name": "X", "code": "NK"}, 409),
        ("/staff/buildings/new", {"name": "X", "code": "a/b"}, 422),
        ("/staff/floors/new", {"name": "X", "code": "2", "level": "x"}, 422),
        ("/staff/floors/new", {"name": "X", "code": "2", "level": "", "building_id": "1"}, 422),
        ("/staff/floors/new", {"name": "X", "code": "2", "level": "1", "building_id": "0"}, 422),
        ("/staff/zones/new?floor=1", {"name_nl": "", "code": "z"}, 422),
        ("/staff/zones/new?floor=9", {"name_nl": "Z", "code": "z"}, 404),
        ("/staff/zones/new?floor=1", {"name_nl": "Z", "code": "ZUID"}, 409),
        ("/staff/features/new", {"name_nl": "X", "name_en": "", "code": "x"}, 422),
        ("/staff/features/new", {"name_nl": "X", "name_en": "X", "code": "x", "group": "q"}, 422),
    ],
)
def test_a_part_that_is_wrong_is_not_added(
    keeper: Visit, path: str, wrong: dict[str, str], status: int
) -> None:
    make_zone(db.session.scalars(select(Floor)).one())

    answer = keeper.post(path, wrong)

    assert answer.status_code == status
    assert deeds() == []


def test_zones_and_features_are_added_changed_and_taken_away(keeper: Visit) -> None:
    fields = {"name_nl": "Stilte", "name_en": "Quiet", "code": "stil", "position": "2"}
    keeper.post("/staff/zones/new?floor=1", fields)
    page = keeper.get("/staff/zones/stil/edit")
    keeper.post("/staff/zones/stil/edit", {**fields, "name_en": "Hush", "seen": seen_in(page)})
    name = db.session.scalars(select(Zone.name_en)).one()
    keeper.post("/staff/zones/stil/remove")
    feature = {**fields, "code": "arm", "group": "accessibility", "icon": "bell", "is_filter": "1"}
    keeper.post("/staff/features/new", feature)
    listed = page_of(keeper.get("/staff/features"))
    keeper.post("/staff/features/arm/remove")

    assert name == "Hush"
    assert "Quiet Accessible can be asked for 0" in listed
    assert db.session.scalars(select(Zone.id)).all() == []
    assert db.session.scalars(select(Feature.id)).all() == []
    assert deeds() == [
        "zone.add", "zone.change", "zone.remove", "feature.add", "feature.remove",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["buildings/nk", "floors/1", "zones/zuid", "features/screen"])
def test_what_is_needed_is_not_taken_away(keeper: Visit, path: str) -> None:
    zone, feature = make_zone(db.session.scalars(select(Floor)).one()), make_feature()
    row = make_space("1.32", zone_id=zone.id)
    with unit_of_work():
        db.session.add(SpaceFeature(space_id=row.id, feature_id=feature.id))

    answer = keeper.post(f"/staff/{path}/remove")

    assert answer.status_code == 422
    assert "Something still belongs to it." in page_of(answer)
    assert deeds() == []


def test_a_part_that_somebody_else_changed_is_shown_in_both_versions(keeper: Visit) -> None:
    seen = seen_in(keeper.get("/staff/buildings/nk/edit"))
    keeper.post("/staff/buildings/nk/edit", {"name": "Noord", "code": "nk", "seen": seen})

    late = keeper.post("/staff/buildings/nk/edit", {"name": "Zuid", "code": "nk", "seen": seen})

    assert late.status_code == 409
    assert "Name Noord Zuid" in page_of(late)
    assert db.session.scalars(select(Building.name)).one() == "Noord"


def test_a_new_name_of_a_building_is_told_to_calendars(keeper: Visit) -> None:
    booking = make_booking(make_member(), make_space("1.32"), period(9, 17, day=tomorrow()))
    seen = seen_in(keeper.get("/staff/buildings/nk/edit"))

    keeper.post("/staff/buildings/nk/edit", {"name": "Noord", "code": "nk", "seen": seen})

    db.session.refresh(booking)
    assert booking.ical_version == 0


@pytest.mark.parametrize(
    "path",
    [
        "/staff/buildings/x/edit",
        "/staff/boats/nk/edit",
        "/staff/spaces/x/edit",
        "/staff/spaces/new?like=x",
        "/staff/spaces/%00/edit",
        "/staff/zones/%00/edit",
        "/staff/spaces/new?like=%00",
        "/staff/spaces/new?floor=x",
        "/staff/rules/boat",
        "/staff/rules/all",
        "/staff/hours/week/boat",
        "/staff/hours/days/2026-02-30/all",
        "/staff/hours/days/2026-11-27/all",
    ],
)
def test_what_is_not_there_is_not_found(keeper: Visit, path: str) -> None:
    assert keeper.get(path).status_code == 404


def test_markup_in_a_name_is_shown_as_text(keeper: Visit) -> None:
    keeper.post("/staff/spaces/new", sent(name="<script>alert(1)</script>"))

    for path in ("/staff/spaces", "/staff/spaces/1.32/edit"):
        assert "<script>alert" not in keeper.get(path).text


def test_taking_a_space_out_of_use_begins_with_for_good(keeper: Visit) -> None:
    made = make_space()
    page = keeper.get(f"/staff/spaces/{made.code}/edit").text
    address = re.search(r'href="/en(/staff/closures/new[^"]*)"', page)
    assert address

    form = keeper.get(address[1].replace("&amp;", "&")).text

    assert re.search(r'<input[^>]*name="ends"[^>]*value="final"[^>]*checked', form)
    assert not re.search(r'<input[^>]*name="ends"[^>]*value="at"[^>]*checked', form)


# --- the campus in short ----------------------------------------------------------------------


def test_the_campus_says_in_short_what_there_is_and_folds_its_buildings(keeper: Visit) -> None:
    make_space("hall", kind=SpaceKind.MEETING_ROOM)
    make_space("1.01")
    alone = keeper.get("/staff/campus")

    make_space("2.01", floor=make_building("Loods"))
    both = keeper.get("/staff/campus")

    assert "1 building, 1 floor, 2 places: Desks 1, Meeting rooms 1." in page_of(alone)
    assert '<details class="fold">' not in alone.text
    assert "2 buildings, 2 floors, 3 places: Desks 2, Meeting rooms 1." in page_of(both)
    assert both.text.count('<details class="fold">') == 2
