"""Who does it and to whom: subject and object around a verb."""

from dataclasses import dataclass, replace
from typing import Final

from archwatch.extractor.foreign.clauses import Clause
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.parties import Noun
from archwatch.extractor.foreign.triggers import Trigger, is_passive
from archwatch.extractor.parsed import Parsed

FAR: Final = 12  # words between a verb and its subject
INVERTED: Final = 4  # words between a verb and the subject after it
_WHERE_IS_WHOM: Final = frozenset({"MOBILIZE", "ASSAULT", "AID", "RETREAT", "SANCTION", "THREATEN", "COERCE"})


@dataclass(frozen=True)
class Roles:
    """The parties of an event."""

    actors: list[Noun]
    recipients: list[Noun]


def verb_roles(
    parsed: Parsed, grammar: Grammar, clause: Clause, groups: list[list[Noun]], trigger: Trigger,
    inherited: list[Noun],
) -> Roles | None:  # fmt: skip
    """Subject and object of a verb; None when nobody is named as doing it."""
    at, anchor = clause.tokens[trigger.at], clause.tokens[trigger.anchor]
    if is_passive(parsed, grammar, clause, trigger):
        return _passive(parsed, grammar, groups, anchor)
    left = [
        g
        for g in groups
        if g[-1].last < anchor and is_free(g) and words_between(parsed, g[-1].last, anchor) <= FAR
    ]
    right = [g for g in groups if g[0].first > anchor and is_free(g)]
    right = [g for g in right if words_between(parsed, anchor, g[0].first) <= INVERTED]
    actors: list[Noun] = []
    inverted = False
    left = [g for g in left if _agrees(parsed, grammar, g, anchor)]
    right = [g for g in right if _agrees(parsed, grammar, g, anchor) and not _owned(parsed, grammar, g[0])]
    if not _may_invert(parsed, grammar, clause, groups, trigger):
        right = []
    if left and _may_be_owner(parsed, grammar, left):
        left.pop()
    if len(left) > 1 and left[-2][-1].last + 1 == left[-1][0].first:
        left = [*left[:-2], left[-2] + left[-1]]  # "die Präsidenten Russlands und der USA Putin und Biden"
    if left and not (left[-1][0].case == "" and right and right[0][0].case == "subject"):
        actors = left[-1]
    elif (speaks := _body_speaks(parsed, grammar, clause, groups, trigger, alone=not right)) is not None:
        actors = speaks
    elif right and parsed.low(at) not in grammar.infinitive and not _needs_subject_first(grammar, trigger):
        actors, inverted = right[0], True
    elif inherited and _opens(parsed, grammar, clause, trigger):
        actors = inherited
    if not actors:
        return None
    actors = [noun for noun in actors if not noun.attribute]
    return Roles(actors, _object(parsed, grammar, groups, trigger, clause, actors, inverted=inverted))


def is_free(group: list[Noun]) -> bool:
    return group[0].free


def _agrees(parsed: Parsed, grammar: Grammar, group: list[Noun], verb: int) -> bool:
    """ "Киев упрекнули": a plural verb beside one name in the singular has it for its object."""
    one = len(group) == 1 and not group[0].body and parsed.low(group[0].last) not in grammar.plural_names
    return not (one and parsed.low(verb) in grammar.plural_verbs)


def _may_be_owner(parsed: Parsed, grammar: Grammar, left: list[list[Noun]]) -> bool:
    """ "Путин на саммите НАТО заявил": an undeclined name after a noun gives way to a subject before it."""
    return len(left) > 1 and _owned(parsed, grammar, left[-1][0])


def _owned(parsed: Parsed, grammar: Grammar, noun: Noun) -> bool:
    """Whether an undeclined name stands right after a noun in an oblique case, which it then owns."""
    if noun.case or noun.body or noun.first == 0 or not (grammar.oblique.ends or grammar.oblique.beginnings):
        return False
    before = parsed.tokens[noun.first - 1]
    noun_like = before.text.isalpha() and not before.capital and before.named is None
    return noun_like and before.low in grammar.no_verb | grammar.oblique


