"""One day of the demo keeps to its own rules, whoever fills it."""

from __future__ import annotations

import random
from datetime import date, time

import pytest

from campus import clock
from campus.clock import Period
from campus.demo.building import building
from campus.demo.diary import Diary
from campus.demo.people import CAST

DAY = date(2026, 11, 26)
SPACES = {space.code: space for space in building().spaces}
FEMKE, JELLE = CAST[:2]
MORNING, AFTERNOON, EVENING = (9 * 60, 13 * 60), (13 * 60, 17 * 60), (17 * 60, 19 * 60)
AFTER_CLOSING = (19 * 60, 20 * 60 + 15)


def diary() -> Diary:
    """Return an empty day."""
    opened = Period(clock.instant(DAY, time(8)), clock.instant(DAY, time(20)))
    return Diary(DAY, opened, clock.midnight(DAY), random.Random(1))  # noqa: S311


def test_a_desk_can_be_shared_over_a_day_but_not_at_once() -> None:
    today, desk = diary(), SPACES["1.32"]
    today.take(desk, FEMKE, MORNING)

    assert not today.is_free(desk, JELLE, MORNING)
    assert today.is_free(desk, JELLE, AFTERNOON)


def test_who_has_a_desk_gets_no_second_one_that_day() -> None:
    today = diary()
    today.take(SPACES["1.32"], FEMKE, MORNING)

    assert not today.is_free(SPACES["1.31"], FEMKE, AFTERNOON)
    assert today.is_free(SPACES["hunze"], FEMKE, MORNING)


def test_nothing_is_free_after_closing() -> None:
    assert not diary().is_free(SPACES["hunze"], FEMKE, AFTER_CLOSING)


@pytest.mark.parametrize("part", ["drents-diep", "peizerdiep"])
def test_a_combined_room_and_its_parts_stand_in_each_others_way(part: str) -> None:
    one, other = diary(), diary()
    one.take(SPACES[part], FEMKE, EVENING)
    other.take(SPACES["diepenzaal"], FEMKE, EVENING)

    assert not one.is_free(SPACES["diepenzaal"], JELLE, EVENING)
    assert not other.is_free(SPACES[part], JELLE, EVENING)


def test_buffers_keep_neighbours_apart_from_both_sides() -> None:
    one, other = diary(), diary()
    one.take(SPACES["drents-diep"], FEMKE, AFTERNOON)
    other.take(SPACES["diepenzaal"], FEMKE, EVENING)

    assert not one.is_free(SPACES["diepenzaal"], JELLE, EVENING)
    assert not other.is_free(SPACES["drents-diep"], JELLE, AFTERNOON)


def test_a_closed_space_is_taken_all_day() -> None:
    today = diary()
    today.close("vlie")

    assert not any(
        today.is_free(SPACES["vlie"], FEMKE, span) for span in (MORNING, AFTERNOON, EVENING)
    )
