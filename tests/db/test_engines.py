"""How PostgreSQL is reached: one server or several, and none waited for in vain."""

from __future__ import annotations

import socket

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url

from campus.db import engines
from tests.trouble.gate import Gate


@pytest.mark.parametrize(
    ("written", "hosts", "ports"),
    [
        ("postgresql://ans:p%40s@db1:5432,db2:5433/campus", "db1,db2", "5432,5433"),
        ("postgresql://ans:p%40s@db1,db2:5433/campus", "db1,db2", "5432,5433"),
        ("postgresql://ans:p%40s@[::1]:5433,[::2]/campus", "::1,::2", "5433,5432"),
    ],
)
def test_several_servers_may_stand_where_one_does(written: str, hosts: str, ports: str) -> None:
    url = make_url(engines.absolute(f"{written}?target_session_attrs=read-write"))

    assert (url.username, url.password, url.database) == ("ans", "p@s", "campus")
    assert url.query == {"host": hosts, "port": ports, "target_session_attrs": "read-write"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://campus@db.example:5432/campus",
        "postgresql://campus@/campus?host=db1,db2&port=5432,5433",
        "sqlite:////var/lib/campus/a,b.sqlite3",
    ],
)
def test_any_other_address_stays_as_it_is(url: str) -> None:
    assert engines.absolute(url) == url


def test_a_server_that_vanished_without_a_word_is_given_up(
    postgresql_app: Flask, postgresql_url: str
) -> None:
    gate = Gate(postgresql_url)  # over the network, which the test's own server does without
    engine = create_engine(gate.url, **engines.engine_options(gate.url))
    with engine.connect() as connection:
        number = connection.connection.driver_connection.fileno()  # type: ignore[union-attr]
        with socket.socket(fileno=number) as line:
            patience = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            is_asked = line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            line.detach()
    engine.dispose()
    gate.close()

    assert (patience, bool(is_asked)) == (10_000, True)
