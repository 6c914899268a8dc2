"""A gate before PostgreSQL, which can cut off who goes through, at the worst moment too."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

HOST = "127.0.0.1"
CHUNK = 65_536
PATIENCE = 10  # seconds


class Gate:
    """Passes every connection on to the server behind it, while it is open.

    Attributes:
        fatal: when a client says this, its connection breaks; once.
        arrives: the server still hears what was fatal, and does it: only its answer is lost.
        silent: connections are taken, and then nothing happens.
    """

    def __init__(self, behind: str) -> None:
        with psycopg.connect(behind) as connection:
            self._server = connection.info.host, connection.info.port
        self._url = make_url(behind)
        self._port = 0
        self._ends: set[socket.socket] = set()
        self.fatal, self.arrives, self.silent = b"", False, False
        self.open()

    @property
    def url(self) -> str:
        """The URL of the same database, through the gate."""
        through = self._url.set(host=HOST, port=self._port, query={})
        return through.render_as_string(hide_password=False)

    def open(self) -> None:
        """Let connections in, always at the same port."""
        listener = socket.create_server((HOST, self._port))
        self._port = listener.getsockname()[1]
        self._ends.add(listener)
        threading.Thread(target=self._let_in, args=(listener,), daemon=True).start()

    def close(self) -> None:
        """Cut off who is inside, and let nobody in."""
        self.finish(*self._ends)
        self.fatal, self.silent = b"", False

    def cut_at(self, words: bytes, *, arrives: bool = False) -> None:
        """Break the next connection that says `words`."""
        self.fatal, self.arrives = words, arrives

    def finish(self, *ends: socket.socket) -> None:
        """End connections, also under the hands of who reads from them."""
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._ends.discard(end)

    def _let_in(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                self._ends.add(client)
                if not self.silent:
                    server = self._connected()
                    self._ends.add(server)
                    Passage(self, client, server).start()

    def _connected(self) -> socket.socket:
        host, port = self._server
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(Path(host) / f".s.PGSQL.{port}"))
        return server


class Passage:
    """One connection through the gate."""

    def __init__(self, gate: Gate, client: socket.socket, server: socket.socket) -> None:
        self.gate, self.client, self.server = gate, client, server
        self.is_broken, self.answered = threading.Event(), threading.Event()

    def start(self) -> None:
        """Pass on what either side says."""
        for pump in (self._to_server, self._to_client):
            threading.Thread(target=pump, daemon=True).start()

    def _to_server(self) -> None:
        with suppress(OSError):
            while said := self.client.recv(CHUNK):
                if self.gate.fatal and self.gate.fatal in said:
                    self._break(said)
                    break
                self.server.sendall(said)
        self.gate.finish(self.client, self.server)

    def _break(self, said: bytes) -> None:
        self.gate.fatal = b""
        self.is_broken.set()
        if self.gate.arrives:
            self.server.sendall(said)
            self.answered.wait(PATIENCE)  # it is done, and nobody hears it

    def _to_client(self) -> None:
        with suppress(OSError):
            while said := self.server.recv(CHUNK):
                if self.is_broken.is_set():
                    self.answered.set()
                else:
                    self.client.sendall(said)
        self.gate.finish(self.client, self.server)
