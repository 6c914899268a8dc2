"""What both databases answer alike, although each spells it in its own way."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from campus.db import db
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
