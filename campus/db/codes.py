"""Public ids: random, short to read aloud, useless for counting."""

import secrets

from sqlalchemy.engine.default import DefaultExecutionContext

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1
LENGTH = 10


def new_code() -> str:
    """Return a random public id of ten characters. A name, never a permission."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def lower_code(context: DefaultExecutionContext) -> str:
    """Return a row's code in lower case, where codes are unique without regard to it."""
    code: str = context.get_current_parameters()["code"]  # type: ignore[no-untyped-call]
    return code.lower()
