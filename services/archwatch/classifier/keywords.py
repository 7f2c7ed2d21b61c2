"""A keyword list, as a desk would keep one: what the model must beat in every run."""

import re
from collections.abc import Sequence
from typing import Final

from archwatch.classifier.features import Text

_WORDS: Final = (
    r"\bnato\b|\botan\b|\bнато\b|north atlantic (?:alliance|treaty|council)|atlantic alliance|\bosce\b"
    r"|\bosze\b"
    r"|\bобсе\b|\bobwe\b|\bcsto\b|\bодкб\b|security (?:guarantee|architecture|pact|demands|proposals)"
    r"|sicherheitsgaranti|гаранти\w+ безопасност|gwarancj\w+ bezpieczeństwa|garanties? de sécurité"
    r"|garantías? de seguridad|garanzi\w di sicurezza|european security|arms control|rüstungskontrolle"
    r"|контрол\w+ над вооружени|inf treaty|new start\b|start treaty|open skies|missile (?:defen[cs]e|shield)"
    r"|euromissile|nuclear (?:doctrine|deterrence|sharing|posture|arms|weapons|sabre|saber)|disarmament"
    r"|spheres? of influence|minsk (?:agreement|accord|ii|deal|process|protocol)|normandy (?:format|four)"
    r"|transnistria|abkhazia|south ossetia|annex\w* (?:of )?crimea|crimea annex\w*"
    r"|kosovo (?:status|independence)"
    r"|european (?:army|defen[cs]e)|collective defen[cs]e|article (?:5|five)\b|defen[cs]e spending"
    r"|military build-?up|warsaw pact|helsinki (?:accords|final act|principles)|budapest memorandum"
    r"|nagorno-karabakh"
)
_PATTERN: Final = re.compile(_WORDS, re.IGNORECASE)


def by_keywords(items: Sequence[Text]) -> list[bool]:
    """Whether title, summary or text holds one of the keywords."""
    return [any(map(_PATTERN.search, (item.title, item.summary, item.text))) for item in items]
