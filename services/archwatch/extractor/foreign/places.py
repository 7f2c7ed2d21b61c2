"""Where, in other languages: a city, or a state after a preposition of place."""

from archwatch.contracts.event import Place
from archwatch.extractor.foreign.clauses import Clause
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.parsed import Parsed


def place_of(parsed: Parsed, grammar: Grammar, clause: Clause) -> Place | None:
    """The first place that the clause names, None when it names none; never a guess."""
    for i in clause.tokens:
        named = parsed.tokens[i].named
        if named is None or named.modifier:
            continue
        k = i - 1
        while parsed.low(k) in grammar.articles or parsed.low(k) in ("'", "’"):
            k -= 1
        if parsed.low(i + 1) in ("-", "‑"):
            continue
        sense = named.sense
        if sense.kind in ("city", "capital"):
            stands_in = parsed.low(k) in grammar.at or parsed.low(k) in grammar.at_city
        else:
            stands_in = parsed.low(k) in grammar.at and sense.kind == "name" and sense.actor_kind == "state"
        if stands_in:
            return Place(raw=named.text, name=_name(named.text, sense.name), country=sense.code)
    return None


def _name(raw: str, name: str) -> str:
    """As written where the gazetteer has only the beginning of a name, for any case ending."""
    return raw if raw.startswith(name) else name
