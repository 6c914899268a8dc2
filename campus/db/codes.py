"""Public ids: random, short to read aloud, useless for counting."""

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1
LENGTH = 10


def new_code() -> str:
    """Return a random public id of ten characters. A name, never a permission."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
