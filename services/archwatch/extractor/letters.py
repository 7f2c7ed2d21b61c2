"""Letters: text folded for matching, and whether capitals and accents of a find agree with the form. Pure."""

import unicodedata
from typing import Final

from archwatch.extractor.actors import Form

_CEDILLAS: Final = str.maketrans("şţё’", "șțе'")  # two ways of writing one letter


def _bare(char: str) -> str:
    """The letter without its accent."""
    return unicodedata.normalize("NFD", char)[0]


# й and ї are letters of their own.
_BARE: Final = {
    code: _bare(chr(code)) for block in (range(0xC0, 0x250), range(0x400, 0x500), range(0x1E00, 0x1F00))
    for code in block if chr(code) not in "йї"
} | str.maketrans("łøđıß’", "lodis'") | {ord("İ"): "i"}  # fmt: skip

_LITTLE: Final = {"en": ("US", "WHO")} | dict.fromkeys(("es", "fr", "it", "ro"), ("UN",))


def fold(text: str) -> str:
    """Lower case without accents, of the same length: spans must not move."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lowered if lowered.isascii() else lowered.translate(_BARE)


def accents_fit(form: Form, found: str) -> bool:
    """Whether accents agree: a name may lack its own, a person or capital gain some, a word is as written."""
    if (form.text.isascii() and found.isascii()) or (found.isascii() and form.text[0].isupper()):
        return True
    if form.sense.kind in ("person", "capital", "city"):
        return True
    return form.text.lower().translate(_CEDILLAS) == found.lower().translate(_CEDILLAS)


def is_word(char: str) -> bool:
    """Whether the character is part of a word."""
    return char.isalnum() or char == "_"


def word_end(text: str, position: int) -> int:
    """Where the letters from `position` on end."""
    while position < len(text) and text[position].isalpha():
        position += 1
    return position


def case_fits(form: str, found: str, caseless: bool) -> bool:
    """Whether capitals agree: "US" only as written, names with a capital, common words in any case."""
    if not any(c.isupper() for c in form):
        return True
    if caseless:
        return len(form) > 4
    if len(form) <= 3 and form.isupper():
        return found == form
    first = next(i for i, c in enumerate(form) if c.isupper())  # "the West" has its capital inside
    return found[min(first, len(found) - 1)].isupper()


def is_shouted(text: str, start: int, end: int, language: str | None) -> bool:
    """Whether a line in capitals makes a little word look like a name: "THEY TELL US", "UN PAÍS"."""
    word = text[start:end]
    if word not in _LITTLE.get(language or "", ()):
        return False
    before = text[text.rfind("\n", 0, start) + 1 : start]
    line = before + text[end : end + 60].partition("\n")[0]
    return line == line.upper() and (word != "US" or bool(before.strip()))  # a headline may begin with the US
