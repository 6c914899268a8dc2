"""Vocabulary of the ledger, and arithmetic with stretches of time; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campus.clock import Period


class OwnerKind(StrEnum):
    """What a claim can belong to."""

    BOOKING = "booking"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Owner:
    """What a claim belongs to."""

    kind: OwnerKind
    id: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the ledger itself says about a claim, so that a day needs no join upward.

    Attributes:
        organisation_id: who has the space; None for the campus's own reasons.
    """

    organisation_id: int | None = None
    title_nl: str = ""
    title_en: str = ""
    is_public: bool = False


def gaps(open_period: Period, taken: Iterable[Period]) -> list[Period]:
    """Return what of `open_period` is left between `taken` (in any order, open ends allowed)."""
    free: list[Period] = []
    at: datetime = open_period.starts_at
    for period in sorted(taken, key=lambda one: one.starts_at):
        if period.starts_at >= open_period.end:
            break
        if period.starts_at > at:
            free.append(Period(at, period.starts_at))
        if period.ends_at is None:
            return free
        at = max(at, period.ends_at)
    if at < open_period.end:
        free.append(Period(at, open_period.end))
    return free
