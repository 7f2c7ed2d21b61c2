"""The names of states in other languages, from Unicode's CLDR (by Babel): Russland, Rosja, Росія."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from babel import Locale
from babel.core import get_global

from archwatch.extractor.actors import Form, Sense
from archwatch.extractor.endings import stem

_EXTRA: Final = {"XKX": "XK"}  # not in ISO 3166-1
_SHORTEST: Final = 4  # letters: Чад, Omã


def territories(senses: Iterable[Sense], languages: Iterable[str], taken: frozenset[str]) -> Iterator[Form]:
    """A form for each state and language, unless `taken` already holds it; at most one each."""
    aliases = get_global("territory_aliases")
    states = [
        (sense, alpha2)
        for sense in senses
        if sense.code and (alpha2 := _EXTRA.get(sense.code) or (aliases.get(sense.code) or [""])[0])
    ]
    for language in languages:
        names = Locale.parse(language).territories
        for sense, alpha2 in states:
            name = re.sub(r" ?\(.*?\)", "", names.get(alpha2, ""))
            text, endings = stem(name, language)
            if len(name) < _SHORTEST or (endings is None and name in taken):
                continue
            yield Form(text, endings is not None, language, sense, 0, endings)
