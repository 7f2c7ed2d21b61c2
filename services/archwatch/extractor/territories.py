"""What other languages call states and capitals, from Unicode's CLDR (by Babel): Russland, Rosja, Bagdad."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from babel import Locale
from babel.core import get_global

from archwatch.extractor.actors import Form, Sense
from archwatch.extractor.endings import AFTER_CAPITAL, stem

_EXTRA: Final = {"XKX": "XK"}  # not in ISO 3166-1
_SHORTEST: Final = 4  # letters: Чад, Omã


def territories(senses: Iterable[Sense], languages: Iterable[str], taken: frozenset[str]) -> Iterator[Form]:
    """Forms of states (`name`) and of capitals in each language, unless `taken` already holds them.

    CLDR knows the capitals that name a time zone: some 130 of them.
    """
    known = list(senses)
    aliases = get_global("territory_aliases")
    states = [
        (sense, alpha2)
        for sense in known
        if sense.kind == "name"
        and sense.code
        and (alpha2 := _EXTRA.get(sense.code) or (aliases.get(sense.code) or [""])[0])
    ]
    capitals = {sense.place: sense for sense in known if sense.kind == "capital"}
    english = Locale.parse("en").time_zones
    for language in languages:
        locale = Locale.parse(language)
        for sense, alpha2 in states:
            name = re.sub(r" ?\(.*?\)", "", locale.territories.get(alpha2, ""))
            yield from _form(name, sense, language, taken)
        for zone, names in locale.time_zones.items():
            place = english.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
            if capital := capitals.get(place):
                city = names.get("city", "").replace("\xad", "")  # hyphens that show only where a line breaks
                yield from _form("" if "(" in city else city, capital, language, taken)


def _form(name: str, sense: Sense, language: str, taken: frozenset[str]) -> Iterator[Form]:
    text, endings = stem(name, language) if name else ("", None)
    if len(name) < _SHORTEST or (endings is None and name in taken):
        return
    if endings and sense.kind == "capital":
        endings &= AFTER_CAPITAL | {"ei"}
    yield Form(text, endings is not None, language, sense, 0, endings)
