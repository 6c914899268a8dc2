"""What makes a password good, a session over, a sign-in too hasty; pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from campus.errors import Text, text

# --- addresses and names ----------------------------------------------------------------------

LONGEST_EMAIL = 254
EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def is_email(address: str) -> bool:
    """Whether `address` looks like somebody's e-mail; whether it exists, only a mail can tell."""
    return len(address) <= LONGEST_EMAIL and EMAIL.fullmatch(address) is not None


def code_from(name: str) -> str:
    """Return an organisation's code made of its name: "Hunze Health BV" is "hunze-health-bv"."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")


def name_from(email: str) -> str:
    """Return a first guess at a name: "femke.postma@…" is "Femke Postma"."""
    return " ".join(re.split(r"[^\w]+|_", email.partition("@")[0])).title().strip() or email


# --- sessions ---------------------------------------------------------------------------------

SEEN_EVERY = timedelta(minutes=1)  # how exactly it is known when a session was last used
IDLE_STAFF, LONGEST_STAFF = timedelta(hours=2), timedelta(hours=12)
IDLE_MEMBER, LONGEST_MEMBER = timedelta(hours=12), timedelta(days=30)


def expires_at(*, is_staff: bool, now: datetime) -> datetime:
    """Return when a session that begins now ends, however busily it is used."""
    return now + (LONGEST_STAFF if is_staff else LONGEST_MEMBER)


def is_over(
    *, expires_at: datetime, last_seen_at: datetime, is_staff: bool, now: datetime
) -> bool:
    """Whether a session has lasted too long, or was left alone for too long."""
    idle = IDLE_STAFF if is_staff else IDLE_MEMBER
    return now >= expires_at or now - last_seen_at >= idle


def digest(secret: str) -> str:
    """Return what is stored of a secret with 256 bits: nothing that gives it back."""
    return hashlib.sha256(secret.encode()).hexdigest()


# --- haste ------------------------------------------------------------------------------------

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)  # failures that no longer count against an account
NETWORK_TRIES, NETWORK_WINDOW = 30, timedelta(hours=1)
NO_WAIT = timedelta(0)


def account_of(purpose: str, email: str) -> str:
    """Return what tries are counted under; the address itself is not kept."""
    return digest(f"{purpose}:{email}")


def wait_of_account(failures: Sequence[datetime], *, now: datetime) -> timedelta:
    """Return how long an account must wait: five tries are free, then 2, 4, 8 s … to 15 min.

    Args:
        failures: instants of the failures that count, the last one last.
    """
    if len(failures) < FREE_TRIES:
        return NO_WAIT
    doublings = min(len(failures) - FREE_TRIES + 1, 10)
    delay = min(timedelta(seconds=2**doublings), LONGEST_WAIT)
    return max(failures[-1] + delay - now, NO_WAIT)


def wait_of_network(failures: Sequence[datetime], *, now: datetime) -> timedelta:
    """Return how long a network must wait after 30 failures in an hour, last one last."""
    if len(failures) < NETWORK_TRIES:
        return NO_WAIT
    return max(failures[-NETWORK_TRIES] + NETWORK_WINDOW - now, NO_WAIT)


# --- passwords --------------------------------------------------------------------------------

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
ENOUGH = 8  # of what is left when all that is easy to guess counts for little
SHORTEST_PIECE = 4
ROWS = (  # of keyboards, and the alphabet
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)  # fmt: skip
LOCAL = (  # what people here think of first
    "wachtwoord", "welkom", "geheim", "hallo", "inloggen", "toegang", "beheerder", "administrator",
    "voetbal", "feyenoord", "vitesse", "nederland", "holland", "groningen", "amsterdam",
    "rotterdam", "koningsdag", "kantoor", "bureau", "vergadering", "lente", "zomer", "herfst",
    "winter", "voorjaar", "najaar", "spring", "summer", "autumn", "januari", "februari", "maart",
    "april", "juni", "juli", "augustus", "september", "oktober", "november", "december", "january",
    "february", "march", "june", "july", "august", "october", "maandag", "dinsdag", "woensdag",
    "donderdag", "vrijdag", "zaterdag", "zondag", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday",
)  # fmt: skip
LOOKALIKES = str.maketrans("013457@$!", "oleastasi")
YEAR = re.compile(r"(?:19|20)\d\d")
SAME = re.compile(r"(.)\1{2,}", re.DOTALL)
REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)


def password_mistake(password: str, *, about: Iterable[str]) -> Text | None:
    """Say what is wrong with a new password, or None.

    Any characters will do and no mixture is asked for: length, and being no guess, is all.

    Args:
        about: names and addresses that a guesser would begin with.
    """
    if len(password) < SHORTEST_PASSWORD:
        return text("Use at least %(count)s characters.", count=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        return text("Use at most %(count)s characters.", count=LONGEST_PASSWORD)
    known = context_words(about)
    folded = password.casefold()
    if min(_strength(folded, known), _strength(folded.translate(LOOKALIKES), known)) < ENOUGH:
        return text(
            "This password is easy to guess. Take a few words that have nothing to do with you or "
            "the campus."
        )
    return None


def context_words(about: Iterable[str]) -> frozenset[str]:
    """Return the words of names and addresses, also written together."""
    names = [re.findall(r"[^\W_]+", name.casefold()) for name in about]
    words = {word for name in names for word in (*name, "".join(name))}
    return frozenset(word for word in words if len(word) >= SHORTEST_PIECE - 1)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the 30,000 most common passwords, and words that people here are fond of."""
    most_common = FREQUENCY_LISTS["passwords"]
    return frozenset(word for word in (*most_common, *LOCAL) if len(word) >= SHORTEST_PIECE)


def _strength(password: str, known: frozenset[str]) -> int:
    """Count what a guesser has to guess: a letter is one, a common word three, a year one."""
    once = REPEATED.sub(r"\1", password) if REPEATED.fullmatch(password) else password
    return sum(worth for _piece, worth in _pieces(once, known))


def _pieces(password: str, known: frozenset[str]) -> Iterator[tuple[str, int]]:
    at = 0
    while at < len(password):
        found = max(_pieces_at(password, at, known), key=lambda piece: (len(piece[0]), -piece[1]))
        yield found
        at += len(found[0])


def _pieces_at(password: str, at: int, known: frozenset[str]) -> Iterator[tuple[str, int]]:
    yield password[at], 1
    for pattern in (YEAR, SAME):
        if match := pattern.match(password, at):
            yield match[0], 1
    for end in range(at + SHORTEST_PIECE - 1, min(len(password), at + 40) + 1):
        piece = password[at:end]
        if piece in known:
            yield piece, 0
        elif any(piece in row or piece in row[::-1] for row in ROWS):
            yield piece, 1
        elif piece in common_words():
            yield piece, 3
