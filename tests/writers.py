"""A writer to be killed: books at random and says, line by line, what was confirmed.

python -m tests.writers URL SEED
"""

from __future__ import annotations

import random
import sys
from datetime import timedelta

from campus.app import create_app
from campus.bookings import service
from campus.bookings.models import Asked
from campus.clock import Period
from campus.db import carry_out, db
from campus.errors import CampusError
from campus.members.models import Person
from campus.members.queries import actor_of
from campus.spaces.models import Space
from tests.conftest import settings
from tests.factories import DAY, NOW, at

QUARTER = timedelta(minutes=15)
DAYS = [day for n in range(50) if (day := DAY + timedelta(days=n)).weekday() < 5]


def write(url: str, seed: int) -> None:
    """Book, change and cancel until somebody ends it."""
    app = create_app(settings(url))
    chance = random.Random(seed)  # noqa: S311 - a drill, not a secret
    with app.app_context():
        people = [person.id for person in db.session.query(Person)]
        spaces = [space.id for space in db.session.query(Space)]
        for number in range(1_000_000):
            _book(chance, people, spaces, idem=f"drill-{seed:06}-{number:06}")


def _book(chance: random.Random, people: list[int], spaces: list[int], *, idem: str) -> None:
    start = at(8, day=chance.choice(DAYS)) + chance.randrange(44) * QUARTER
    when = Period(start, start + chance.randint(1, 4) * QUARTER)

    def work() -> str:
        actor = actor_of(db.session.get_one(Person, chance.choice(people)))
        space = db.session.get_one(Space, chance.choice(spaces))
        return service.book(actor=actor, asked=Asked(space, when), now=NOW, idem=idem).code

    try:
        code = carry_out(work)
    except CampusError:
        return
    sys.stdout.write(f"{code}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
