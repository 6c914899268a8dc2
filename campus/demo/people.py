"""The people of the demo: a cast with names from the tour, and whoever works beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from campus.demo.names import FIRST, FROM_ELSEWHERE, LAST
from campus.demo.organisations import DemoOrganisation
from campus.demo.shapes import Words
from campus.members.models import CAMPUS_CODE, Duty, Role

ELSEWHERE_EVERY = 6  # every sixth person comes from another country
ENGLISH_EVERY = 2  # and every second of those reads English
STEP_FIRST, STEP_LAST = 37, 29  # strides through the lists that meet every name before any twice


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo, in one organisation."""

    email: str
    name: str
    organisation: str
    role: Role = Role.MEMBER
    language: str = "nl"
    duties: frozenset[Duty] = field(default_factory=frozenset)


FRONT_DESK = frozenset({Duty.FRONT_DESK})
MANAGER = frozenset({Duty.CAMPUS_MANAGER, Duty.PROGRAMME_MANAGER})

CAST = (
    DemoPerson("founder@demo.example", "Femke Postma", "terpdata"),
    DemoPerson("colleague@demo.example", "Jelle Hoekstra", "terpdata"),
    DemoPerson("anouk@terpdata.example", "Anouk Wiersema", "terpdata", Role.ORG_ADMIN),
    DemoPerson("amira@terpdata.example", "Amira El Idrissi", "terpdata"),
    DemoPerson("tomasz@terpdata.example", "Tomasz Nowak", "terpdata", language="en"),
    DemoPerson("sietse@terpdata.example", "Sietse Dijkstra", "terpdata"),
    DemoPerson("noor@terpdata.example", "Noor Mulder", "terpdata"),
    DemoPerson("office@demo.example", "Ilse Bouma", "kwelder", Role.ORG_ADMIN),
    DemoPerson("outsider@demo.example", "Fardau de Jong", "fjild"),
    DemoPerson("reviewer@demo.example", "Hilde Abbring", "dollardzijl"),
    DemoPerson("mentor@demo.example", "Marten Kooistra", "feanhoop", Role.ORG_ADMIN),
    DemoPerson("desk@demo.example", "Rixt de Vries", CAMPUS_CODE, duties=FRONT_DESK),
    DemoPerson("wessel@campus.example", "Wessel Hofman", CAMPUS_CODE, duties=FRONT_DESK),
    DemoPerson("manager@demo.example", "Anneke Drent", CAMPUS_CODE, Role.ORG_ADMIN, "nl", MANAGER),
    DemoPerson(
        "admin@demo.example", "Yusuf Demir", CAMPUS_CODE, duties=frozenset({Duty.SYSADMIN})
    ),
)
LOG_INS = {
    "founder@demo.example": Words("oprichter in de incubator", "founder in the incubator"),
    "colleague@demo.example": Words("collega van de oprichter", "colleague of the founder"),
    "office@demo.example": Words("officemanager van een scale-up", "office manager of a scale-up"),
    "outsider@demo.example": Words(
        "lid van een derde organisatie", "member of a third organisation"
    ),
    "reviewer@demo.example": Words("jurylid", "jury member"),
    "mentor@demo.example": Words("mentor", "mentor"),
    "desk@demo.example": Words("balie", "front desk"),
    "manager@demo.example": Words("campusmanager", "campus manager"),
    "admin@demo.example": Words("systeembeheerder", "system administrator"),
}  # fmt: skip
FOUNDER, COLLEAGUE = CAST[0].email, CAST[1].email


def people(organisations: list[DemoOrganisation]) -> list[DemoPerson]:
    """Return everybody, organisation by organisation; the cast goes first in its own."""
    numbers, names = count(), _names()
    found: list[DemoPerson] = []
    for organisation in organisations:
        members = [person for person in CAST if person.organisation == organisation.code]
        while len(members) < organisation.people:
            members.append(_newcomer(organisation, members, next(names), next(numbers)))
        found += members
    return found


def _newcomer(
    organisation: DemoOrganisation, members: list[DemoPerson], name: str, number: int
) -> DemoPerson:
    from_elsewhere = number % ELSEWHERE_EVERY == ELSEWHERE_EVERY - 1
    english = from_elsewhere and number // ELSEWHERE_EVERY % ENGLISH_EVERY == 0
    has_admin = any(member.role is Role.ORG_ADMIN for member in members)
    return DemoPerson(
        email=_address(name, organisation.code, {member.email for member in members}),
        name=name,
        organisation=organisation.code,
        role=Role.MEMBER if has_admin else Role.ORG_ADMIN,
        language="en" if english else "nl",
    )


def _names() -> Iterator[str]:
    """Return names without end, mostly from the north."""
    for number in count():
        if number % ELSEWHERE_EVERY == ELSEWHERE_EVERY - 1:
            yield FROM_ELSEWHERE[number // ELSEWHERE_EVERY % len(FROM_ELSEWHERE)]
        else:
            first = FIRST[number * STEP_FIRST % len(FIRST)]
            yield f"{first} {LAST[number * STEP_LAST % len(LAST)]}"


def _address(name: str, organisation: str, taken: set[str]) -> str:
    """Return first@organisation.example, with the last name too where the first is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore")
    first, *rest = plain.decode().lower().split()
    short = f"{first}@{organisation}.example"
    return short if short not in taken else f"{first}.{'-'.join(rest)}@{organisation}.example"
