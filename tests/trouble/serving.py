"""`campus serve` in processes of its own, and browsers that talk to it over the wire."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.conftest import KEY
from tests.factories import PASSWORD, csrf_token

HOST = "127.0.0.1"
PROGRAM = "from campus.app import main; main()"
PATIENCE = 60  # seconds
UNANSWERED = (OSError, http.client.HTTPException)
Fields = Mapping[str, str]


class Campus:
    """A campus that is served by a master and its workers."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.create_server((HOST, 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self._environment = {
            "CAMPUS_DATABASE_URL": url,
            "CAMPUS_DATA_DIR": str(folder),
            "CAMPUS_SECRET_KEY": KEY,
            "PATH": os.environ["PATH"],
        }
        self.log = folder / "served.log"

    def start(self, *, workers: int) -> None:
        """Serve, and return once pages are answered."""
        arguments = ["serve", "--workers", str(workers), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", PROGRAM, *arguments],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        pause = threading.Event()
        for _ in range(PATIENCE * 20):
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.ask("GET", "/healthz").status == http.HTTPStatus.OK:
                    return
            except UNANSWERED:
                pause.wait(0.05)
        raise AssertionError(self.log.read_text())

    def tell(self, what: signal.Signals) -> None:
        """Send the master a signal."""
        self.process.send_signal(what)

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        found = subprocess.run(  # noqa: S603 - a number of our own
            ["pgrep", "-P", str(self.process.pid)],  # noqa: S607 - wherever it is
            capture_output=True,
            check=False,
        )
        return [int(line) for line in found.stdout.split()]

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
