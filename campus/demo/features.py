"""The maintained list of equipment and accessibility features."""

from __future__ import annotations

from dataclasses import dataclass

from campus.demo.shapes import Words
from campus.spaces.models import FeatureGroup

EQUIPMENT = FeatureGroup.EQUIPMENT
ACCESSIBILITY = FeatureGroup.ACCESSIBILITY


@dataclass(frozen=True, slots=True)
class DemoFeature:
    """An entry of the list; `icon` names a symbol of icons.svg, without its `i-`."""

    code: str
    name: Words
    icon: str
    group: FeatureGroup = EQUIPMENT
    is_filter: bool = False


FEATURES = (
    DemoFeature("screens", Words("Schermen", "Screens"), "monitor", is_filter=True),
    DemoFeature("window", Words("Raam", "Window"), "sun", is_filter=True),
    DemoFeature("sit_stand", Words("Zit-sta", "Sit-stand"), "move-vertical", is_filter=True),
    DemoFeature("quiet", Words("Stilte", "Quiet"), "volume-x", is_filter=True),
    DemoFeature("bench", Words("Meettafel", "Test bench"), "wrench"),
    DemoFeature("screen", Words("Scherm", "Screen"), "monitor", is_filter=True),
    DemoFeature("video", Words("Hybride", "Hybrid"), "video", is_filter=True),
    DemoFeature("whiteboard", Words("Whiteboard", "Whiteboard"), "presentation", is_filter=True),
    DemoFeature("daylight", Words("Daglicht", "Daylight"), "sun"),
    DemoFeature("light", Words("Licht", "Light"), "lamp-desk"),
    DemoFeature("power", Words("Stroom", "Power"), "plug"),
    DemoFeature("sound", Words("Geluid", "Sound"), "message-circle"),
    DemoFeature("air", Words("Lucht", "Air"), "thermometer"),
    DemoFeature("stage", Words("Podium", "Stage"), "presentation"),
    DemoFeature("catering", Words("Eten en drinken", "Food and drink"), "soup"),
    DemoFeature("own_door", Words("Ruimte", "Room"), "door-open"),
    DemoFeature("furniture", Words("Meubels", "Furniture"), "lamp-desk"),
    DemoFeature("coach", Words("Coach", "Coach"), "users"),
    DemoFeature(
        "step_free",
        Words("Drempelvrij", "Step-free"),
        "accessibility",
        group=ACCESSIBILITY,
        is_filter=True,
    ),
    DemoFeature("aisle", Words("Gangpad", "Aisle"), "accessibility", group=ACCESSIBILITY),
    DemoFeature("height", Words("Hoogte", "Height"), "move-vertical", group=ACCESSIBILITY),
    DemoFeature("calm", Words("Prikkels", "Stimuli"), "volume-x", group=ACCESSIBILITY),
    DemoFeature("wheelchair", Words("Rolstoel", "Wheelchair"), "accessibility", ACCESSIBILITY),
    DemoFeature(
        "hearing_loop",
        Words("Ringleiding", "Hearing loop"),
        "bell",
        group=ACCESSIBILITY,
        is_filter=True,
    ),
    DemoFeature("lift", Words("Lift", "Lift"), "door-open", group=ACCESSIBILITY),
    DemoFeature("toilet", Words("Toilet", "Toilet"), "accessibility", group=ACCESSIBILITY),
)
