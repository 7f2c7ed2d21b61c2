"""The parties that a noun of action names: "Gespräche zwischen A und B", "EU-Sanktionen gegen Russland"."""

from typing import Final

from archwatch.extractor.foreign.clauses import Clause
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.parties import Noun
from archwatch.extractor.foreign.roles import FAR, INVERTED, Roles, is_free, words_between
from archwatch.extractor.foreign.triggers import Trigger
from archwatch.extractor.parsed import Parsed

_APART: Final = 6  # words between two parties of the same talks


def mutual(
    parsed: Parsed, grammar: Grammar, clause: Clause, groups: list[list[Noun]], trigger: Trigger
) -> Roles | None:
    """The parties of talks, agreements, joint acts: two or more, bare, owning, after "with" or "between"."""
    at = clause.tokens[trigger.at]
    right: list[Noun] = []
    for group in groups:
        if group[0].first < at:
            continue
        noun = group[0]
        close = words_between(parsed, right[-1].last if right else at, noun.first) <= (
            _APART if right else INVERTED
        )
        bound = noun.preposition in grammar.together or noun.preposition in grammar.of or not noun.preposition
        if not (close and bound):
            break
        right += group
    left = [g for g in groups if g[-1].last <= at]
    between = [g for g in left if g[0].preposition in grammar.together and len(g) > 1]
    qualifying = [g for g in left if g[0].attribute and words_between(parsed, g[-1].last, at) <= 2]
    if trigger.row.event_type != "CONSULT" and len(qualifying) < 2:
        qualifying = []  # "das Minsk-Abkommen" has its name from a place
    if len({n.ref.code for n in right}) > 1 and at and grammar.any_preposition(parsed.low(at - 1)):
        left = []  # "стала темой на переговорах России и Белоруссии"
    subjects = [g for g in left if is_free(g) and words_between(parsed, g[-1].last, at) <= FAR]
    actors = list(subjects[-1]) if subjects else []
    parties = actors + [n for g in between + qualifying for n in g] + right
    unique = list({noun.ref.code: noun for noun in reversed(parties)}.values())[::-1]
    if not right and not between and len({n.ref.code for g in qualifying for n in g}) < 2:
        named = [n for g in qualifying for n in g]
        if _circumstance(parsed, grammar, clause, trigger, named):
            return None
    if len(unique) == 1 and _gathers(trigger, unique[0]):
        return None if _circumstance(parsed, grammar, clause, trigger, unique) else Roles(unique, [])
    if len(unique) < 2:
        return None
    if actors and not qualifying and right:
        codes = {noun.ref.code for noun in actors}
        return Roles(actors, [n for n in unique if n.ref.code not in codes])
    return Roles(unique, [])


def _gathers(trigger: Trigger, noun: Noun) -> bool:
    """ "Nato-Gipfel": one party with many members meets."""
    return trigger.row.mode == "multilateral" and noun.ref.kind in ("alliance", "organisation")


def _circumstance(
    parsed: Parsed, grammar: Grammar, clause: Clause, trigger: Trigger, nouns: list[Noun]
) -> bool:
    """Whether the noun stands after a preposition: "auf dem Nato-Gipfel" only says where."""
    starts = [clause.tokens.index(n.first) for n in nouns if n.first in clause.tokens]
    k = min([trigger.at, *starts])
    while k > 0 and _qualifies(parsed, grammar, clause.tokens[k - 1]):
        k -= 1
    return k > 0 and grammar.any_preposition(parsed.low(clause.tokens[k - 1]))


def _qualifies(parsed: Parsed, grammar: Grammar, i: int) -> bool:
    """An article, or in German an adjective, which is the only small word before a noun."""
    word = parsed.tokens[i]
    small = grammar.capital_nouns and word.low.isalpha() and not word.capital
    return word.low in grammar.articles or (small and not grammar.any_preposition(word.low))


def noun_roles(
    parsed: Parsed, grammar: Grammar, clause: Clause, groups: list[list[Noun]], trigger: Trigger
) -> Roles | None:
    """ "EU-Sanktionen gegen Russland", "la amenaza de Irán a Israel": who owns it, and against whom."""
    at = clause.tokens[trigger.at]
    owners = [
        g for g in groups
        if (g[0].attribute and g[-1].last < at and words_between(parsed, g[-1].last, at) <= 1)
        or (at < g[0].first and words_between(parsed, at, g[0].first) <= 2 and _owns(grammar, g[0]))
    ]  # fmt: skip
    against = [
        g for g in groups
        if g[0].first > at
        and g[0].preposition in grammar.against
        and words_between(parsed, at, g[0].first) <= FAR
    ]  # fmt: skip
    if owners and trigger.row.event_type == "MOBILIZE" and owners[0][0].attribute:
        return Roles(owners[0], against[0] if against else [])  # "Nato-Manöver"
    if not owners or not against or owners[0][0].ref.code == against[0][0].ref.code:
        return None
    return Roles(owners[0], against[0])


def _owns(grammar: Grammar, noun: Noun) -> bool:
    return (
        noun.preposition in grammar.of or noun.attribute or (not noun.preposition and noun.case != "subject")
    )
