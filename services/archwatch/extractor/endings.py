"""The case endings that names of people and states take in languages that decline them. Pure."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CYRILLIC: Final = _words(
    "а у ю я е є и ы і ь й ой ом ем им ым ою ею ий ій ая ую ей ов ев ых их ами ями ого ому ої ові еві єм їм "
    "ам ах ях ию ией ии иям иях ією ії ью"
) | {""}
# What may follow the whole name, by language of the text.
AFTER_NAME: Final[dict[str, frozenset[str]]] = {
    "de": frozenset({"", "s"}),
    "pl": _words("a owi em iem ie u y i ego emu m ów ą ę om ach ami") | {""},
    "ru": _CYRILLIC,
    "uk": _CYRILLIC,
    "bg": frozenset({"", "а", "я", "ия", "ят", "ът"}),
}
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
        cut = (
            last[:-2]
            if last.endswith(("ий", "ій", "ый", "ая", "ия", "ія", "ея"))
            else last.rstrip("аяоеьйії")
        )
        if last.endswith(("ия", "ія", "ея")):
            cut = last[:-1]
        if len(cut) >= _SHORTEST:
            return name[: len(name) - len(last) + len(cut)], _CYRILLIC
        return name, None
    if name.endswith("a") and len(last) > _SHORTEST and language in ("pl", "ro"):
        return name[:-1], _POLISH_A if language == "pl" else _ROMANIAN_A
    return name, AFTER_NAME.get(language) if language else None
