"""What can go wrong, in words for people; the doors translate.

CampusError
├── Forbidden   403  someone may not do this
├── NotFound    404  there is no such thing, or not for this person
├── Conflict    409  someone else was first
├── RuleBroken  422  a rule of the campus says no, with repairs
└── Busy        503  the database cannot answer now; nothing was done
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence and its values, not yet in anybody's language.

    Values may be dates, times, instants or other texts; the door writes them as its reader does.
    """

    msgid: str
    values: dict[str, object] = field(default_factory=dict)
    msgid_plural: str | None = None

    def __str__(self) -> str:
        """Return the English sentence, for logs."""
        many = self.msgid_plural is not None and self.values.get("num") != 1
        return (self.msgid_plural if many and self.msgid_plural else self.msgid) % {
            name: str(value) for name, value in self.values.items()
        }


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words that the campus itself wrote in one or both languages, such as a reason to close."""

    nl: str
    en: str

    def __str__(self) -> str:
        """Return English, or what there is."""
        return self.en or self.nl


def text(msgid: str, **values: object) -> Text:
    """Return a lazy sentence; `msgid` is English with `%(name)s` places."""
    return Text(msgid, values)


def text_plural(one: str, many: str, *, num: int, **values: object) -> Text:
    """Return a lazy sentence whose form depends on `num`."""
    return Text(one, {"num": num, **values}, many)


@dataclass(frozen=True, slots=True)
class Repair:
    """A way out of a refusal that works when chosen.

    Attributes:
        kind: `time`, `space`, `shorter`, or `booking`: one of the actor's own.
        space: code of the space to book instead, or of the same one.
        name: the space's name.
        starts_at, ends_at: the period to book instead, in UTC.
        booking: code of the actor's own booking, for kind `booking`.
    """

    kind: str
    space: str
    name: str
    starts_at: datetime
    ends_at: datetime
    booking: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor looked into, and what was wrong there.

    Attributes:
        code: a stable name for programs, such as `ledger`.
        checked: what is as it should be, where there is no fault.
        count: how much was looked at.
        seconds: how long that took.
    """

    code: str
    checked: Text
    count: int
    faults: Sequence[Text]
    seconds: float = 0.0


class CampusError(Exception):
    """A refusal or failure that has a sentence for people."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    code: str = "error"

    def __init__(self, message: Text | str) -> None:
        self.message = message if isinstance(message, Text) else Text(message.replace("%", "%%"))
        self.repairs: list[Repair] = []
        super().__init__(str(self.message))


class Forbidden(CampusError):
    """The actor may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "forbidden"


class NotFound(CampusError):
    """There is no such thing, or not for this actor."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class Conflict(CampusError):
    """Somebody else was first.

    Attributes:
        retryable: the database gave up on a deadlock; the same request may be tried once more.
        code: `taken` for a space, `stale` for an older copy, `conflict` otherwise.
    """

    status = HTTPStatus.CONFLICT

    def __init__(
        self, message: Text | str, *, code: str = "conflict", retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


class RuleBroken(CampusError):
    """A rule of the campus says no.

    Attributes:
        rule: stable name of the rule, such as `opening_hours`.
        earliest_at: when it would be allowed, UTC, where the rule knows.
    """

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "rule"

    def __init__(
        self, message: Text | str, *, rule: str = "input", earliest_at: datetime | None = None
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.earliest_at = earliest_at


class Busy(CampusError):
    """The database cannot answer now; nothing was done. Worth trying again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "busy"


def require(reason_against: Text | None) -> None:
    """Raise Forbidden with the reason a policy gave, if it gave one."""
    if reason_against is not None:
        raise Forbidden(reason_against)