def _may_invert(
    parsed: Parsed, grammar: Grammar, clause: Clause, groups: list[list[Noun]], trigger: Trigger
) -> bool:
    """Whether the subject may follow the verb. In German not where a noun before it may be the subject:
    "Separatisten bitten Putin"."""
    if not grammar.capital_nouns or trigger.anchor == 0:
        return True
    first = parsed.low(clause.first)
    opened = grammar.any_preposition(first) or first in grammar.oblique_articles or first in grammar.adverbs
    dated = first[:1].isdigit() or first in grammar.yesterday | grammar.today | grammar.tomorrow
    attribute = any(g[0].attribute and g[0].first <= clause.first <= g[-1].last for g in groups)
    return opened or dated or attribute or not parsed.tokens[clause.first].capital


def _opens(parsed: Parsed, grammar: Grammar, clause: Clause, trigger: Trigger) -> bool:
    """Whether only small words stand before the verb: then the clause has the subject of the one before."""
    before = [parsed.low(i) for i in clause.tokens[: trigger.anchor]]
    return all(w in grammar.joins or w in grammar.aux or w in grammar.no or w in grammar.will for w in before)


def words_between(parsed: Parsed, first: int, last: int) -> int:
    return sum(parsed.low(k)[:1].isalnum() for k in range(first + 1, last))


def _needs_subject_first(grammar: Grammar, trigger: Trigger) -> bool:
    """A verb that opens the clause with an object and no subject is an order or a headline without one."""
    return not grammar.inverts and trigger.anchor == 0


def _body_speaks(
    parsed: Parsed,
    grammar: Grammar,
    clause: Clause,
    groups: list[list[Noun]],
    trigger: Trigger,
    *,
    alone: bool,
) -> list[Noun] | None:
    """ "В Кремле отвергли": in some languages what is done in an organ is its doing; and what many do in a
    state, where nobody else is named (`alone`)."""
    anchor = clause.tokens[trigger.anchor]
    many = alone and parsed.low(clause.tokens[trigger.at]) in grammar.plural_verbs
    for group in groups:
        noun = group[0]
        early = noun.last < anchor and noun.first - clause.first <= 2
        if early and noun.preposition in grammar.body_speaks and (noun.body or many):
            return group
    return None


def _passive(parsed: Parsed, grammar: Grammar, groups: list[list[Noun]], anchor: int) -> Roles | None:
    after = [g for g in groups if g[0].first > anchor or grammar.verb_last]
    agents = next((g for g in after if _agent(parsed, grammar, g[0])), None)
    if agents is None:
        return None
    agents = [replace(noun, attribute=False) for noun in agents]
    whom = [g for g in groups if (g[0].free or g[0].attribute or g[0].case == "oblique")]
    codes = {noun.ref.code for noun in agents}
    whom = [g for g in whom if g[0].ref.code not in codes]
    return Roles(agents, whom[0] if whom else [])


def _agent(parsed: Parsed, grammar: Grammar, noun: Noun) -> bool:
    if noun.preposition:
        return noun.preposition in grammar.by
    return parsed.low(noun.first).rsplit(" ", 1)[-1] in grammar.agent and not noun.attribute


def _object(
    parsed: Parsed, grammar: Grammar, groups: list[list[Noun]], trigger: Trigger, clause: Clause,
    actors: list[Noun], *, inverted: bool,
) -> list[Noun]:  # fmt: skip
    """The party nearest after the verb, else before it: bare or after a preposition, but no mere place."""
    kind, mode = trigger.row.event_type, trigger.row.mode
    codes = {noun.ref.code for noun in actors}
    places = kind in _WHERE_IS_WHOM or mode in ("visit", "phone")
    anchor = clause.tokens[trigger.anchor]
    other = [
        [n for n in group if n.ref.code not in codes]
        for group in groups
        if group is not actors and (places or group[0].preposition not in grammar.at)
    ]
    other = [g for g in other if g]
    if kind == "CONSULT" and not places:
        other = [g for g in other if not g[0].attribute and _meets(grammar, g[0])]
    after = [g for g in other if g[0].first > anchor and words_between(parsed, anchor, g[0].first) <= FAR]
    begin = min((n.first for n in actors), default=0)
    before = [g for g in other if g[-1].last < anchor and (inverted or g[0].first > begin)]
    plain = [g for g in after if not g[0].attribute] + [g for g in before if not g[0].attribute]
    chosen = plain or after or before
    return chosen[0] if chosen else []


def _meets(grammar: Grammar, noun: Noun) -> bool:
    """With whom one talks stands bare or after "with"; after "about" stands what one talks about."""
    return not noun.preposition or noun.preposition in grammar.together
