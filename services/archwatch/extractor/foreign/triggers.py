"""Rows of words in a clause, and the mood that the words around them give: who will, may, or does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archwatch.contracts.event import Modality
from archwatch.extractor.foreign.clauses import Clause
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.words import Row, RowKind
from archwatch.extractor.parsed import Parsed

_GAP: Final = 12  # words between the parts of a row: "lehnt den Beitritt der Ukraine zur Nato weiterhin ab"
_FAR: Final = 8  # words between an infinitive and the verb that governs it
_PARTICLE: Final = 5  # letters; a shorter word before the verb is no object of it but a preposition
_NEAR: Final = 3  # words between a negation and its verb
_PARTICLES: Final = frozenset({"se", "s", "'", "’", "si", "się", "sich", "n", "ne", "y", "le", "lo", "i"})


@dataclass(frozen=True)
class Trigger:
    """A row found in a clause. Places among the clause's tokens: `at` of its first word, `last` of its last,
    `anchor` of the finite verb that governs it."""

    row: Row
    anchor: int
    at: int
    last: int


def find_triggers(parsed: Parsed, grammar: Grammar, clause: Clause) -> Iterator[Trigger]:
    """The rows of a clause in order, without overlap."""
    reached = -1
    for at, i in enumerate(clause.tokens):
        if at <= reached:
            continue
        token = parsed.tokens[i]
        if token.named is not None:
            continue
        found: set[RowKind] = set()  # a word may be verb and noun: the parties beside it decide
        for row in grammar.rows.starting(token.low):
            if row.kind in found:
                continue
            if grammar.capital_nouns and at and token.capital != (row.kind == "noun"):
                continue
            if row.kind == "verb" and _is_noun(parsed, grammar, clause, at):
                continue
            last = _match(parsed, grammar, clause, row, at)
            if last is not None:
                yield Trigger(row, _anchor(parsed, grammar, clause, at), at, last)
                reached = max(reached, last if last - at < 3 else at)
                found.add(row.kind)


def _is_noun(parsed: Parsed, grammar: Grammar, clause: Clause, at: int) -> bool:
    """Whether what stands beside a word that could be a verb makes it a noun: "la menace", "Treffen mit"."""
    if at == 0 and parsed.low(clause.tokens[0]) not in grammar.no_verb:
        after = parsed.low(clause.tokens[1]) if len(clause.tokens) > 1 else ""
        return grammar.capital_nouns and (after in grammar.together or after in grammar.of)
    before = parsed.low(clause.tokens[at - 1])
    word = parsed.low(clause.tokens[at])
    if word in grammar.no_verb:
        return True
    if word in grammar.infinitive or before in grammar.aux or before in _PARTICLES:
        return False
    return before in grammar.articles or grammar.any_preposition(before)


def _match(parsed: Parsed, grammar: Grammar, clause: Clause, row: Row, at: int) -> int | None:
    """The place of the last word; None when the row does not stand there. In some languages the object of a
    verb may stand before it."""
    k = at
    for step in row.rest:
        reach = range(k + 1, min(k + 2 + (_GAP if step.gap else 0), len(clause.tokens)))
        found = next((n for n in reach if parsed.low(clause.tokens[n]) in step.words), None)
        if found is None and (grammar.verb_last or grammar.free_order) and step.gap:
            before = (parsed.low(clause.tokens[n]) for n in range(max(0, at - _GAP), at))
            found = k if any(len(word) > _PARTICLE and word in step.words for word in before) else None
        if found is None:
            return None
        k = found
    return k


def _anchor(parsed: Parsed, grammar: Grammar, clause: Clause, at: int) -> int:
    """The place of the finite verb: the auxiliary that governs the word at `at`, or the word itself."""
    low = [parsed.low(i) for i in clause.tokens]
    if grammar.verb_last:
        return next((k for k in range(at) if _governs(grammar, low[k])), at)
    if low[at] in grammar.infinitive:
        return next((k for k in range(at - 1, max(-1, at - _FAR), -1) if _governs(grammar, low[k])), at)
    k = at
    while k > 0 and (_governs(grammar, low[k - 1]) or low[k - 1] in grammar.no or low[k - 1] in _PARTICLES):
        k -= 1
    return k


def _governs(grammar: Grammar, word: str) -> bool:
    return word in grammar.aux or word in grammar.will or word in grammar.may or word in grammar.passive


def is_passive(parsed: Parsed, grammar: Grammar, clause: Clause, trigger: Trigger) -> bool:
    """Whether the trigger is a participle with an auxiliary of the passive: "wurde von Polen verurteilt"."""
    words = [parsed.low(i) for i in clause.tokens]
    if (
        grammar.verb_last
        and trigger.anchor == trigger.at == len(words) - 1
        and words[trigger.at] in grammar.participle
    ):
        return any(word in grammar.by for word in words)  # "von den USA besetzt"
    return words[trigger.at] in grammar.participle and (
        any(word in grammar.passive for word in words[: trigger.last + 2])
    )


def is_bare_infinitive(parsed: Parsed, grammar: Grammar, clause: Clause, trigger: Trigger) -> bool:
    """Whether the trigger is an infinitive that no known verb governs: then nobody is said to do it."""
    word = parsed.low(clause.tokens[trigger.at])
    return word in grammar.infinitive and trigger.anchor == trigger.at


def mood(parsed: Parsed, grammar: Grammar, clause: Clause, trigger: Trigger) -> tuple[Modality, bool]:
    """What the words around a trigger make of it; and whether it is negated."""
    low = [parsed.low(i) for i in clause.tokens]
    begin = max(0, trigger.anchor - _NEAR)
    after = trigger.last + 1 + (8 if grammar.verb_last else 2)
    around = low[begin : trigger.last + 1]
    behind = low[trigger.last + 1 : after]
    own = set(trigger.row.text.lower().split())
    negated = any(word in grammar.no and word not in own for word in around)
    if grammar.negates_after:
        negated = negated or any(word in grammar.no for word in behind)
    if any(word in grammar.may for word in around):
        return "hypothetical", negated
    words = around if not grammar.verb_last else low[: trigger.last + 1]
    if low[trigger.at] in grammar.future or any(word in grammar.will for word in words):
        return "future", negated
    return "asserted", negated
