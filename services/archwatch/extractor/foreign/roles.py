"""Who does it and to whom: subject and object around a verb, or the parties that a noun of action names."""

from dataclasses import dataclass, replace
from typing import Final

from archwatch.extractor.foreign.clauses import Clause
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.parties import Noun
from archwatch.extractor.foreign.triggers import Trigger, is_passive
from archwatch.extractor.parsed import Parsed

_FAR: Final = 12  # words between a verb and its subject
_INVERTED: Final = 4  # words between a verb and the subject after it
_APART: Final = 6  # words between two parties of the same talks
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
        g for g in groups if g[-1].last < anchor and _free(g) and _words(parsed, g[-1].last, anchor) <= _FAR
    ]
    right = [g for g in groups if g[0].first > anchor and _free(g)]
    right = [g for g in right if _words(parsed, anchor, g[0].first) <= _INVERTED]
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


def _free(group: list[Noun]) -> bool:
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
    """Whether the subject may follow the verb. In German not where a noun before it can be the subject itself:
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


def _words(parsed: Parsed, first: int, last: int) -> int:
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
    agents = next((g for g in groups if g[0].first > anchor and _agent(parsed, grammar, g[0])), None)
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
    after = [g for g in other if g[0].first > anchor and _words(parsed, anchor, g[0].first) <= _FAR]
    begin = min((n.first for n in actors), default=0)
    before = [g for g in other if g[-1].last < anchor and (inverted or g[0].first > begin)]
    plain = [g for g in after if not g[0].attribute] + [g for g in before if not g[0].attribute]
    chosen = plain or after or before
    return chosen[0] if chosen else []


def _meets(grammar: Grammar, noun: Noun) -> bool:
    """With whom one talks stands bare or after "with"; after "about" stands what one talks about."""
    return not noun.preposition or noun.preposition in grammar.together


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
        close = _words(parsed, right[-1].last if right else at, noun.first) <= (
            _APART if right else _INVERTED
        )
        bound = noun.preposition in grammar.together or noun.preposition in grammar.of or not noun.preposition
        if not (close and bound):
            break
        right += group
    left = [g for g in groups if g[-1].last <= at]
    between = [g for g in left if g[0].preposition in grammar.together and len(g) > 1]
    qualifying = [g for g in left if g[0].attribute and _words(parsed, g[-1].last, at) <= 2]
    if trigger.row.event_type != "CONSULT" and len(qualifying) < 2:
        qualifying = []  # "das Minsk-Abkommen" has its name from a place
    if len({n.ref.code for n in right}) > 1 and at and grammar.any_preposition(parsed.low(at - 1)):
        left = []  # "стала темой на переговорах России и Белоруссии"
    subjects = [g for g in left if _free(g) and _words(parsed, g[-1].last, at) <= _FAR]
    actors = list(subjects[-1]) if subjects else []
    parties = actors + [n for g in between + qualifying for n in g] + right
    unique = list({noun.ref.code: noun for noun in reversed(parties)}.values())[::-1]
    if len(unique) == 1 and _gathers(parsed, grammar, clause, trigger, unique[0]):
        return Roles(unique, [])
    if len(unique) < 2:
        return None
    if actors and not qualifying and right:
        codes = {noun.ref.code for noun in actors}
        return Roles(actors, [n for n in unique if n.ref.code not in codes])
    return Roles(unique, [])


def _gathers(parsed: Parsed, grammar: Grammar, clause: Clause, trigger: Trigger, noun: Noun) -> bool:
    """ "Nato-Gipfel": one party with many members meets; but "auf dem Nato-Gipfel" only says where."""
    k = min(trigger.at, clause.tokens.index(noun.first) if noun.first in clause.tokens else trigger.at)
    while (
        k > 0
        and (low := parsed.low(clause.tokens[k - 1]))
        and (
            low in grammar.articles
            or (
                grammar.capital_nouns
                and not grammar.any_preposition(low)
                and low.isalpha()
                and not parsed.tokens[clause.tokens[k - 1]].capital
            )
        )
    ):
        k -= 1
    before = [parsed.low(clause.tokens[k - 1])] if k else []
    return (
        trigger.row.mode == "multilateral"
        and noun.ref.kind in ("alliance", "organisation")
        and not any(grammar.any_preposition(word) for word in before)
    )


def noun_roles(
    parsed: Parsed, grammar: Grammar, clause: Clause, groups: list[list[Noun]], trigger: Trigger
) -> Roles | None:
    """ "EU-Sanktionen gegen Russland", "la amenaza de Irán a Israel": who owns it, and against whom."""
    at = clause.tokens[trigger.at]
    owners = [
        g for g in groups
        if (g[0].attribute and g[-1].last < at and _words(parsed, g[-1].last, at) <= 1)
        or (at < g[0].first and _words(parsed, at, g[0].first) <= 2 and _owns(grammar, g[0]))
    ]  # fmt: skip
    against = [
        g for g in groups
        if g[0].first > at and g[0].preposition in grammar.against and _words(parsed, at, g[0].first) <= _FAR
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
