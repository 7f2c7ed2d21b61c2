"""Names in Cyrillic are found as the press of several countries spells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.extractor.transliteration import cyrillic_spellings, spellings

KNOWN = [
    ("Зеленський", "uk", "Zelensky Zelenskyy Zelenskiy Zelenski Zelenskyi Selenskyj Zełenski"),
    ("Лавров", "ru", "Lavrov Lawrow Ławrow"),
    ("Рябков", "ru", "Ryabkov Riabkov Rjabkow Riabkow"),
    ("Путин", "ru", "Putin Poutine"),
    ("Шойгу", "ru", "Shoigu Shoygu Schoigu Choigou Szojgu Șoigu Şoygu"),
    ("Захарова", "ru", "Zakharova Sacharowa Zacharowa Zajarova Zaharova"),
    ("Ельцин", "ru", "Yeltsin Eltsin Jelzin"),
    ("Горбачёв", "ru", "Gorbachev Gorbatschow Gorbaczow Gorbatchev Gorbaciov"),
    ("Медведев", "ru", "Medvedev Medwedew Miedwiediew"),
    ("Кулеба", "uk", "Kuleba Kułeba"),
    ("Александр", "ru", "Aleksandr Alexander Alexandr"),
    ("Сергей Лавров", "ru", "Sergei_Lavrov Sergey_Lavrov Sergej_Lawrow Siergiej_Ławrow Serghei_Lavrov"),
]


@pytest.mark.parametrize(("name", "script", "wanted"), KNOWN)
def test_a_name_is_spelled_as_in_the_press(name: str, script: str, wanted: str) -> None:
    found = spellings(name, "uk" if script == "uk" else "ru")
    assert {word.replace("_", " ") for word in wanted.split()} <= set(found)


def test_no_rule_of_one_language_is_mixed_with_that_of_another() -> None:
    assert set(spellings("Лавров", "ru")) == {"Lavrov", "Lawrow", "Ławrow"}


LETTERS = st.text("абвгдеёжзийклмнопрстуфхцчшщыэюяьіїєґ", min_size=1, max_size=12).map(str.capitalize)


@given(st.lists(LETTERS, min_size=1, max_size=3).map(" ".join), st.sampled_from(["ru", "uk"]))
def test_any_name_is_spelled_in_latin_letters(name: str, script: str) -> None:
    found = spellings(name, "uk" if script == "uk" else "ru")
    assert found == spellings(name, "uk" if script == "uk" else "ru")
    assert 1 <= len(found) == len(set(found)) <= 80
    cyrillic = [char for text in found for char in text if "\u0400" <= char <= "\u04ff"]
    assert set(cyrillic) <= {"ы", "і", "ї", "є", "ґ", "э", "ё", "Ґ", "Ы"}, (
        found
    )  # the other script's letters stay
    assert all(text.count(" ") == name.count(" ") for text in found)


@pytest.mark.parametrize(
    ("name", "script", "other"),
    [("Зеленський", "uk", "Зеленский"), ("Шмигаль", "uk", "Шмыгаль"), ("Путин", "ru", "Путін"),
     ("Медведев", "ru", "Медведєв"), ("Песков", "ru", "Пєсков")],
)  # fmt: skip
def test_russian_and_ukrainian_write_each_others_names(name: str, script: str, other: str) -> None:
    found = cyrillic_spellings(name, "uk" if script == "uk" else "ru")
    assert found[0] == name
    assert other in found
