from __future__ import annotations
import time_machine

import pytest, time_machine
from sqlalchemy import event, select, func
from campus.db import db
from campus.spaces.models import SpaceKind, Space
from campus.bookings.models import Booking
from tests.bookings.visits import *
from tests.factories import *
import time
from tests.trouble import causes

@pytest.fixture
def mine(database, client):
    with time_machine.travel(NOW, tick=False):
        make_house(); make_space("1.32"); make_space("1.33")
        make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze", capacity=6)
        yield visit(client, make_member())

def show(name, answer, began):
    print(f"\n=== {name}: {answer.status_code} {answer.headers.get('Retry-After')} {time.monotonic()-began:.2f}s {answer.headers.get('Set-Cookie','')[:30]}")
    print(page_of(answer)[:700])

def look(mine):
    for name, go in {
        "book": lambda: mine.book("hunze", title="Sprint", to="10:00"),
        "any": lambda: mine.book("", any="desk"),
        "dock": lambda: mine.post("/bookings", {"space":"hunze","idem":"k"*10,**HOURS,"to":"10:00"}, headers=SCRIPT),
        "me": lambda: mine.get("/me"),
        "Book": lambda: mine.get("/book"),
        "new": lambda: mine.get("/bookings/new?space=1.32"),
        "front": lambda: mine.get("/"),
        "signin": lambda: mine.client.post("/nl/sign-in", data={"csrf_token": mine.token, "email": mine.actor.email, "password": PASSWORD, "carry":"abc", "next":"/nl/me"}),
        "signinwrong": lambda: mine.client.post("/nl/sign-in", data={"csrf_token": mine.token, "email": mine.actor.email, "password": "x"}),
        "forgot": lambda: mine.client.post("/nl/sign-in/forgotten", data={"csrf_token": mine.token, "email": mine.actor.email}),
        "readyz": lambda: mine.client.get("/readyz"),
        "healthz": lambda: mine.client.get("/healthz"),
        "signout": lambda: mine.post("/sign-out"),
    }.items():
        began = time.monotonic()
        show(name, go(), began)

def test_read_only(mine):
    with causes.only_readable():
        look(mine)

def test_busy(mine):
    with causes.short_of_patience(), causes.held("SELECT * FROM space FOR UPDATE"):
        look(mine)

def test_full(mine):
    if not causes.is_sqlite(): return
    with causes.full_disk():
        look(mine)
