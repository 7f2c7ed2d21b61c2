"""A person is known again by any spelling of the surname, and by the office that only they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.contracts.event import ActorRef
from archwatch.extractor.memory import Memory, name_key


@pytest.mark.parametrize(
    "spellings",
    [
        "Lukashevich Lukasevich Lukaschewitsch Loukachevitch Łukaszewicz Lukašević",
        "Riabkov Ryabkov Rjabkow",
        "Zelensky Zelenskyy Zelenskiy Zelenski Selenskyj",
        "Medvedev Medwedew Miedwiediew",
        "Erdoğan Erdogan",
    ],
)
def test_spellings_of_one_name_share_a_key(spellings: str) -> None:
    assert len({name_key(name) for name in spellings.split()}) == 1


def test_different_names_have_different_keys() -> None:
    names = [
        "Ivanov",
        "Ivanova",
        "Petrov",
        "Petrenko",
        "Peskov",
        "Lavrov",
        "Merkel",
        "Merz",
        "Blair",
        "Blix",
        "Bush",
    ]
    assert len({name_key(name) for name in names}) == len(names)


@given(st.text(max_size=30))
def test_any_text_has_a_key_and_capitals_do_not_matter(text: str) -> None:
    assert isinstance(name_key(text), str)
    assert not text.isascii() or name_key(text) == name_key(text.upper())


def person(name: str, office: str, code: str = "POL") -> ActorRef:
    return ActorRef(text=name, start=0, end=len(name), code=code, name=name, kind="person", office=office)


def test_the_minister_is_the_one_with_such_an_office() -> None:
    memory = Memory()
    memory.note(person("Anna Berg", "foreign minister"))
    memory.note(person("Laura Whitcombe", "ambassador to OSCE", "GBR"))
    assert [found.name for title in ("minister", "ambassador") if (found := memory.bearer(title))] == [
        "Anna Berg",
        "Laura Whitcombe",
    ]
    assert memory.bearer("president") is None


def test_of_two_ministers_neither_is_the_minister() -> None:
    memory = Memory()
    memory.note(person("Anna Berg", "foreign minister"))
    memory.note(person("Jan Holt", "defence minister"))
    assert memory.bearer("minister") is None


def test_of_two_bearers_of_a_surname_the_last_named_in_full_is_meant() -> None:
    memory = Memory()
    memory.note(person("Anna Berg", "president"))
    memory.note(person("Jan Berg", "minister"))
    known = memory.known("Berg")
    assert known is not None
    assert known.name == "Jan Berg"
