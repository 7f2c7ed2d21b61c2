"""Codes the events of a sentence in another language: the subject of a plain verb does it to its object."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from archwatch.contracts.event import CodedEvent
from archwatch.extractor.foreign.clauses import Clause, find_clauses
from archwatch.extractor.foreign.dates import find_dates
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.groups import joined, read_nouns
from archwatch.extractor.foreign.nominal import mutual, noun_roles
from archwatch.extractor.foreign.parties import Noun
from archwatch.extractor.foreign.records import Draft, meant, written
from archwatch.extractor.foreign.roles import Roles, verb_roles
from archwatch.extractor.foreign.triggers import Trigger, find_triggers, is_bare_infinitive
from archwatch.extractor.parsed import Parsed

_MAX: Final = 2  # events a sentence
_GOVERNING: Final = frozenset({"REQUEST", "REJECT", "THREATEN", "AGREE", "ACCUSE"})
_MUTUAL: Final = frozenset({"CONSULT", "COOPERATE", "AGREE"})


@dataclass
class _State:
    """What the clauses before have said."""

    subject: list[Noun] = field(default_factory=list)
    speakers: list[Noun] = field(default_factory=list)
    verb: str | None = None
    waiting: Draft | None = None


def code_foreign(parsed: Parsed, grammar: Grammar, published_at: datetime | None = None) -> list[CodedEvent]:
    """The events of a sentence, at most two; none where it asks a question."""
    if parsed.low(len(parsed.tokens) - 1) == "?" or parsed.low(0) in grammar.questions:
        return []
    groups = joined(parsed, grammar, read_nouns(parsed, grammar))
    clauses = find_clauses(parsed, grammar, groups)
    state = _State()
    drafts: list[Draft] = []
    dates = find_dates(parsed.sentence.text, grammar, published_at)
    for k, clause in enumerate(clauses):
        inside = set(clause.tokens)
        here = [g for g in groups if g[0].first in inside]
        before = clauses[k - 1] if k else None
        _speaker(parsed, grammar, state, clause, before, clauses[k + 1 :], groups)
        if parsed.low(clause.first) in grammar.condition:
            continue
        if parsed.low(clause.first) in grammar.that and state.waiting is not None:
            if not state.waiting.recipients and here and here[0][0].free:
                state.waiting.recipients = [
                    n for n in here[0] if n.ref.code not in _codes(state.waiting.actors)
                ]
            continue
        found = _clause(parsed, grammar, clause, here, state)
        drafts += found
        state.waiting = found[-1] if found and found[-1].event_type in _GOVERNING else None
        named = next(
            (g for g in here if g[0].free and g[-1].last == clause.last), []
        )  # "..., Maduro, a demandé"
        state.subject = found[-1].actors if found else named
    return [written(parsed, grammar, draft, dates) for draft in drafts[:_MAX]]


def _codes(nouns: list[Noun]) -> set[str | None]:
    return {noun.ref.code for noun in nouns}


def _speaker(
    parsed: Parsed, grammar: Grammar, state: _State, clause: Clause, before: Clause | None,
    rest: list[Clause], groups: list[list[Noun]],
) -> None:  # fmt: skip
    """Sets who answers for the clause: "X: ...", "X sagte, dass ...", "... - X"."""
    state.speakers, state.verb = [], None
    if before is not None and clause.before == ":":
        named = next((g for g in groups if g[-1].last == before.last and g[0].body), None)
        if named:
            state.speakers = named
    elif before is not None and parsed.low(clause.first) in grammar.that:
        said = next((i for i in before.tokens if parsed.low(i) in grammar.says), None)
        if said is not None:
            subjects = [g for g in groups if g[0].first in set(before.tokens) and g[0].free]
            if subjects:
                state.speakers, state.verb = subjects[0], parsed.low(said)
    if not state.speakers and rest and rest[-1].before in ("-", "–", "—"):
        tail = rest[-1]
        named = next((g for g in groups if g[0].first == tail.first and g[-1].last == tail.last), None)
        if named and named[0].body:
            state.speakers = named


def _clause(
    parsed: Parsed, grammar: Grammar, clause: Clause, groups: list[list[Noun]], state: _State
) -> list[Draft]:
    triggers = list(find_triggers(parsed, grammar, clause))
    if stance := _stance(triggers, clause, groups, state):
        return [stance]
    found: list[Draft] = []
    verbs = [t for t in triggers if t.row.kind == "verb"]
    for k, trigger in enumerate(verbs):
        linked = trigger.anchor > 0 and parsed.low(clause.tokens[trigger.anchor - 1]) in grammar.joins
        if found and not linked:
            break
        if is_bare_infinitive(parsed, grammar, clause, trigger):
            continue
        inherited = found[-1].actors if found else state.subject if clause.before in (",", ";") else []
        inherited = inherited or (state.speakers if clause.before == ":" else [])
        own = _before_next(parsed, grammar, clause, groups, verbs[k + 1 : k + 2])
        roles = verb_roles(parsed, grammar, clause, own, trigger, inherited)
        if roles is None or not (
            _complete(trigger, roles) or _with_somebody(parsed, grammar, clause, trigger)
        ):
            continue
        draft = meant(_draft(trigger, roles, clause, state), parsed, grammar, clause, trigger)
        if draft.modality == "negated" and draft.event_type == "REJECT":
            break  # who does not rule out has not said what they will do
        found.append(draft)
    if not found:
        for trigger in (t for t in triggers if t.row.kind == "noun"):
            read = mutual if trigger.row.event_type in _MUTUAL else noun_roles
            roles = read(parsed, grammar, clause, groups, trigger)
            if roles is not None:
                draft = meant(_draft(trigger, roles, clause, state), parsed, grammar, clause, trigger)
                if draft.modality != "negated" and draft.event_type == trigger.row.event_type:
                    found.append(draft)
                break
    return found


def _complete(trigger: Trigger, roles: Roles) -> bool:
    """Whether a row that needs another party has it: two who act together are enough for a mutual act, and an
    organisation for a meeting."""
    row, others = trigger.row, roles.recipients
    if not row.weak and row.event_type != "CONSULT":
        return True
    if others and not row.bare:
        return True
    if row.bare:
        return bool(others) and not others[0].preposition and not others[0].attribute
    if (
        row.event_type == "CONSULT"
        and not row.weak
        and roles.actors[0].ref.kind in ("alliance", "organisation")
    ):
        return True
    return row.event_type in _MUTUAL and len(_codes(roles.actors)) > 1


def _before_next(
    parsed: Parsed, grammar: Grammar, clause: Clause, groups: list[list[Noun]], following: list[Trigger]
) -> list[list[Noun]]:
    """Without what belongs to the next verb: "ruft den Botschafter zurück und beschuldigt China"."""
    if not following or following[0].anchor == 0:
        return groups
    at = clause.tokens[following[0].anchor - 1]
    return [g for g in groups if g[0].first < at] if parsed.low(at) in grammar.joins else groups


def _with_somebody(parsed: Parsed, grammar: Grammar, clause: Clause, trigger: Trigger) -> bool:
    """ "met the president of Abkhazia": talks with the office of a party that nobody listed."""
    if trigger.row.event_type != "CONSULT":
        return False
    rest = clause.tokens[trigger.last + 1 :]
    return any(
        parsed.low(i) in grammar.together and grammar.office(parsed.low(k)) is not None
        for i, k in itertools.pairwise(rest)
    )


def _stance(triggers: list[Trigger], clause: Clause, groups: list[list[Noun]], state: _State) -> Draft | None:
    """What somebody who is known to speak thinks of another: "Baerbock: Russland muss abziehen"."""
    trigger = next((t for t in triggers if t.row.kind == "stance"), None)
    if trigger is None or not state.speakers:
        return None
    codes = _codes(state.speakers)
    whom = next((g for g in groups if not _codes(g) & codes), [])
    if trigger.row.event_type == "ACCUSE" and not whom:
        return None
    return Draft(
        trigger.row.event_type, trigger.row.mode, state.speakers, whom, "asserted", clause,
        clause.tokens[trigger.at], None, None,
    )  # fmt: skip


def _draft(trigger: Trigger, roles: Roles, clause: Clause, state: _State) -> Draft:
    row = trigger.row
    speaker = next((n.ref for n in state.speakers if n.ref.code not in _codes(roles.actors)), None)
    return Draft(
        row.event_type, row.mode, roles.actors, roles.recipients, "asserted", clause,
        clause.tokens[trigger.at], speaker, state.verb if speaker else None,
    )  # fmt: skip
