from __future__ import annotations
import pytest, time_machine
from campus.db import db
from campus.app import create_app
from tests.bookings.visits import *
from tests.factories import *
from tests.conftest import *
from tests.trouble import causes
from tests.trouble.gate import Gate
from tests.trouble.test_explore import show, look
import time

@pytest.fixture
def gate(postgresql_app, postgresql_url):
    gate = Gate(postgresql_url)
    app = create_app(settings(gate.url))
    app.test_client_class = Visitor
    with time_machine.travel(NOW, tick=False), postgresql_app.app_context():
        empty()
        make_house(); make_space("1.32"); make_space("1.33")
        make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze", capacity=6)
        gate.mine = visit(app.test_client(), make_member())
        yield gate
        close(app)
        gate.close()
        db.session.rollback()
        empty()

def test_gone(gate):
    gate.close()
    look(gate.mine)
    gate.open()
    began = time.monotonic()
    show("back", gate.mine.get("/me"), began)
    show("back", gate.mine.book("hunze", to="10:00"), began)

@pytest.mark.parametrize("field", ["desk", "any"])
@pytest.mark.parametrize("word", [b"COMMIT", b"INSERT INTO outbox", b"INSERT INTO occupancy", b"FOR KEY SHARE", b"SAVEPOINT", b"SELECT 1", b"FROM login_session"])
def test_cut(gate, word, field):
    gate.fatal = word
    began = time.monotonic()
    print(word, field)
    more = {"space": "hunze"} if field == "desk" else {"space": "", "any": "meeting_room"}
    show("cut", gate.mine.book(to="10:00", **more), began)
    print(claims(), gate.fatal)
    show("again", gate.mine.book(to="10:00", **more), began)
    print(claims())

def test_silent(gate):
    gate.close(); gate.silent=True; gate.open()
    began = time.monotonic()
    show("silent", gate.mine.get("/readyz"), began)
    show("silent", gate.mine.book("hunze", to="10:00"), began)
