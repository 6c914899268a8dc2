"""Pages delivered over HTTP: by gunicorn, in this process for a first look, or in its place."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

from flask import Flask
from gunicorn.app.base import BaseApplication

from campus.errors import CampusError
from campus.settings import RUN_FILE

THREADS = 8
BACKLOG = 128
STOP_SECONDS = 10  # a first look waits this long for what is being answered

# Measured under load and reloads; docs/deploy.md says what each is for.
FLAGS = {
    "--config": "python:campus.web.workers",
    "--worker-class": "gthread",
    "--threads": str(THREADS),
    "--timeout": "30",
    "--graceful-timeout": "30",
    "--keep-alive": "5",
    "--max-requests": "5000",
    "--max-requests-jitter": "500",
    "--logger-class": "campus.web.logs.GunicornLogger",
    "--access-logfile": "-",
    "--error-logfile": "-",
}


@dataclass(frozen=True, slots=True)
class Hooks:
    """What happens around the serving of a first look.

    Attributes:
        start_worker: sends mail and does periodic work beside it; returns what stops that.
        on_ready: called once pages are answered.
        on_end: called when nothing is answered any more.
    """

    start_worker: Callable[[Flask], Callable[[], None]]
    on_ready: Callable[[], None]
    on_end: Callable[[], None]


class Here(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn in this process, with one child that answers."""

    def __init__(self, app: Flask, *, listener: socket.socket, hooks: Hooks) -> None:
        self.app, self.listener, self.hooks = app, listener, hooks
        self.stop_worker: Callable[[], None] = lambda: None
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn would read from its command line."""
        choices: dict[str, Any] = {
            "bind": f"fd://{self.listener.detach()}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "graceful_timeout": STOP_SECONDS,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            # Ctrl-C then reaches the parent alone: a child told twice waits for itself.
            "post_fork": lambda _server, _worker: os.setpgid(0, 0),
            "post_worker_init": self._begin,
            "worker_exit": lambda _server, _worker: self.stop_worker(),
            "on_exit": lambda _server: self.hooks.on_end(),
        }
        for name, value in choices.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application, made before the child was."""
        return self.app

    def _begin(self, _worker: object) -> None:
        self.stop_worker = self.hooks.start_worker(self.app)
        self.hooks.on_ready()


def serve_here(app: Flask, *, listener: socket.socket, hooks: Hooks) -> None:
    """Answer requests until told to stop; what is being answered then is finished."""
    Here(app, listener=listener, hooks=hooks).run()


def serve_instead(*, host: str, port: int, workers: int) -> NoReturn:
    """Become gunicorn: same process, so that whoever watches it goes on watching.

    Its master does not load campus, its workers do: after an upgrade a HUP brings the new one.
    """
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    flags = [part for flag in FLAGS.items() for part in flag]
    command = [
        sys.executable, "-m", "gunicorn", *flags, "--no-control-socket",
        "--workers", str(workers), "--bind", address, "campus.app:served()",
    ]  # fmt: skip
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


def listening(host: str, port: int, *, elsewhere: str) -> socket.socket:
    """Return a socket that listens: what comes before anybody answers waits.

    Args:
        elsewhere: the command that uses another `{port}`.

    Raises:
        CampusError: the port is taken, or not ours to use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        way = elsewhere.format(port=port + 1)
        raise CampusError(_port_words(error, host=host, port=port, way=way)) from error
    return listener


def _port_words(error: OSError, *, host: str, port: int, way: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program."
            f" Stop that one, or choose another port: {way}."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this account. Choose one from 1024 up."
    return f"Nothing can listen on {host} port {port}: {error.strerror}."


@contextmanager
def only_one(folder: Path, *, address: str) -> Iterator[str]:
    """Keep a second first look away from the same data; yield where the one before served.

    Raises:
        CampusError: there is one already; says where. Or the folder cannot be written.
    """
    with _lock_file(folder) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            file.seek(0)
            raise CampusError(
                f"A campus runs on this data already: {file.read().strip() or 'starting now'}."
                " Use that one, or stop it first."
            ) from taken
        file.seek(0)
        before = file.read()
        _write(file, address)
        try:
            yield before
        except Exception:
            _write(file, before)  # nothing was served at the new one
            raise


def _write(file: TextIO, address: str) -> None:
    file.truncate(0)
    file.write(address)
    file.flush()


def _lock_file(folder: Path) -> TextIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / RUN_FILE).open("a+", encoding="utf-8")
    except OSError as error:
        raise CampusError(
            f"The data folder {folder} cannot be written ({error.strerror})."
        ) from error
