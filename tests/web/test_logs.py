"""Logs: one line a record, and nothing in them that lets anybody in."""

from __future__ import annotations

import io
import json
import logging
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from campus.web import logs

TOKEN = "q7Wz_f3kLm9-XyTuV2bNc4RsE6dAhJpG8oKi1wQeZxY"  # 256 bits, as a feed's


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the logs of this process write, until the test ends."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    written = io.StringIO()
    logs.configure(written)
    yield written
    root.handlers, root.level = handlers, level


@pytest.mark.parametrize(
    "line",
    [
        f"GET /feeds/{TOKEN}.ics HTTP/1.1",
        f"GET /nl/sign-in/reset/{TOKEN}",
        f"GET /en/invitation/{TOKEN}?next=/",
        f"https://campus.example/somewhere/{TOKEN}/page",
        f"/nl/x?token={TOKEN}&a=1",
        f"Authorization: Bearer {TOKEN}",
        f"authorization: basic {TOKEN}==",
        f"{{'password': '{TOKEN}'}}",
        f'"csrf_token":"{TOKEN}"',
        f"Cookie: session={TOKEN}; theme=dark",
        f"__Host-session={TOKEN}",
        f"CAMPUS_SECRET_KEY={TOKEN}",
        f"connection to postgresql://campus:{TOKEN}@db.example/campus failed",
        f"DETAIL:  Failing row contains (7, femke@terpdata.example, {TOKEN}).",
        f"smtp://campus:{TOKEN}@mail.example:587",
    ],
)
def test_what_lets_somebody_in_is_not_logged(line: str) -> None:
    masked = logs.masked(line)

    assert TOKEN not in masked
    assert TOKEN[:16] not in masked
    assert "***" in masked


@pytest.mark.parametrize(
    "line",
    [
        "GET /nl/bookings/abcdefghjk/change?day=2026-11-26 HTTP/1.1",
        "GET /static/0123456789ab/css/campus.css",
        "GET /nl/spaces/D-12 and /en/staff/today",
        "message 12 sent",
        "GET /feeds HTTP/1.1",
    ],
)
def test_ordinary_lines_stay_as_they_are(line: str) -> None:
    assert logs.masked(line) == line


def test_a_record_is_one_line_of_json_whatever_it_holds(stream: io.StringIO) -> None:
    logging.getLogger("campus.x").warning('first\r\n{"level": "info"}\u2028%s', "\x1b[31m")

    (line,) = stream.getvalue().splitlines()
    said = json.loads(line)

    assert said["message"] == 'first\r\n{"level": "info"}\u2028\x1b[31m'
    assert said["level"] == "warning"
    assert said["logger"] == "campus.x"
    assert said["at"].endswith("+00:00")


def test_a_trace_is_in_the_same_line_and_masked(stream: io.StringIO) -> None:
    try:
        raise ValueError(f"token={TOKEN}")
    except ValueError:
        logging.getLogger("campus.x").exception("it failed")

    (line,) = stream.getvalue().splitlines()

    assert "ValueError" in json.loads(line)["trace"]
    assert TOKEN not in line


@pytest.mark.parametrize("name", ["title", "note", "for", "q", "reason"])
@pytest.mark.parametrize(
    "line", ["{}={}", "day=x&{}={}", "https://campus.example/nl/x?{}={}&a=1", "next=/x%3F{}%3D{}"]
)
def test_what_people_wrote_in_an_address_is_not_logged(line: str, name: str) -> None:
    masked = logs.masked(line.format(name, "femke%40terpdata.example"))

    assert "femke" not in masked
    assert f"{name}" in masked


SITE = """
def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/broken"):
        raise RuntimeError("no " + environ["PATH_INFO"] + " token=" + environ["PATH_INFO"][8:])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """gunicorn with our logger over a small site."""
    (tmp_path / "site_for_logs.py").write_text(SITE, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - our own server
        [
            sys.executable, "-m", "gunicorn", "site_for_logs:application",
            "--chdir", str(tmp_path), "--bind", f"127.0.0.1:{port}", "--workers", "1",
            "--logger-class", "campus.web.logs.GunicornLogger",
            "--access-logfile", "-", "--error-logfile", "-", "--worker-tmp-dir", str(tmp_path),
        ],
        cwd=Path(__file__).resolve().parent.parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    yield f"http://127.0.0.1:{port}", process
    process.kill()
    process.communicate()


def test_gunicorn_writes_no_token_into_its_logs(
    served: tuple[str, subprocess.Popen[str]],
) -> None:
    address, process = served
    assert process.stdout is not None
    head = [process.stdout.readline()]
    while "Booting worker" not in head[-1]:
        assert head[-1], "".join(head)
        head.append(process.stdout.readline())

    for path in (f"/feeds/{TOKEN}.ics", f"/nl/sign-in/reset/{TOKEN}?token={TOKEN}"):
        asked = urllib.request.Request(  # noqa: S310 - our own server
            address + path,
            headers={"Authorization": f"Bearer {TOKEN}", "Referer": f"{address}/feeds/{TOKEN}"},
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
            assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{address}/broken/{TOKEN}", timeout=10)  # noqa: S310
    process.send_signal(signal.SIGTERM)
    log = "".join(head) + process.stdout.read()

    records = [json.loads(line) for line in log.splitlines()]
    assert TOKEN not in log
    assert {"path": "/feeds/***", "status": "200"}.items() <= next(
        record for record in records if record.get("path", "").startswith("/feeds/")
    ).items()
    assert any("RuntimeError" in record.get("trace", "") for record in records)
