"""The case endings that names of people and states take in languages that decline them. Pure."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOUN: Final = _words(
    "а у ю я о ё е є и ы і ь ой ом ем ою ею ей ов ев ами ями ові еві єм їм ам ах ях "
    "ию ией ии иям иях ією ії ью"
) | {""}
_CYRILLIC: Final = _NOUN | _words(
    "й им ым ий ій ая ую ых их ого ому ої"
)  # surnames decline as adjectives, too
# What may follow the whole name, by language of the text.
AFTER_NAME: Final[dict[str, frozenset[str]]] = {
    "de": frozenset({"", "s"}),
    "pl": _words("a owi em iem ie u y i ego emu m ów ą ę om ach ami") | {""},
    "ru": _CYRILLIC,
    "uk": _CYRILLIC,
    "bg": frozenset({"", "а", "я", "ия", "ят", "ът"}),
}
# The same for capitals and states: "Минский" is no form of Minsk.
AFTER_PLACE: Final = AFTER_NAME | dict.fromkeys(("ru", "uk"), _NOUN)
# What may follow a capital's stem: "Wien*" takes Wiens, not Wiener; "Праг*" not the start of a longer word.
AFTER_CAPITAL: Final = _NOUN | AFTER_NAME["de"] | AFTER_NAME["pl"] | _words("e ie zie")
_POLISH_A: Final = _words("a y ę ą o i ie e ze")
_ROMANIAN_A: Final = _words("a ei e ă iei")
_SHORTEST: Final = 4


def stem(name: str, language: str | None) -> tuple[str, frozenset[str] | None]:
    """What stays of a name when it is declined, with the endings that then follow; None when none do.

    A Cyrillic name loses its last vowel or soft sign, a Polish or Romanian one its last -a. Stems keep at
    least four letters: shorter names are left whole.
    """
    last = name.rsplit(" ", 1)[-1]
    if "\u0400" <= last[0] <= "\u04ff":
        if last.endswith(("ий", "ій", "ый", "ая")):
            cut = last[:-2]
        else:
            cut = last[:-1] if last[-1] in "аяоьйіїыи" else last
        if len(cut) >= _SHORTEST:
            endings = _CYRILLIC if cut == last else _CYRILLIC - {""}
            return name[: len(name) - len(last) + len(cut)], endings
        return name, None
    if name.endswith("a") and len(last) > _SHORTEST and language in ("pl", "ro"):
        return name[:-1], _POLISH_A if language == "pl" else _ROMANIAN_A
    return name, AFTER_NAME.get(language) if language else None
