"""Who is on the demo campus."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from campus.demo.building import building, buildings
from campus.demo.organisations import organisations
from campus.demo.people import CAST, LOG_INS, people
from campus.members.models import CAMPUS_CODE, Relation, Role

ORGANISATIONS = organisations(1)
PEOPLE = people(ORGANISATIONS)


def test_there_are_38_residents_42_associates_and_the_campus() -> None:
    relations = Counter(one.relation for one in ORGANISATIONS)

    assert relations == {Relation.RESIDENT: 38, Relation.ASSOCIATED: 42, Relation.CAMPUS: 1}
    assert ORGANISATIONS[0].code == CAMPUS_CODE


def test_the_residents_are_as_far_as_the_directory_says() -> None:
    stages = Counter(one.stage for one in ORGANISATIONS if one.relation is Relation.RESIDENT)

    assert stages == {"incubator": 11, "start-up": 15, "scale-up": 12}


def test_there_are_300_people_with_addresses_and_names_of_their_own() -> None:
    assert len(PEOPLE) == 300
    assert len({person.email for person in PEOPLE}) == 300
    assert len({person.name for person in PEOPLE}) == 300


def test_addresses_cannot_reach_anybody_and_are_in_lower_case() -> None:
    assert all(person.email.endswith(".example") for person in PEOPLE)
    assert all(
        person.email == person.email.lower() and person.email.isascii() for person in PEOPLE
    )


def test_namesakes_in_one_organisation_have_addresses_of_their_own() -> None:
    crowded = replace(ORGANISATIONS[1], people=400)

    assert len({person.email for person in people([crowded])}) == 400


def test_everybody_belongs_to_an_organisation_that_has_somebody_in_charge() -> None:
    codes = {one.code for one in ORGANISATIONS}
    in_charge = Counter(person.organisation for person in PEOPLE if person.role is Role.ORG_ADMIN)

    assert {person.organisation for person in PEOPLE} == codes == set(in_charge)


def test_everybody_of_the_cast_is_there() -> None:
    assert set(CAST) <= set(PEOPLE)


def test_the_log_ins_are_the_nine_that_the_readme_names() -> None:
    names = {email.removesuffix("@demo.example") for email in LOG_INS}

    assert names == {
        "founder", "colleague", "office", "outsider", "reviewer", "mentor", "desk", "manager",
        "admin",
    }  # fmt: skip
    assert set(LOG_INS) <= {person.email for person in PEOPLE}


def test_founder_and_colleague_share_an_organisation_and_the_outsider_has_another() -> None:
    of = {person.email.partition("@")[0]: person.organisation for person in CAST}
    stages = {one.code: one.stage for one in ORGANISATIONS}

    assert of["founder"] == of["colleague"] != of["outsider"] != of["office"] != of["founder"]
    assert stages[of["founder"]] == "incubator"
    assert stages[of["office"]] == "scale-up"


def test_only_people_of_the_campus_have_duties() -> None:
    assert {person.organisation for person in PEOPLE if person.duties} == {CAMPUS_CODE}


def test_the_names_on_doors_are_those_of_residents() -> None:
    residents = [one.name for one in ORGANISATIONS if one.relation is Relation.RESIDENT]
    doors = [space.tenant for space in building().spaces if space.tenant]

    assert [door for door in doors if not any(name.startswith(door) for name in residents)] == []
    assert len(set(doors)) == len(doors) == 16


@pytest.mark.parametrize("scale", [1, 3])
def test_organisations_like_to_sit_in_zones_that_exist(scale: int) -> None:
    zones = {zone.code for one in buildings(scale) for floor in one.floors for zone in floor.zones}

    assert {one.zone for one in organisations(scale) if one.zone} <= zones


def test_a_larger_demo_has_more_organisations_and_people_but_one_campus_and_one_cast() -> None:
    larger = organisations(3)
    crowd = people(larger)

    assert len(larger) == 1 + 3 * 80
    assert len({one.code for one in larger}) == len(larger)
    assert len({person.email for person in crowd}) == len(crowd) > 850
    assert sum(person.email in LOG_INS for person in crowd) == len(LOG_INS)
