"""The PLOVER 0.8 ontology (openeventdata/PLOVER): types, quad classes, conflict-cooperation scores, modes.

The score of ACCUSE is -3: the manual prints +3, against its own definition.
"""

from dataclasses import dataclass, field
from typing import Final, get_args

from archwatch.contracts.event import EventType


@dataclass(frozen=True)
class PloverType:
    """One event type. `quad`: 1 verbal, 2 material cooperation; 3 verbal, 4 material conflict."""

    quad: int
    score: float
    modes: dict[str, float] = field(default_factory=dict)


ONTOLOGY: Final[dict[EventType, PloverType]] = {
    "AGREE": PloverType(1, 2.5),
    "CONSULT": PloverType(1, 2.5, {"visit": 4, "third-party": 1, "multilateral": 4, "phone": 1.5}),
    "SUPPORT": PloverType(1, 5),
    "CONCEDE": PloverType(1, 4.5),
    "COOPERATE": PloverType(2, 9.5),
    "AID": PloverType(2, 10),
    "RETREAT": PloverType(
        2,
        6.5,
        {"withdraw": 8, "release": 6.5, "disarm": 10, "ceasefire": 7.5, "access": 6.5, "resign": 4.5},
    ),
    "REQUEST": PloverType(3, 0, {"assist": 0.5, "change": -1, "yield": -1, "meet": 0}),
    "ACCUSE": PloverType(3, -3, {"disapprove": -2, "investigate": -3.5, "allege": -3.5}),
    "REJECT": PloverType(3, -2, {"assist": -1.5, "change": -2, "yield": -2, "meet": -2}),
    "THREATEN": PloverType(
        3,
        -3.5,
        {
            "restrict": -3,
            "arrest": -3.5,
            "relations": -3.5,
            "expel": -3.5,
            "territory": -4,
            "violence": -3.5,
        },
    ),
    "PROTEST": PloverType(
        4,
        -5,
        {"demo": -5, "riot": -7, "strike": -5, "hunger": -5, "boycott": -5, "obstruct": -5, "vandalize": -5},
    ),
    "SANCTION": PloverType(4, -6, {"convict": -6, "expel": -5.5, "withdraw": -6, "discontinue": -6}),
    "MOBILIZE": PloverType(4, -5.5, {"troops": -6.5, "weapons": -6.5, "police": -5.5, "militia": -6}),
    "COERCE": PloverType(
        4,
        -7,
        dict.fromkeys(
            (
                "seize", "restrict", "censor", "curfew", "martial-law", "arrest", "deport", "withhold",
                "misinformation", "cyber",
            ),
            -7.0,
        ),
    ),
    "ASSAULT": PloverType(
        4,
        -9,
        dict.fromkeys(
            (
                "abduct", "beat", "torture", "sexual", "targeted", "destroy", "primitive", "firearms",
                "explosives", "suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control",
            ),
            -9.0,
        )
        | {"unconventional": -10.0},
    ),
}  # fmt: skip

TYPES: Final[tuple[EventType, ...]] = get_args(EventType)


def intensity(event_type: EventType, mode: str | None) -> float:
    """The conflict-cooperation score, -10 to 10; a mode's score replaces its type's."""
    kind = ONTOLOGY[event_type]
    return kind.score if mode is None else kind.modes[mode]
