"""A gate before PostgreSQL: what goes through it can be cut off, at once or at the worst moment."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

HOST = "127.0.0.1"
CHUNK = 65_536


class Gate:
    """Passes on every connection to the server behind it, while it is open.

    Attributes:
        fatal: once a client says this, its connection is cut before the server's answer.
        silent: connections are taken and never answered.
    """

    def __init__(self, behind: str) -> None:
        with psycopg.connect(behind) as connection:
            self._server = connection.info.host, connection.info.port
        self._url = make_url(behind)
        self._port = 0
        self._passing: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.fatal = b""
        self.silent = False
        self.open()

    @property
    def url(self) -> str:
        """The URL of the same database, through the gate."""
        through = self._url.set(host=HOST, port=self._port, query={})
        return through.render_as_string(hide_password=False)

    def open(self) -> None:
        """Let connections in, always at the same port."""
        self._listener = socket.create_server((HOST, self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._let_in, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Cut off who is inside, and let nobody in."""
        if self._listener is not None:
            _end(self._listener)
        for passing in list(self._passing):
            _end(passing)
        self.fatal, self.silent = b"", False

    def _let_in(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                self._passing.add(client)
                if not self.silent:
                    self._pass_on(client)

    def _pass_on(self, client: socket.socket) -> None:
        server = self._connected()
        self._passing.add(server)
        for source, target in ((client, server), (server, client)):
            told = threading.Thread(target=self._pump, args=(source, target, client), daemon=True)
            told.start()

    def _connected(self) -> socket.socket:
        host, port = self._server
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(Path(host) / f".s.PGSQL.{port}"))
        return server

    def _pump(self, source: socket.socket, target: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(CHUNK):
                is_fatal = source is client and self.fatal and self.fatal in said
                if is_fatal:
                    self.fatal = b""
                    client.shutdown(socket.SHUT_RDWR)  # who asked hears nothing any more
                target.sendall(said)
                if is_fatal:
                    target.recv(CHUNK)  # but it is done
        for end in (source, target):
            _end(end)
            self._passing.discard(end)


def _end(passing: socket.socket) -> None:
    with suppress(OSError):
        passing.shutdown(socket.SHUT_RDWR)
    passing.close()
