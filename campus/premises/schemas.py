"""What the pages of the building show beside their forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from campus.premises.models import FeatureUse
from campus.spaces.models import Feature, SpaceFeature
from campus.web.forms import clean
from campus.web.templating import said

MOST_OF_A_NOTE = 200


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A feature of the list beside the form of a space, as it is or as it was filled in."""

    feature: Feature
    has: bool
    quantity: str
    note_nl: str
    note_en: str

    @property
    def is_wrong(self) -> bool:
        """Whether what was filled in cannot be kept."""
        right = self.quantity.isascii() and self.quantity.isdigit() and len(self.quantity) <= 3
        return self.has and not (right and int(self.quantity) > 0)


def feature_rows(
    listed: Sequence[Feature], *, has: Mapping[int, SpaceFeature], sent: MultiDict[str, str] | None
) -> list[FeatureRow]:
    """Return a row for each feature: what a space has, or what was sent of it."""
    if sent is None:
        return [_row_of(feature, has.get(feature.id)) for feature in listed]
    ticked = set(sent.getlist("has"))
    return [
        FeatureRow(
            feature,
            has=feature.code in ticked,
            quantity=clean(sent.get(f"quantity.{feature.code}")) or "1",
            note_nl=clean(sent.get(f"note_nl.{feature.code}"))[:MOST_OF_A_NOTE],
            note_en=clean(sent.get(f"note_en.{feature.code}"))[:MOST_OF_A_NOTE],
        )
        for feature in listed
    ]


def uses_of(rows: Sequence[FeatureRow]) -> list[FeatureUse]:
    """Return what a space is said to have; call it only when no row is wrong."""
    return [
        FeatureUse(row.feature.id, int(row.quantity), row.note_nl, row.note_en)
        for row in rows
        if row.has
    ]


def in_words(rows: Sequence[FeatureRow]) -> str:
    """Return what a space has as a line: "2 × Screen (27 inch), Window"."""
    return ", ".join(
        (f"{row.quantity} × " if row.quantity != "1" else "")
        + said(row.feature, "name")
        + (f" ({row.note_nl or row.note_en})" if row.note_nl or row.note_en else "")
        for row in rows
        if row.has
    )


def _row_of(feature: Feature, use: SpaceFeature | None) -> FeatureRow:
    if use is None:
        return FeatureRow(feature, False, "1", "", "")
    return FeatureRow(feature, True, str(use.quantity), use.note_nl, use.note_en)
