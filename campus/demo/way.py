"""How to walk to a space: from the lift on a floor up, from the entrance on the ground."""

from __future__ import annotations

from math import hypot

from campus.demo.shapes import Rect, Words

LIFT = (564, 190)  # its door, on every floor
ENTRANCE = (738, 542)  # on the ground floor
WC = (615, 190)
STEP = 27.5  # plan units in a step
METRE = 33  # plan units in a metre
STRAIGHT_ON = 70  # plan units to the side that need no turn


def walked(start: tuple[int, int], end: tuple[int, int]) -> int:
    """Return the plan units between two points along the aisles."""
    return abs(start[0] - end[0]) + abs(start[1] - end[1])


def steps_to(shape: Rect, *, level: int) -> int:
    """Return the steps from the entrance to a space, the lift not counted."""
    there = shape.middle
    if level == 0:
        return round(walked(ENTRANCE, there) / STEP)
    return round((walked(ENTRANCE, LIFT) + walked(LIFT, there)) / STEP)


def metres(shape: Rect, *, to: tuple[int, int]) -> int:
    """Return the metres from a space to a point, as the crow flies."""
    x, y = shape.middle
    return max(1, round(hypot(x - to[0], y - to[1]) / METRE))


def turn(shape: Rect, *, level: int) -> Words:
    """Return which way to turn; whoever steps out of the lift looks south, who enters north."""
    aside = shape.middle[0] - (ENTRANCE if level == 0 else LIFT)[0]
    if abs(aside) <= STRAIGHT_ON:
        return Words("rechtdoor", "straight on")
    east_is_right = level == 0
    if (aside > 0) is east_is_right:
        return Words("rechtsaf", "turn right")
    return Words("linksaf", "turn left")


def way_to(shape: Rect, *, level: int, then: Words) -> Words:
    """Return the sentence that leads to a space; `then` are its last words."""
    start = (
        Words("Vanaf de ingang", "From the entrance")
        if level == 0
        else Words(f"Lift naar {level}", f"Lift to {level}")
    )
    aside, steps = turn(shape, level=level), steps_to(shape, level=level)
    return Words(
        f"{start.nl}, {aside.nl}, {then.nl}. {steps} stappen, geen drempels.",
        f"{start.en}, {aside.en}, {then.en}. {steps} steps, no thresholds.",
    )
