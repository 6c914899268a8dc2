"""How a source says what campus knows: columns put together, rows left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from campus.spaces.models import MOST_CODE, is_code, why_not_code
from campus.web import sources
from campus.web.remarks import CellError


def test_a_template_puts_columns_together() -> None:
    template = sources.template("{siteid}.{roomid:lower}")

    assert template.filled({"siteid": "037", "roomid": "G02"}) == "037.g02"
    assert template.columns == ["siteid", "roomid"]


def test_a_template_with_an_empty_column_gives_nothing() -> None:
    assert sources.template("{a}.{b}").filled({"a": "1", "b": ""}) == ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("{a", "not closed"),
        ("a}", "not closed"),
        ("{}", "without a column"),
        ("{a:shout}", "“shout”, which there is not. There is: lower, upper, safe."),
    ],
)
def test_a_template_that_cannot_be_is_refused(words: str, why: str) -> None:
    with pytest.raises(CellError, match=why):
        sources.template(words)


@given(some.text())
def test_safe_words_stand_in_a_code(words: str) -> None:
    found = f"a{sources.safe(words)}"[:MOST_CODE]

    assert is_code(found)


@given(some.text())
def test_no_words_at_all_make_a_template_fail_otherwise(words: str) -> None:
    try:
        sources.template(words)
    except CellError as refused:
        assert refused.message.msgid  # noqa: PT017 - the only way out beside an answer


def test_a_map_gives_codes_and_what_is_none_is_told_how() -> None:
    found = sources.Map(sources={}, codes={"H.1 (Cornil)": "H.1"})

    assert [found.code(words, why_not_code) for words in ("H.1 (Cornil)", "UB4")] == ["H.1", "UB4"]
    with pytest.raises(CellError, match=r"is no code.*A map gives another one below \[codes\]"):
        found.code("H.2 (Cornil)", why_not_code)
