"""Who held an office when: "the Russian foreign minister" of 2022 is Sergei Lavrov."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from archwatch.extractor.actors import Form, Office, Sense, month

# Held by one person at a time. Ambassadors, envoys and spokesmen are several.
_SINGLE: Final = frozenset(
    (
        "president", "vice president", "prime minister", "chancellor", "foreign minister", "pope",
        "defence minister", "finance minister", "interior minister", "supreme leader",
        "secretary general", "high representative", "director general", "commission president",
        "council president", "parliament president", "national security adviser",
        "chief of the general staff",
    )
)  # fmt: skip
# Whom the press calls the chief of an organisation.
_CHIEFS: Final = dict.fromkeys(("NATO", "UN", "OSCE", "COE"), "secretary general") | dict.fromkeys(
    ("IAEA", "IMF", "OPCW"), "director general"
)


class Incumbents:
    """The offices of the people of config/actors.yaml by state and title."""

    def __init__(self, forms: Iterable[Form] = (), checked: int | None = None) -> None:
        self._checked = checked
        people = {(f.sense.code, f.sense.name): f.sense for f in forms if f.sense.kind == "person"}
        self._holders: dict[tuple[str | None, str], list[tuple[Office, Sense]]] = {}
        for sense in people.values():
            for office in sense.offices:
                if office.title in _SINGLE or office.title.startswith("ambassador to "):
                    self._holders.setdefault((sense.code, office.title), []).append((office, sense))

    def holder(self, code: str | None, title: str, moment: datetime | None) -> Sense | None:
        """Who held it in that month; None when nobody listed did, several did, or no date is given.

        None, too, for a month after `checked` in an office without an end: it may have changed hands.
        """
        if moment is None:
            return None
        if title == "chief":
            title = _CHIEFS.get(code or "", title)
        held = {s.name: s for office, s in self._holders.get((code, title), ()) if office.held(moment)}
        if self._checked is not None and month(moment) > self._checked:
            held = {}
        return next(iter(held.values())) if len(held) == 1 else None
