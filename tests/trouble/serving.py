"""`campus serve` in processes of its own, and browsers that talk to it over the wire."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.conftest import KEY
from tests.drills.cluster import children_of
from tests.drills.waiting import until
from tests.factories import PASSWORD, csrf_token

HOST = "127.0.0.1"
PROGRAM = "from campus.app import main; main()"
PATIENCE = 60  # seconds
UNANSWERED = (OSError, http.client.HTTPException)
Fields = Mapping[str, str]


class Campus:
    """A campus that is served by a master and its workers."""

    def __init__(self, url: str, folder: Path, **more: str) -> None:
        with socket.create_server((HOST, 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self._environment = {**environment(url, folder), **more}
        self.log = folder / "served.log"
        # Python looks for campus there first, unless it lies elsewhere.
        self._folder = folder if "PYTHONPATH" in more else None

    def start(self, *, workers: int) -> None:
        """Serve, and return once pages are answered."""
        arguments = ["serve", "--workers", str(workers), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", PROGRAM, *arguments],
                env=self._environment,
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._is_answering)

    def _is_answering(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.ask("GET", "/healthz").status == http.HTTPStatus.OK
        except UNANSWERED:
            return False

    def ready(self) -> int:
        """Return the status of /readyz."""
        return self.ask("GET", "/readyz").status

    def tell(self, what: signal.Signals) -> None:
        """Send the master a signal."""
        self.process.send_signal(what)

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        return children_of(self.process.pid)

    def kill(self) -> None:
        """Kill the master; return when its workers have noticed, and ended by themselves."""
        workers = self.workers()
        self.process.kill()
        self.process.wait()
        until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))

    def stop(self) -> int:
        """Ask it to end, unless it was asked already; return how it ended."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(PATIENCE)

    def ask(self, method: str, path: str, *, cookie: str = "", body: str = "") -> Answer:
        """Ask for a page over a connection of its own."""
        headers = {"Cookie": cookie} if cookie else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body or None, headers=headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        return Answer(answer.status, page, answer.headers)


def environment(url: str, folder: Path) -> dict[str, str]:
    """Return the settings of a campus over the database at `url`."""
    return {
        "CAMPUS_DATABASE_URL": url,
        "CAMPUS_DATA_DIR": str(folder),
        "CAMPUS_SECRET_KEY": KEY,
        "CAMPUS_BASE_URL": "http://localhost",  # as the tests' own: texts for calendars say it
        "PATH": os.environ["PATH"],
    }


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    page: str
    headers: http.client.HTTPMessage

    @property
    def code(self) -> str:
        """The code of the booking that it leads to, if it does."""
        is_booked = self.status == http.HTTPStatus.SEE_OTHER
        return self.headers["Location"].rpartition("/")[2] if is_booked else ""


class Browser:
    """Somebody who is signed in."""

    def __init__(self, campus: Campus, email: str) -> None:
        self.campus, self.cookie, self.token = campus, "", ""
        self._read_token("/en/sign-in")
        answer = self.post("/en/sign-in", {"email": email, "password": PASSWORD})
        assert answer.status == http.HTTPStatus.SEE_OTHER, answer.page
        self._read_token("/en/bookings/new")

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form. Can be done by several threads at once."""
        body = urlencode({**fields, "csrf_token": self.token})
        return self._kept(self.campus.ask("POST", path, cookie=self.cookie, body=body))

    def book(self, fields: Fields) -> Answer:
        """Send the form of a booking."""
        return self.post("/en/bookings", fields)

    def _read_token(self, path: str) -> None:
        answer = self._kept(self.campus.ask("GET", path, cookie=self.cookie))
        self.token = csrf_token(answer.page)

    def _kept(self, answer: Answer) -> Answer:
        for cookie in answer.headers.get_all("Set-Cookie", []):
            if cookie.startswith("session="):
                self.cookie = cookie.partition(";")[0]
        return answer
