"""The only source of time: instants in UTC, days and hours of the campus's own zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campus.errors import RuleBroken, text

_zone = ZoneInfo("Europe/Amsterdam")


def set_campus_zone(name: str) -> None:
    """Choose the zone whose days and hours the campus lives by; called once, at the start."""
    global _zone
    _zone = ZoneInfo(name)


def campus_zone() -> ZoneInfo:
    """Return the zone whose days and hours the campus lives by."""
    return _zone


def now() -> datetime:
    """Return this instant in UTC. Doors ask; what lies below is told."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def local(at: datetime) -> datetime:
    """Return an instant as the campus's own wall clock shows it (aware)."""
    return at.astimezone(_zone)


def today(at: datetime) -> date:
    """Return the campus day in which an instant lies."""
    return local(at).date()


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of time, `starts_at <= t < ends_at`, in UTC.

    `ends_at` None is an open end.
    """

    starts_at: datetime
    ends_at: datetime | None

    def __post_init__(self) -> None:
        ends_at = self.ends_at
        if self.starts_at.tzinfo is not UTC or (ends_at is not None and ends_at.tzinfo is not UTC):
            raise ValueError("a period is made of UTC instants; see clock.instant")
        if ends_at is not None and ends_at <= self.starts_at:
            raise RuleBroken(text("The end must be after the start."), rule="order")

    @property
    def end(self) -> datetime:
        """The end, of a period known to have one."""
        if self.ends_at is None:
            raise ValueError("this period is open")
        return self.ends_at

    @property
    def length(self) -> timedelta:
        """Elapsed time from start to end, also across a clock change."""
        return self.end - self.starts_at

    def overlaps(self, other: Period) -> bool:
        """Say whether the two share an instant."""
        return (self.ends_at is None or other.starts_at < self.ends_at) and (
            other.ends_at is None or self.starts_at < other.ends_at
        )

    def contains(self, other: Period) -> bool:
        """Say whether `other` lies wholly inside."""
        if other.starts_at < self.starts_at:
            return False
        return self.ends_at is None or (
            other.ends_at is not None and other.ends_at <= self.ends_at
        )


def instant(day: date, at: time) -> datetime:
    """Return the UTC instant of a campus wall-clock time; the earlier of two.

    Raises:
        RuleBroken: the clocks skip that time.
    """
    wall = datetime.combine(day, at, tzinfo=_zone)
    utc = wall.astimezone(UTC)
    if utc.astimezone(_zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise RuleBroken(
            text("There is no %(at)s on %(day)s: the clocks go forward.", at=at, day=day),
            rule="clock_change",
        )
    return utc


def wall(day: date, at: time) -> datetime:
    """Return the instant of a wall-clock time; of one that the clocks skip, the moment they do.

    For hours that the campus set long before; for what a person types, use `instant`.
    """
    return datetime.combine(day, at, tzinfo=_zone).astimezone(UTC)


def day_period(day: date) -> Period:
    """Return a campus day, midnight to midnight: 23, 24 or 25 hours."""
    return Period(midnight(day), midnight(day + timedelta(days=1)))


def midnight(day: date) -> datetime:
    """Return the instant at which a campus day begins, also where the clocks skip 00:00."""
    return datetime.combine(day, time(0), tzinfo=_zone).astimezone(UTC)


def days_of(period: Period) -> list[date]:
    """Return the campus days that a closed period touches."""
    first = today(period.starts_at)
    last = today(period.end - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
