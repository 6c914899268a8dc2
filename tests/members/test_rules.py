"""Passwords, sessions, haste: pure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.members import rules
from tests.factories import NOW

ABOUT = ["Noorderkwartier", "Terp Data BV", "femke.postma@terpdata.example", "Femke Postma"]
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "een-goed-lang-wachtwoord",
        "drie koeien in de wei",
        "k8#vQ2!mZp4x",
        "        eend op het dak",
        "🐄🚜🌾🐓🐖🐑🐎🦆🌻🥔🧅🥬",
        "пять зелёных ведёр",
        "x" * 3 + "Zeeland vol mosselen" * 12,
        "ik werk bij terp data aan de dijken",
    ],
)
def test_a_long_password_of_any_characters_will_do(password: str) -> None:
    assert rules.password_mistake(password, about=ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "123456789012",
        "qwertyuiop[]",
        "1q2w3e4r5t6y",
        "qazwsxedcrfv",
        "passwordpassword",
        "password1234",
        "P@ssw0rd1234",
        "Liverpool123",
        "iloveyou12345",
        "administrator",
        "Welkom123456!",
        "Zomer2026!!!",
        "Winter-2025-2026",
        "Groningen1988",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
    ],
    ids=str,
)
def test_a_common_password_is_refused_also_with_a_number_behind_it(password: str) -> None:
    mistake = rules.password_mistake(password, about=ABOUT)

    assert mistake is not None
    assert "easy to guess" in str(mistake)


@pytest.mark.parametrize(
    "password",
    [
        "Noorderkwartier",
        "noorderkwartier2026",
        "N00rderkwartier!",
        "TerpData2026!!",
        "terp-data-terp",
        "femke.postma",
        "FemkePostma1988",
        "postmafemke12",
    ],
    ids=str,
)
def test_a_password_made_of_names_around_the_person_is_refused(password: str) -> None:
    assert rules.password_mistake(password, about=ABOUT) is not None


def test_a_password_has_12_to_256_characters() -> None:
    shortest, longest = "9k4wzt7m2qxv", "9k4wzt7m" * 32

    assert rules.password_mistake(shortest, about=()) is None
    assert rules.password_mistake(longest, about=()) is None
    assert rules.password_mistake(shortest[:-1], about=()) is not None
    assert rules.password_mistake(longest + "1", about=()) is not None


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3))
def test_no_password_brings_the_rule_down(password: str, about: list[str]) -> None:
    rules.password_mistake(password, about=about)


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (13, 512), (14, 900), (50, 900)],
)
def test_five_tries_are_free_then_the_wait_doubles_up_to_a_quarter(
    failures: int, wait: int
) -> None:
    tried = [NOW - 10 * SECOND] * (failures - 1) + [NOW] * bool(failures)

    assert rules.wait_of_account(tried, now=NOW) == wait * SECOND


def test_a_wait_runs_out() -> None:
    tried = [NOW] * 6

    assert rules.wait_of_account(tried, now=NOW + 3 * SECOND) == SECOND
    assert rules.wait_of_account(tried, now=NOW + 4 * SECOND) == rules.NO_WAIT


def test_a_network_has_thirty_failures_an_hour() -> None:
    tried = [NOW + minute * 60 * SECOND for minute in range(30)]

    assert rules.wait_of_network(tried[:29], now=tried[-1]) == rules.NO_WAIT
    assert rules.wait_of_network(tried, now=tried[-1]) == timedelta(minutes=31)
    assert rules.wait_of_network(tried, now=NOW + timedelta(hours=1)) == rules.NO_WAIT


@pytest.mark.parametrize(
    ("is_staff", "idle", "longest"),
    [
        (True, timedelta(hours=2), timedelta(hours=12)),
        (False, timedelta(hours=12), timedelta(days=30)),
    ],
    ids=["staff", "member"],
)
def test_a_session_ends_at_its_limits_to_the_second(
    is_staff: bool, idle: timedelta, longest: timedelta
) -> None:
    end = rules.expires_at(is_staff=is_staff, now=NOW)

    def over(*, seen: timedelta, now: timedelta) -> bool:
        return rules.is_over(
            expires_at=end, last_seen_at=NOW + seen, is_staff=is_staff, now=NOW + now
        )

    assert not over(seen=timedelta(0), now=idle - SECOND)
    assert over(seen=timedelta(0), now=idle)
    assert not over(seen=longest - 2 * SECOND, now=longest - SECOND)
    assert over(seen=longest - SECOND, now=longest)


@pytest.mark.parametrize(
    "address",
    ["femke@terpdata.example", "f.p+campus@sub.terp-data.nl", "o'neil@x.io", "é@münchen.de"],
)
def test_an_address_is_known_by_its_shape(address: str) -> None:
    assert rules.is_email(address)


@pytest.mark.parametrize(
    "address",
    ["", "femke", "femke@", "@x.nl", "a b@x.nl", "a@x", "a@-x.nl", "a@x.nl\nBcc: b@y.nl",
     "a@x..nl", "a@b@x.nl", f"{'a' * 65}@x.nl", f"a@{'x' * 250}.nl", "<a@x.nl>", "a@x.1"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    assert not rules.is_email(address)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Hunze Health BV", "hunze-health-bv"),
        ("Café 't Wad!", "cafe-t-wad"),
        ("  ", ""),
        ("x" * 60, "x" * 40),
        ("北", ""),
    ],
)
def test_a_code_is_made_of_a_name(name: str, code: str) -> None:
    assert rules.code_from(name) == code


def test_a_name_is_guessed_from_an_address() -> None:
    assert rules.name_from("femke.postma@terpdata.example") == "Femke Postma"
    assert rules.name_from("...@x.nl") == "...@x.nl"
