"""What both databases answer alike, although each spells it in its own way."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select, text

from campus.db import db, dialects, unit_of_work
from campus.db.dialects import holds

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("said", "word", "is_held"),
    [
        ("Özgür Visser", "özgür", True),
        ("özgür visser", "ÖZGÜR", True),
        ("Özgür Visser", "Özgür", True),
        ("ÖZGÜR VISSER", "gür", True),
        ("Özgür Visser", "visser", True),
        ("Ozgur Visser", "özgür", False),
        ("Ünal 100%", "ünal 100%", True),
        ("Ünal 1000", "ünal 100%", False),
        ("ÉÉN_TWEE/DRIE", "één_twee/drie", True),
        ("één twee", "één_twee", False),
        ("a\\b", "\\", True),
        (None, "ö", None),
    ],
)
def test_a_word_is_found_in_any_case_of_letters(
    said: str | None, word: str, is_held: bool | None
) -> None:
    found = db.session.scalar(select(holds(literal(said), word)))

    assert found == is_held


def test_a_patient_transaction_has_no_limits_and_the_next_one_has() -> None:
    def limits() -> list[str]:
        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        return [str(db.session.scalar(text(f"SHOW {name}"))) for name in names]

    with unit_of_work():
        dialects.be_patient(db.session())
        patient = limits() if db.engine.dialect.name == "postgresql" else ["0", "0"]

    assert patient == ["0", "0"]
    if db.engine.dialect.name == "postgresql":
        assert "0" not in limits()
