"""Who a text names beyond doubt, and where: what its doubtful forms are judged by."""

import re
from bisect import bisect_left
from collections.abc import Iterable


class Context:
    """Built once a text; what it answers is remembered, so that a form repeated often costs little.

    `plain`: where each undoubted name ends, with the code of its party, in order; `people`: who is named in
    full.
    """

    def __init__(self, text: str, plain: Iterable[tuple[int, str]], people: frozenset[str]) -> None:
        self._text = text
        self._owners = dict(plain)
        self._ends: dict[str, list[int]] = {}
        for end, code in self._owners.items():
            self._ends.setdefault(code, []).append(end)
        self.codes = frozenset(self._ends)
        self.people = people
        self._words: dict[str, bool] = {}

    def has(self, word: str) -> bool:
        """Whether the text has this word, in these capitals, or names a party with this code."""
        if word in self.codes:
            return True
        if word not in self._words:
            self._words[word] = (
                word in self._text and re.search(rf"\b{re.escape(word)}\b", self._text) is not None
            )
        return self._words[word]

    def owner(self, end: int) -> str | None:
        """The party whose name ends there."""
        return self._owners.get(end)

    def antecedent(self, meanings: tuple[str, ...], start: int) -> str | None:
        """What "the alliance" at `start` is: the last of `meanings` named before, else the only one."""
        before = {}
        for code in meanings:
            ends = self._ends.get(code, [])
            if place := bisect_left(ends, start + 1):
                before[ends[place - 1]] = code
        if before:
            return before[max(before)]
        named = [code for code in meanings if code in self.codes]
        return named[0] if len(named) == 1 else None
