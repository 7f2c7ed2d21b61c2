"""Spellings of a Cyrillic name in Latin letters, as the press of several countries writes it. Pure.

After the usual practice of the press: BGN/PCGN and passport style (English, also Italian and Portuguese),
Duden (German), the Larousse's usage (French), PWN (Polish), and the common ones of Spanish, Romanian and
Turkish. No rule of one language is mixed with that of another within one name.
"""

import re
from typing import Final, Literal

Script = Literal["ru", "uk"]

_VOWELS: Final = "аеёиоуыэюяєіїй"
_SAME: Final = dict(zip("абдклмнопрт", "abdklmnoprt", strict=True)) | {
    "ь": "",
    "ъ": "",
    "'": "",
    "’": "",
    "ф": "f",
}


def _table(letters: str) -> dict[str, str]:
    return _SAME | dict(pair.split("=") for pair in letters.split())


# е_ and є: at the beginning, after a vowel or a soft sign. и is overwritten for Ukrainian.
_ENGLISH: Final = "в=v г=g ё=yo ж=zh з=z и=i й=y с=s у=u х=kh ц=ts ч=ch ш=sh щ=shch ы=y э=e і=i "
_SYSTEMS: Final[tuple[tuple[dict[str, str], str], ...]] = (
    (_table(_ENGLISH + "е=e е_=ye ю=yu я=ya є=ye ї=yi"), "y"),
    (_table(_ENGLISH + "е=e е_=e ю=iu я=ia є=ie ї=i й=i"), "y"),
    (_table(_ENGLISH + "е=e е_=e ю=yu я=ya є=e ї=i й=i х=h"), "y"),
    (_table("в=w г=g ё=jo е=e е_=je ж=sch з=s и=i й=i с=s у=u х=ch ц=z ч=tsch ш=sch щ=schtsch ы=y э=e ю=ju "
            "я=ja є=je ї=ji і=i"), "y"),
    (_table("в=v г=g ё=io е=e е_=e ж=j з=z и=i й=i с=s у=ou х=kh ц=ts ч=tch ш=ch щ=chtch ы=y э=e ю=iou я=ia "
            "є=ie ї=i і=i"), "y"),
    (_table("в=w г=g ё=jo е=ie е_=je ж=ż з=z и=i й=j с=s у=u х=ch ц=c ч=cz ш=sz щ=szcz ы=y э=e ю=iu ю_=ju "
            "я=ia я_=ja є=ie є_=je ї=ji і=i"), "y"),
    (_table("в=v г=g ё=io е=e е_=e ж=zh з=z и=i й=i с=s у=u х=j ц=ts ч=ch ш=sh щ=sch ы=i э=e ю=iu "
            "я=ia є=ie ї=i і=i"), "i"),
    (_table("в=v г=g ё=io е=e е_=e ж=j з=z и=i й=i с=s у=u х=h ц=ț ч=ci ш=ș щ=șci ы=î э=e ю=iu "
            "я=ia є=ie ї=i і=i"), "i"),
    (_table("в=v г=g ё=yo е=e е_=ye ж=j з=z и=i й=y с=s у=u х=h ц=ts ч=ç ш=ş щ=şç ы=ı э=e ю=yu "
            "я=ya є=ye ї=yi і=i"), "i"),
)  # fmt: skip
_GERMAN, _FRENCH, _POLISH, _SPANISH, _ROMANIAN = 3, 4, 5, 6, 7
_TAILS: Final = {"ский": "ський", "цкий": "цький", "ький": "кий"}
_TO_RUSSIAN: Final = str.maketrans("іїєґІЇЄҐ", "ииегИИЕГ")
_TO_RUSSIAN_HARD: Final = str.maketrans("иіїєґІЇЄҐ", "ыииегИИЕГ")
_TO_UKRAINIAN: Final = str.maketrans("иыэёИЭ", "іиееІЕ")
_LAST: Final = re.compile(r"(?:ий|ій|ый)$")
_ENDS: Final = ("y", "iy", "i", "yi", "yy", "ij", "yj", "ii")  # English takes any, the others few
_FEW_ENDS: Final = {_GERMAN: ("i", "yj", "ij"), _POLISH: ("i", "ij", "y")}


