"""Spaces that are no rectangle: what is pointed at, what is said, where words stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from campus.spaces.models import SpaceKind
from tests.factories import (
    DAY,
    NOW,
    make_booking,
    make_house,
    make_member,
    make_space,
    period,
    sign_in,
)
from tests.finder.seen import Seen, look

WIDE = "M100 100L400 120L380 300L100 280Z"
SMALL = "M100 100L160 110L150 140L100 130Z"
SLIVER = "M100 100L112 100L104 160L100 160Z"
ROOM = SpaceKind.MEETING_ROOM


@pytest.fixture(autouse=True)
def frozen(database: None) -> Iterator[None]:
    """A house on the test's day at ten past eight."""
    with time_machine.travel(NOW, tick=False):
        make_house()
        yield


def drawn(code: str, outline: str, **more: Any) -> None:
    box = {"plan_x": 100, "plan_y": 100, "plan_width": 300, "plan_height": 200}
    make_space(code, kind=more.pop("kind", ROOM), plan_path=outline, **{**box, **more})


def plan(client: FlaskClient, query: str = "") -> Seen:
    return look(client, f"?kind=meeting_room&day={DAY}&from=09:00&to=11:00{query}")


def words(page: Seen) -> list[str]:
    """Return what stands in shapes, in the order of the page."""
    svg = page.page[page.page.index('id="plan"') :]
    return [part.split(">", 1)[1] for part in svg[: svg.index("</svg>")].split("</text>")[:-1]
            for part in [part.rpartition("<text")[2]]]  # fmt: skip


def test_the_outline_is_drawn_and_is_what_can_be_pointed_at(client: FlaskClient) -> None:
    drawn("hunze", WIDE)

    page = plan(client)

    [shape] = page.all("path", **{"fill-rule": "evenodd"})
    [hit] = page.all("path", **{"class": "hit"})
    assert (shape["class"], shape["d"], hit["d"]) == ("room", WIDE, WIDE)
    assert page.all("a", id="p-hunze")


@pytest.mark.parametrize(
    ("outline", "name", "stands"),
    [
        (WIDE, "De grote zaal", ["De grote zaal", "6 pers."]),
        (SMALL, "Hunze", ["Hunze"]),
        (SMALL, "De grote zaal", ["h1"]),
        (SLIVER, "De grote zaal", []),
    ],
)
def test_words_stand_in_an_outline_only_where_they_fit(
    client: FlaskClient, outline: str, name: str, stands: list[str]
) -> None:
    drawn("h1", outline, name=name, capacity=6)
    drawn("away", SLIVER, plan_x=800)

    page = plan(client, "&space=away")

    assert words(page) == stands
    [link] = page.all("a", id="p-h1")
    assert link["aria-label"].startswith(", ".join([" ".join(stands)]) if stands else name)
    assert name in link["aria-label"]


def test_a_taken_room_keeps_its_outline(client: FlaskClient) -> None:
    drawn("hunze", WIDE)
    space = make_space("lauwers", kind=ROOM, plan_path=SMALL, plan_x=1, plan_y=1, plan_width=9,
                       plan_height=9)  # fmt: skip
    make_booking(make_member(name="A B"), space, period(8, 12))

    page = plan(client)

    assert page.all("g", **{"class": "busy"})
    assert SMALL in page.page
    assert not page.all("a", id="p-lauwers")


@pytest.mark.parametrize(("outline", "is_told"), [(WIDE, True), (SMALL, False)])
def test_the_tag_stands_in_an_outline_that_has_room_for_it(
    client: FlaskClient, outline: str, is_told: bool
) -> None:
    sign_in(client, make_member())
    drawn("hunze", outline)

    page = plan(client, "&space=hunze")

    assert bool(page.all("path", **{"class": "pin"})) is is_told
    assert page.all("a", id="p-hunze")[0]["aria-current"] == "true"


def test_a_desk_can_have_an_outline_too(client: FlaskClient) -> None:
    drawn("1.07", SMALL, kind=SpaceKind.DESK)

    page = look(client, f"?kind=desk&day={DAY}")

    [shape] = page.all("path", **{"fill-rule": "evenodd"})
    assert shape["class"] == "desk"
    assert not page.all("circle", **{"class": "chair"})


def test_the_page_of_a_space_shows_its_outline(client: FlaskClient) -> None:
    drawn("hunze", WIDE)

    page = look(client, path="spaces/hunze")

    assert page.all("g", **{"class": "hot"})
    assert page.all("path", d=WIDE, **{"class": "room"})
