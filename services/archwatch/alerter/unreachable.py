"""Rules that could never match, or never be told: found when the configuration is checked, and named."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from archwatch.alerter.rules import RANK, Rule

Place = tuple[str | int, ...]
_LISTS: Final = ("topics", "actors", "recipients", "types", "modality", "languages", "phase")


@dataclass(frozen=True)
class Known:
    """What a rule may name: ids of topics, codes of actors, channels of the settings; and the lowest and
    highest intensity that an event of each type can have."""

    topics: Collection[str]
    actors: Collection[str]
    channels: Collection[str]
    intensities: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def never(rules: Sequence[tuple[int, Rule]], known: Known) -> Iterator[tuple[Place, str, str]]:
    """(place in the file, what is wrong, the mend) for the rules at these positions."""
    for position, rule in rules:
        for place, problem, mend in (*_unknown(rule, known), *_impossible(rule, known)):
            yield ("rules", position, *place), f"rule {rule.name} {problem}", mend
        for other_position, other in rules:
            louder = (RANK[other.severity], -other_position) > (RANK[rule.severity], -position)
            if louder and _told_to_all(other, rule) and _covers(other, rule):
                problem = f"rule {rule.name} can never be told: {other.name} tells whatever it would"
                yield ("rules", position, "name"), problem, f"give {other.name} a condition, or drop this one"
                break


def _unknown(rule: Rule, known: Known) -> Iterator[tuple[Place, str, str]]:
    lists = (
        ("topics", known.topics, "topic", "topics.yaml has"),
        ("actors", known.actors, "actor code", "use a code of actors.yaml, such as"),
        ("recipients", known.actors, "actor code", "use a code of actors.yaml, such as"),
        ("channels", known.channels, "channel", "alerter.alertmanager and alerter.channels give"),
    )
    for name, among, noun, mend in lists:
        for at, one in enumerate(getattr(rule, name)):
            if one not in among:
                shown = ", ".join(sorted(among)[:12]) or "none"
                yield (name, at), f"can never match: unknown {noun} {one!r}", f"{mend} {shown}"
    for at, one in enumerate(rule.languages):
        if not (len(one) == 2 and one.isascii() and one.isalpha() and one.islower()):
            yield ("languages", at), f"can never match: unknown language {one!r}", "two letters: en, de"


def _impossible(rule: Rule, known: Known) -> Iterator[tuple[Place, str, str]]:
    low = -10.0 if rule.min_intensity is None else rule.min_intensity
    high = 10.0 if rule.max_intensity is None else rule.max_intensity
    if low > high:
        yield ("min_intensity",), "can never match: min_intensity is over max_intensity", "swap them"
        return
    bounds = [known.intensities[kind] for kind in rule.types if kind in known.intensities]
    if bounds and all(highest < low or lowest > high for lowest, highest in bounds):
        spans = ", ".join(
            f"{kind} {known.intensities[kind][0]:g} to {known.intensities[kind][1]:g}" for kind in rule.types
        )
        bound = "min_intensity" if max(top for _, top in bounds) < low else "max_intensity"
        yield (bound,), "can never match: no event of its types is so intense", f"they have {spans}"


def _told_to_all(other: Rule, rule: Rule) -> bool:
    """Whether `other` reaches every channel of `rule`; a rule that names none reaches them all."""
    return not other.channels or (bool(rule.channels) and set(rule.channels) <= set(other.channels))


def _covers(wide: Rule, narrow: Rule) -> bool:
    """Whether every story that meets `narrow` meets `wide`: its conditions follow from `narrow`'s."""
    for name in _LISTS:
        asked, given = set(getattr(wide, name)), set(getattr(narrow, name))
        if asked and not (given and given <= asked):
            return False
    if wide.min_score > narrow.min_score or wide.independent_sources > narrow.independent_sources:
        return False
    low, high = wide.min_intensity, wide.max_intensity
    return (low is None or (narrow.min_intensity is not None and narrow.min_intensity >= low)) and (
        high is None or (narrow.max_intensity is not None and narrow.max_intensity <= high)
    )
