"""People who book one after the other, all at once, and send a form again until it is answered."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus

from campus.members.models import Actor
from tests.drills.counting import forms, open_days
from tests.drills.waiting import PATIENCE
from tests.trouble.serving import UNANSWERED, Browser, Campus, Fields

BREATH = 0.05  # seconds until somebody sends a form again
SLOWEST = 5  # bookings a second


class Crowd:
    """Everybody of it keeps what they were told.

    Attributes:
        confirmed: the code of a booking by the key of its form.
        unheard: how often a form was sent in vain: nobody answered, or was able to.
        refused: what nobody should ever be told.
    """

    def __init__(self, campus: Campus, people: Sequence[Actor]) -> None:
        days = open_days()
        browsers = [Browser(campus, who.email) for who in people]
        self.confirmed: dict[str, str] = {}
        self.unheard: Counter[str] = Counter()
        self.refused: list[str] = []
        self._one_more = threading.Condition()
        self._no_more = threading.Event()
        self._threads = [
            threading.Thread(target=self._book, args=(browser, forms(f"room-{number}", days)))
            for number, browser in enumerate(browsers)
        ]

    def start(self) -> None:
        """Let everybody begin."""
        for thread in self._threads:
            thread.start()

    def wait_for(self, number: int) -> None:
        """Wait until so many more were confirmed."""
        with self._one_more:
            goal = len(self.confirmed) + number
            enough = self._one_more.wait_for(
                lambda: len(self.confirmed) >= goal or self.refused, PATIENCE + number / SLOWEST
            )
        assert enough, f"{goal - len(self.confirmed)} of {number} are missing: {self.unheard}"

    def finish(self) -> None:
        """Let everybody end their form, which may take until the campus is back."""
        self._no_more.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def _book(self, browser: Browser, asked: Iterator[Fields]) -> None:
        for fields in asked:
            code = self._confirmed(browser, fields)
            if code:
                self._note(fields["idem"], code)
            if self._no_more.is_set():
                return

    def _confirmed(self, browser: Browser, fields: Fields) -> str:
        """Send a form until somebody says that it is booked, or that it is not."""
        until, pause = time.monotonic() + PATIENCE, threading.Event()
        while time.monotonic() < until:
            try:
                answer = browser.book(fields)
            except UNANSWERED as error:
                self.unheard[type(error).__name__] += 1
                pause.wait(BREATH)
                continue
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                if not answer.code:
                    self.refused.append(f"{answer.status} {answer.page}")
                return answer.code
            self.unheard[HTTPStatus.SERVICE_UNAVAILABLE.phrase] += 1
            pause.wait(BREATH)
        self.refused.append(f"nobody answered {fields}")
        return ""

    def _note(self, key: str, code: str) -> None:
        with self._one_more:
            self.confirmed[key] = code
            self._one_more.notify_all()


@contextmanager
def booking(campus: Campus, people: Sequence[Actor]) -> Iterator[Crowd]:
    """People book during this block, and everybody is answered in the end."""
    crowd = Crowd(campus, people)
    crowd.start()
    try:
        yield crowd
    finally:
        crowd.finish()
    assert crowd.refused == []
