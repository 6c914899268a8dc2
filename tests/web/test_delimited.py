"""Delimited text: what programs write is read; the rest is a sentence with its line."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some

from campus.web.commands import remarks
from campus.web.delimited import MEGABYTE, MOST_TOLD, Delimited, Limits
from campus.web.remarks import Mistaken, Remark

LIMITS = Limits(megabytes=3, rows=5)


def opened(raw: bytes) -> Delimited:
    return Delimited(lambda: BytesIO(raw), limits=LIMITS)


def refused(raw: bytes) -> list[str]:
    with pytest.raises(Mistaken) as caught:
        list(opened(raw).rows())
    return remarks(caught.value.mistakes)


def test_rows_are_gone_through_again_and_again() -> None:
    file = opened(b"a;b;;c\n1;2;x;3\n;;;\n4\n")

    for _ in range(2):
        assert [(row.line, row.cells) for row in file.rows()] == [
            (2, {"a": "1", "b": "2", "c": "3"}),
            (4, {"a": "4"}),
        ]
    assert file.names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("raw", "encoding", "separator"),
    [
        (b"a,b\n1,2\n", "utf-8-sig", ","),
        (b"\n \na|b\n1|2\n", "utf-8-sig", "|"),
        (b"\xef\xbb\xbfsep=,\r\na,b\r\n1,2\r\n", "utf-8-sig", ","),
        (b"SEP=\t\na\tb\n1\t2\n", "utf-8-sig", "\t"),
        ("a;b\n1;2\n".encode("utf-16"), "utf-16", ";"),
        ("a;b\n1;2\n;é\n".encode("cp1252"), "cp1252", ";"),
        ("a;b\n1;2\n;é\n".encode(), "utf-8-sig", ";"),
    ],
)
def test_how_it_is_written_is_found_out(raw: bytes, encoding: str, separator: str) -> None:
    file = opened(raw)

    assert (file.encoding, file.separator, file.names) == (encoding, separator, ("a", "b"))
    assert next(file.rows()).cells == {"a": "1", "b": "2"}


def test_a_sign_that_is_cut_in_two_by_a_piece_is_whole() -> None:
    raw = b"a\n" + ("é" * 100_000 + "\n").encode() * 6

    assert raw[:MEGABYTE].decode(errors="replace").endswith("\N{REPLACEMENT CHARACTER}")
    assert opened(raw).encoding == "utf-8-sig"


def test_every_row_that_does_not_fit_is_told_and_the_others_are_read() -> None:
    mistakes: list[Remark] = []

    found = list(opened(b"a;b\n1;2;3\n1;2;\n1;2;;4\n").rows(mistakes))

    assert [row.line for row in found] == [3]
    assert [one.spot.line for one in mistakes] == [2, 4]


def test_rows_that_do_not_fit_are_told_up_to_a_number() -> None:
    raw, limits = b"a\n" + b"1;2\n" * 5000, Limits(megabytes=1, rows=10_000)

    with pytest.raises(Mistaken) as caught:
        list(Delimited(lambda: BytesIO(raw), limits=limits).rows([]))

    assert len(caught.value.mistakes) == MOST_TOLD


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n", "The file is empty."),
        ("\n".encode("utf-16"), "The file is empty."),
        (b"sep=;\n", "nothing else"),
        (b"a\n" * 7, "The file has more than 5 rows."),
        (b"x" * (3 * 1024 * 1024 + 1), "The file has 4 MB, and at most 3 MB are read."),
        (b"a\n" + b"b" * 2_000_000 + b"\n\x81\n\xff", "line 3: A character here cannot be read."),
        ("a\n1\n".encode("utf-16")[:-1], "line 2: A character here cannot be read."),
        (b"a\n1\n\0", "line 3: Here is a NUL character"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(raw: bytes, said: str) -> None:
    assert any(said in one for one in refused(raw)), refused(raw)


@given(some.binary(max_size=200))
def test_no_bytes_at_all_end_otherwise_than_read_or_refused(raw: bytes) -> None:
    try:
        assert list(opened(raw).rows())
    except Mistaken as refusal:
        assert refusal.mistakes  # noqa: PT017 - the only way out beside an answer
