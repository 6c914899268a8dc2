"""A standby that must have every commit and does not answer: waited for, but not for ever."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from campus.db import dialects
from campus.errors import Busy, text

LONGEST_WAIT = 10.0  # seconds
EVERY = 0.5  # seconds
NOT_REPLICATED = "SyncRepWaitForLSN"  # where PostgreSQL warns from; its words may be translated

log = logging.getLogger(__name__)
_heard = threading.local()


class Watch:
    """Ends commits that wait too long. PostgreSQL itself has no time-out for that.

    Without it a standby that dies takes every thread of a server with it, one after the other.
    """

    def __init__(self) -> None:
        self._begun: dict[Any, float] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, connection: Any) -> Iterator[None]:
        """Watch over a connection while it commits."""
        self._begun[connection] = time.monotonic()
        self._look_out()
        try:
            yield
        finally:
            del self._begun[connection]

    def _look_out(self) -> None:
        """Have one thread that looks; a process that forked has lost its parent's."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
                self._thread.start()

    def _look(self) -> None:
        pause = threading.Event()
        while not pause.wait(EVERY):
            late = time.monotonic() - LONGEST_WAIT
            for connection, begun in [*self._begun.items()]:
                if begun < late:
                    _end_wait(connection)


watch = Watch()


def _end_wait(connection: Any) -> None:
    try:
        connection.cancel_safe(timeout=1.0)
    except Exception as error:  # noqa: BLE001 - the server is gone too: the commit hears that itself
        log.warning("a commit that waits could not be ended: %s", type(error).__name__)


def hear(notice: Any) -> None:
    """Note a warning of the server that a commit stands there alone."""
    if notice.source_function == NOT_REPLICATED:
        _heard.is_alone = True


@contextmanager
def awaited(session: Session) -> Iterator[None]:
    """Commit in this block; what is not where it must be is not called saved.

    Raises:
        Busy: the standby did not say that it has it. It stands on the primary, and is gone with
            that one if the standby takes over.
    """
    connection = dialects.server_connection(session)
    if connection is None:
        yield
        return
    _heard.is_alone = False
    with watch.over(connection):
        yield
    if _heard.is_alone:
        log.warning("the standby did not answer: a commit stands on the primary alone")
        raise Busy(
            text(
                "A second copy of the database did not answer, so this may have been saved or not."
                " Look before you do it again."
            )
        )