def spellings(name: str, script: Script) -> tuple[str, ...]:
    """Every spelling of `name` (words with capitals) once, in a fixed order; at most some 30 for each word.

    A name of several words is spelled in one system throughout. Letters that no table has stay as they are.
    """
    found: dict[str, None] = {}
    name = name.replace("’", "'")
    for number, (table, hard_i) in enumerate(_SYSTEMS):
        letters = table | ({"и": hard_i, "г": "h", "е": "e", "е_": "e"} if script == "uk" else {})
        words = [_word(word, letters, number) for word in name.split(" ")]
        for ends in range(max(len(word) for word in words)):
            found[" ".join(word[min(ends, len(word) - 1)] for word in words)] = None
    return tuple(found)


def _word(word: str, table: dict[str, str], system: int) -> tuple[str, ...]:
    low = word.lower()
    if match := _LAST.search(low):
        stem = _spell(low[: match.start()], table, system)
        return tuple(
            _capital(stem + end) for end in (_ENDS if system < _GERMAN else _FEW_ENDS.get(system, ("i", "y")))
        )
    plain = _spell(low, table, system)
    if system == _FRENCH and plain.endswith("in"):
        return (_capital(plain + "e"),)
    others = [plain]
    if system == _GERMAN and plain.endswith("ei"):
        others += [plain[:-1] + "j"]
    if system < _GERMAN:  # Sergei and Sergey, Dmitry and Dmitri, Aleksandr and Alexander
        others += [plain[:-1] + "y"] if plain.endswith(("ei", "ai", "oi")) else []
        others += [plain[:-1] + "i"] if plain.endswith(("ey", "ay", "oy", "ry", "iy")) else []
        others += [plain + "y", plain[:-1] + "y"] if plain.endswith("ri") else []
        others += [plain.replace("ks", "x"), plain.replace("ksandr", "xander")] if "ks" in plain else []
    return tuple(_capital(other) for other in dict.fromkeys(others))


def _spell(low: str, table: dict[str, str], system: int) -> str:
    parts: list[str] = []
    for i, letter in enumerate(low):
        before, after = low[i - 1] if i else " ", low[i + 1] if i + 1 < len(low) else " "
        open_before = before in _VOWELS + " ьъ-'’"
        latin = table.get(letter, letter)
        if open_before and letter + "_" in table:
            latin = table[letter + "_"]
        if letter == "ё" and before in "чшщж":
            latin = "e" if system <= _FRENCH and system != _GERMAN else "o"
        elif system in (_GERMAN, _FRENCH) and letter == "с" and before in _VOWELS and after in _VOWELS:
            latin = "ss"
        elif system in (_FRENCH, _SPANISH) and letter == "г" and after in "еиёэ" and latin == "g":
            latin = "gu"
        elif system == _ROMANIAN and letter == "г" and after in "еиё" and latin == "g":
            latin = "gh"
        elif system == _ROMANIAN and letter == "ч" and after in "еиіяю":
            latin = "c"
        elif system == _POLISH:
            latin = _polish(letter, before, after, latin, table["е"])
        parts.append(latin)
    return "".join(parts)


def _polish(letter: str, before: str, after: str, latin: str, latin_e: str) -> str:
    """Hard л is ł (in Ukrainian before е too); after л, ж, ш, ч, щ and ц no i is written before a vowel."""
    if letter == "л":
        return "l" if after in "ёиіюяьє" or (after == "е" and latin_e == "ie") else "ł"
    if before in "лжшчщц" and letter in "еюя":
        return {"е": "e", "ю": "u", "я": "a"}[letter]
    return latin


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def cyrillic_spellings(name: str, script: Script) -> tuple[str, ...]:
    """The name as written, then as the other of Russian and Ukrainian may write it: Зеленський, Зеленский."""
    stem, end = (name[: -len(tail)], _TAILS[tail]) if (tail := name[-4:]) in _TAILS else (name, "")
    if script == "uk":
        others = [stem.translate(_TO_RUSSIAN), stem.translate(_TO_RUSSIAN_HARD)]
    else:
        soft = re.sub(r"ев\b", "єв", stem).translate(_TO_UKRAINIAN)
        others = [stem.translate(_TO_UKRAINIAN), soft, stem.translate(_TO_UKRAINIAN).replace("е", "є")]
    return tuple(dict.fromkeys((name, *(other + end for other in others))))
