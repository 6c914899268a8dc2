"""A day as columns: gaps are what is not taken, and every hour has its place; pure."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campus import clock
from campus.clock import Period
from campus.errors import Spoken
from campus.timeline import rules
from campus.timeline.rules import Frame, Room, Tone, Use
from campus.timeline.terms import Terms, free_now, free_parts, offer_of, proposed
from tests.factories import DAY, NOW, at, period

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
OPEN = period(8, 20)
TERMS = Terms(
    grid=QUARTER,
    shortest=QUARTER,
    longest=timedelta(hours=8),
    notice=timedelta(0),
    horizon_days=60,
    length=timedelta(hours=1),
)
BEFORE_DAWN = at(5)


def room(*, before: int = 0, after: int = 0) -> Room:
    return Room(
        1, "hunze", "Hunze", "meeting_room", "members", 6, "Wierde", "1",
        before * MINUTE, after * MINUTE, None, None, (1,),
    )  # fmt: skip


def use(
    held: Period,
    seen: Period | None = None,
    *,
    tone: Tone = Tone.OTHER,
    title: str | Spoken = "",
) -> Use:
    return Use(1, held, seen or held, tone, title)


def free(
    *held: Period, hours: Period = OPEN, now: datetime = BEFORE_DAWN, of: Room | None = None
) -> list[Period]:
    offer = offer_of(hours, terms=TERMS, now=now)
    return free_parts(offer, [use(one) for one in held], room=of or room())


quarters = st.integers(min_value=0, max_value=47)


@st.composite
def claims(draw: st.DrawFn) -> list[Period]:
    """Draw claims of a day that do not overlap."""
    edges = sorted(draw(st.sets(st.integers(min_value=0, max_value=48), max_size=12)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [Period(at(8) + a * QUARTER, at(8) + b * QUARTER) for a, b in pairs]


@settings(deadline=None)
@given(claims())
def test_gaps_and_claims_are_the_whole_day_and_share_nothing(taken: list[Period]) -> None:
    found = sorted([*free(*taken), *taken], key=lambda one: one.starts_at)

    assert sum((one.length for one in found), timedelta(0)) == OPEN.length
    assert all(a.end == b.starts_at for a, b in itertools.pairwise(found))


@settings(deadline=None)
@given(claims(), st.integers(min_value=0, max_value=4), st.integers(min_value=0, max_value=4))
def test_no_gap_comes_nearer_to_a_claim_than_the_buffers(
    taken: list[Period], before: int, after: int
) -> None:
    mine = room(before=before * 15, after=after * 15)

    for gap in free(*taken, of=mine):
        wide = Period(gap.starts_at - before * QUARTER, gap.end + after * QUARTER)
        assert not any(wide.overlaps(one) for one in taken)


def test_a_day_that_has_begun_is_free_from_the_step_we_are_in() -> None:
    [gap] = free(now=at(10, 38))

    assert gap == Period(at(10, 30), at(20))


def test_nothing_is_left_of_a_day_that_is_over() -> None:
    assert free(now=at(20)) == []
    assert free(period(8, 20)) == []


def test_notice_moves_what_can_be_booked_to_the_next_step() -> None:
    terms = Terms(QUARTER, QUARTER, None, timedelta(hours=2), 60, QUARTER)

    offer = offer_of(OPEN, terms=terms, now=at(9, 1))

    assert offer.left == Period(at(11, 15), at(20))


def test_an_open_end_takes_all_that_follows() -> None:
    assert free(Period(at(12), None)) == [period(8, 12)]


def test_a_gap_off_the_grid_is_drawn_in_and_a_sliver_left_out() -> None:
    assert free(Period(at(8), at(9, 5)), Period(at(9, 25), at(20))) == []
    assert free(Period(at(8), at(9, 5)), Period(at(9, 50), at(20))) == [
        Period(at(9, 15), at(9, 45))
    ]


def test_a_press_proposes_the_usual_length_or_what_there_is() -> None:
    assert proposed(period(9, 12), terms=TERMS) == period(9, 10)
    assert proposed(Period(at(9), at(9, 30)), terms=TERMS) == Period(at(9), at(9, 30))


# --- columns ----------------------------------------------------------------------------------


@settings(deadline=None)
@given(claims(), st.integers(min_value=20, max_value=24))
def test_what_touches_in_time_touches_on_the_page(taken: list[Period], until: int) -> None:
    frame = Frame(Period(at(8), at(8) + timedelta(hours=until - 8)))
    found = sorted([*free(*taken), *taken], key=lambda one: one.starts_at)
    places = [frame.place(frame.minute(one.starts_at), frame.minute(one.end)) for one in found]
    spans = [tuple(int(part[1:]) for part in place.split()) for place in places]

    assert spans[0][0] == 0
    for (start, length), (then, _) in itertools.pairwise(spans):
        assert length == 1 or start + length == then


def test_a_longer_day_is_drawn_in_as_many_columns() -> None:
    frame = Frame(Period(at(0), at(0) + timedelta(hours=24)))

    assert frame.place(0, 24 * 60) == "s0 l48"
    assert frame.place(24 * 60 - 5, 24 * 60) == "s47 l1"


def test_the_frame_is_widened_to_what_is_booked_outside_the_hours() -> None:
    early = use(Period(at(6, 40), at(7, 30)))
    over_midnight = use(Period(at(19), at(2) + timedelta(days=1)))
    shut = use(Period(at(0), None), tone=Tone.OFF)

    frame = rules.frame_of(DAY, [OPEN], [early, over_midnight, shut], usual=OPEN)

    assert frame.hours == Period(at(6), clock.midnight(DAY + timedelta(days=1)))


def test_a_closed_day_is_drawn_as_usual() -> None:
    assert rules.frame_of(DAY, [], [], usual=OPEN).hours == OPEN


def test_clocks_that_go_back_repeat_an_hour_that_no_form_can_say_twice() -> None:
    day = date(2026, 10, 25)
    frame = rules.frame_of(day, [clock.day_period(day)], [], usual=OPEN)
    labels = [frame.label(minute) for minute in range(0, frame.minutes, 60)]
    silent = [minute for minute in range(0, frame.minutes, 60) if not frame.is_sayable(minute)]

    assert frame.minutes == 25 * 60
    assert labels[:5] == ["00:00", "01:00", "02:00", "02:00", "03:00"]
    assert silent == [3 * 60]


def test_clocks_that_go_forward_leave_an_hour_out() -> None:
    day = date(2026, 3, 29)
    frame = rules.frame_of(day, [clock.day_period(day)], [], usual=OPEN)

    assert frame.minutes == 23 * 60
    assert [frame.label(minute) for minute in (0, 60, 120)] == ["00:00", "01:00", "03:00"]
    assert all(frame.is_sayable(minute) for minute in range(0, frame.minutes, 15))


def test_a_combined_room_shows_each_booking_of_its_parts_once() -> None:
    one, other = use(period(9, 11)), use(period(10, 12))

    assert rules.apart([other, one, one]) == [one]


# --- words ------------------------------------------------------------------------------------


def state(*taken: Period, now: datetime, tone: Tone = Tone.OTHER) -> tuple[str, str]:
    uses = [use(one, tone=tone) for one in taken]
    offer = offer_of(OPEN, terms=TERMS, now=now)
    found = rules.state_of(OPEN, uses, free_parts(offer, uses, room=room()), now=now)
    return str(found.words), found.tone


def test_how_a_room_stands_now() -> None:
    assert state(period(11, 12), now=at(10, 20)) == ("free until 11:00:00", "gras")
    assert state(period(11, 12), now=at(10, 40)) == ("free until 11:00:00", "klei")
    assert state(period(10, 12), now=at(10, 40)) == ("taken until 12:00:00", "")
    assert state(now=at(10, 40)) == ("free from now on", "gras")
    assert state(period(10, 20), now=at(10, 40)) == ("taken", "")
    assert state(period(10, 20), now=at(10, 40), tone=Tone.OFF) == ("out of use", "steen")
    assert state(now=at(21))[0] == "closed"


def test_a_closed_room_says_why() -> None:
    closed = use(period(8, 20), tone=Tone.OFF, title=Spoken("Lekkage", "A leak"))
    earlier = at(10, day=DAY - timedelta(days=1))

    for now in (at(10), earlier):
        found = rules.state_of(OPEN, [closed], [], now=now)
        assert (found.words, found.tone) == (Spoken("Lekkage", "A leak"), "steen")


@pytest.mark.parametrize("title", ["", Spoken("", "")])
def test_a_reason_that_is_not_told_is_out_of_use(title: str | Spoken) -> None:
    closed = use(period(8, 20), tone=Tone.OFF, title=title)

    assert str(rules.state_of(OPEN, [closed], [], now=at(10)).words) == "out of use"


def test_how_a_room_stands_on_another_day() -> None:
    earlier = at(10, day=DAY - timedelta(days=1))

    assert state(now=earlier) == ("free all day", "gras")
    assert state(period(8, 20), now=earlier) == ("taken", "")
    assert state(period(8, 13), now=earlier) == ("free 13:00:00–20:00:00", "gras")
    assert state(period(9, 13), now=earlier) == ("longest free 13:00:00–20:00:00", "gras")


def test_a_room_of_which_the_hours_are_not_known_is_closed() -> None:
    assert str(rules.state_of(None, [], [], now=NOW).words) == "closed"


# --- free now ---------------------------------------------------------------------------------


def test_free_for_half_an_hour_means_half_an_hour_from_now() -> None:
    parts = [Period(at(10, 30), at(11, 15))]
    half = timedelta(minutes=30)

    assert free_now(parts, terms=TERMS, length=half, now=at(10, 38)) == Period(
        at(10, 30), at(11, 15)
    )
    assert free_now(parts, terms=TERMS, length=2 * half, now=at(10, 38)) is None
    assert free_now(parts, terms=TERMS, length=None, now=at(10, 38)) == parts[0]
    assert free_now(parts, terms=TERMS, length=None, now=at(10, 20)) is None


def test_until_the_next_is_no_longer_than_one_booking_may_be() -> None:
    found = free_now([OPEN], terms=TERMS, length=None, now=at(8, 5))

    assert found == period(8, 16)


def test_times_are_those_of_the_campus_clock() -> None:
    assert rules.at(at(9, 30)) == time(9, 30)
