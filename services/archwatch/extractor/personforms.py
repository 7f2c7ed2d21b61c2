"""The forms of a person: full name, other names, spellings of a Cyrillic name, and the bare surname."""

from collections.abc import Iterable, Iterator
from typing import Final

from archwatch.extractor.actors import Form, Scope, Sense
from archwatch.extractor.endings import stem
from archwatch.extractor.transliteration import Script, cyrillic_spellings, spellings

_SHORTEST: Final = 3  # letters of a surname: Kim Jong Un's comes first


def person_forms(
    sense: Sense, also: list[str], incumbent: list[str], native: str | None, line: int
) -> Iterator[Form]:
    """Every form once. The bare surname counts anywhere if `also` has it, while in office if `incumbent`
    has it, else only beside an office."""
    surname = sense.name.rsplit(" ", 1)[-1]
    alone: Scope = "anywhere" if surname in also else "titled"
    texts: dict[str, Scope] = dict.fromkeys((sense.name, *also), "anywhere")
    texts |= dict.fromkeys(incumbent, "incumbent")
    if len(surname) >= _SHORTEST:
        texts.setdefault(surname, alone)
    if native:
        script: Script = "uk" if sense.code == "UKR" else "ru"
        for text in spellings(native, script):
            texts.setdefault(text, "anywhere")
        for text in spellings(native.rsplit(" ", 1)[-1], script):
            texts.setdefault(text, alone)
        for text in (
            *cyrillic_spellings(native, script),
            *cyrillic_spellings(native.rsplit(" ", 1)[-1], script),
        ):
            texts.setdefault(text, "anywhere" if " " in text else alone)
    for text, scope in texts.items():
        yield from _declined(text, sense, line, scope)


def _declined(text: str, sense: Sense, line: int, scope: Scope) -> Iterable[Form]:
    if text.endswith("*"):
        return [Form(text.rstrip("*"), True, None, sense, line, scope=scope)]
    base, endings = stem(text, None)
    forms = [Form(base, endings is not None, None, sense, line, endings, scope)]
    polish, endings = stem(text, "pl")
    if polish != text:
        forms.append(Form(polish, True, "pl", sense, line, endings, scope))
    return forms
