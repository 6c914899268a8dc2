"""The primary is killed under load and its standby promoted: nothing confirmed lost or doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.drills.cluster import Server, either, servers
from tests.drills.conftest import counted
from tests.drills.counting import (
    assert_all_is_there_once,
    forms,
    open_days,
    people_with_rooms,
)
from tests.drills.crowd import booking
from tests.drills.waiting import IS_FULL, size, until
from tests.trouble.serving import Answer, Browser, Campus, Fields

CLIENTS = 4
IS_WAITING = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
END_WAIT = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"

pytestmark = pytest.mark.drill


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    """A primary, and a standby that has every commit before it is confirmed."""
    with servers(number=2) as (primary, standby):
        primary.make()
        standby.copy_of(primary)
        primary.require_standby()
        yield primary, standby


def test_a_campus_goes_on_with_the_standby_and_knows_all_that_it_confirmed(
    pair: tuple[Server, Server], serve: Callable[[str], Campus]
) -> None:
    primary, standby = pair
    with counted(either(primary, standby)) as app:
        people = people_with_rooms(CLIENTS)
        campus = serve(either(primary, standby))

        with booking(campus, people) as crowd:
            crowd.wait_for(size(60, 1500))
            primary.kill()
            until(lambda: campus.ready() == 503)
            standby.promote()
            crowd.wait_for(size(40, 1500))
            back = campus.ready()

        assert back == 200
        assert crowd.unheard
        assert_all_is_there_once(crowd.confirmed, app)
    assert "Traceback" not in campus.log.read_text()


def test_what_the_standby_does_not_have_is_not_confirmed(
    pair: tuple[Server, Server], serve: Callable[[str], Campus]
) -> None:
    primary, standby = pair
    with counted(either(primary, standby)) as app:
        (who,) = people_with_rooms(1)
        form = next(forms("room-0", open_days()))
        campus = serve(either(primary, standby))
        browser = Browser(campus, who.email)

        standby.kill()
        first, again = (unreplicated(primary, browser, form) for _ in range(2))
        primary.kill()
        standby.start()
        standby.promote()
        last = browser.book(form)

        assert [first.status, again.status, last.status] == [503, 503, 303], first.page
        assert "Look before you do it again" in first.page
        assert "Nothing was" not in first.page
        assert_all_is_there_once({form["idem"]: last.code}, app)


def unreplicated(primary: Server, browser: Browser, form: Fields) -> Answer:
    """Send a form that waits for the standby until that wait is ended, as its time-out would."""
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(browser.book, form)
        primary.wait_for(IS_WAITING)
        if not IS_FULL:
            primary.tell(END_WAIT)
        return sent.result()
