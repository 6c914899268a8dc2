"""Things in lists that one statement can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")
AT_ONCE = 5_000


def batches(things: Iterable[Thing], size: int = AT_ONCE) -> Iterator[list[Thing]]:
    """Yield things in lists of at most `size`."""
    left = iter(things)
    while batch := list(islice(left, size)):
        yield batch
