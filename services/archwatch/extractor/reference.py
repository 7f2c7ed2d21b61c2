"""Whom a pronoun or a surname means when somebody speaks: what the sentences before have named."""

from collections.abc import Sequence
from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.clauses import is_finite
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory, Party
from archwatch.extractor.speakers import Voice, is_person, speaks, voice_before, whole_name
from archwatch.extractor.speech import GROUP_END
from archwatch.extractor.statements import Statement
from archwatch.extractor.words import DETERMINER, PREPOSITION

_BACK: Final = 6  # sentences: a pronoun reaches no farther


class Talk:
    """Who has spoken and who was spoken of, sentence by sentence."""

    def __init__(
        self,
        sentences: Sequence[Parsed],
        quoted: Sequence[Sequence[tuple[int, int]]],
        memories: Sequence[Memory],
        lexicon: Lexicon,
    ) -> None:
        self.lexicon = lexicon
        self.sentences, self.quoted, self.memories = sentences, quoted, memories
        self.spoken: dict[int, list[tuple[int, ActorRef]]] = {}
        self.full = self._names()

    def _names(self) -> dict[str, ActorRef]:
        """Names of two words and more by their last word, for those whom nobody listed."""
        full: dict[str, ActorRef] = {}
        for parsed in self.sentences:
            for party in parsed.parties:
                ref = whole_name(parsed, party)
                words = (ref.name or "").split()
                opening = bool(words) and words[0].lower() in GROUP_END | PREPOSITION | DETERMINER
                if len(words) > 1 and not opening and is_person(ref) and words[-1][:1].isupper():
                    full.setdefault(words[-1], ref)
        return full

    def resolved(self, k: int, statement: Statement) -> ActorRef | None:
        """The speaker of a statement in sentence `k`."""
        return self.of(k, statement.voice) if statement.voice is not None else None

    def of(self, k: int, voice: Voice) -> ActorRef | None:
        """Who a voice in sentence `k` is; a pronoun that means nobody known stays as written."""
        ref = voice.ref
        if voice.pronoun in ("he", "she"):
            known = self._person(k, voice)
            if known is not None:
                ref = _meant(ref, known)
        elif voice.pronoun in ("it", "they"):
            known = self._body(k, voice, many=voice.pronoun == "they")
            if known is not None:
                ref = _meant(ref, known)
        elif ref.code is None and ref.name:
            words = ref.name.split()
            known = self.full.get(words[-1])
            if known is not None and known.name and (len(words) == 1 or known.name == ref.name):
                ref = ref.model_copy(
                    update={
                        "name": known.name,
                        "code": known.code,
                        "office": ref.office or known.office,
                        "kind": known.kind,
                    }
                )
        return ref

    def remember(self, k: int, at: int, ref: ActorRef) -> None:
        """That `ref` has spoken in sentence `k`, by a verb at token `at`."""
        self.spoken.setdefault(k, []).append((at, ref))

    def subject(self, k: int) -> ActorRef | None:
        """Who is spoken of first in sentence `k`, outside marks and not after a preposition."""
        for party in self._outside(k):
            if self.sentences[k].low(party.first - 1) in PREPOSITION or party.possessive or party.modifier:
                continue
            if party.role in ("person", "name", "capital", "unknown") or party.ref.kind == "person":
                return self.of(k, Voice(party.ref, party.first, party.last))
        return None

    def _person(self, k: int, voice: Voice) -> ActorRef | None:
        title: ActorRef | None = None
        for back in range(_BACK + 1):
            at = k - back
            if at < 0:
                break
            spoken = [ref for _, ref in sorted(self.spoken.get(at, ()), key=lambda s: s[0]) if is_person(ref)]
            if spoken:
                return spoken[0]
            if back == 0:
                continue
            named = [p for p in self._outside(at) if is_person(p.ref) and not p.possessive and not p.modifier]
            named.sort(key=lambda p: self.sentences[at].low(p.first - 1) in PREPOSITION)
            if named and self.sentences[at].sentence.kind == "headline":
                title = title or self._full(named[0].ref)
            elif named:
                return self._full(whole_name(self.sentences[at], named[0]))
        here = [p for p in self._outside(k) if p.last < voice.first and is_person(p.ref)]
        return (self._full(here[0].ref) if here else None) or title or self.memories[k].last_person

    def _body(self, k: int, voice: Voice, *, many: bool) -> ActorRef | None:
        for back in range(4):
            at = k - back
            if at < 0:
                break
            spoken = [
                ref for _, ref in self.spoken.get(at, ()) if not (is_person(ref) and ref.kind == "person")
            ]
            if spoken:
                return spoken[-1]
            named = [
                p
                for p in self._outside(at)
                if (back or p.last < voice.first)
                and p.role in ("name", "body", "capital", "unknown")
                and not (p.possessive or p.modifier)
                and self.sentences[at].low(p.first - 1) not in PREPOSITION
            ]
            if named and not many:
                return named[0].ref
            if back and many and (group := self._subject_group(at)) is not None:
                return group
        return None

    def _subject_group(self, k: int) -> ActorRef | None:
        """The subject of a sentence's first verb when it is more than one: "The two sides agreed"."""
        parsed = self.sentences[k]
        inside = {m for first, last in self.quoted[k] for m in range(first, last + 1)}
        for i in range(1, min(len(parsed.tokens), 30)):
            if i not in inside and is_finite(parsed, self.lexicon, i):
                voice = voice_before(parsed, i, 0)
                text = voice.ref.text if voice is not None and not voice.pronoun else ""
                if voice is not None and speaks(voice) and (text.endswith("s") or " and " in text):
                    return voice.ref
        return None

    def _full(self, ref: ActorRef) -> ActorRef:
        known = self.full.get((ref.name or ref.text).split()[-1])
        return known if known is not None and ref.code is None else ref

    def _outside(self, k: int) -> list[Party]:
        ranges = self.quoted[k]
        return [
            p
            for p in self.sentences[k].parties
            if not any(first <= p.first <= last for first, last in ranges)
        ]


def _meant(ref: ActorRef, known: ActorRef) -> ActorRef:
    """A pronoun with the name, code and office of whom it means; who has no name is called as before."""
    if known.name is None:
        return known.model_copy(update={"score": 0.7})
    return ref.model_copy(
        update={
            "name": known.name,
            "code": known.code,
            "office": known.office,
            "kind": known.kind,
            "score": 0.7,
        }
    )
