"""What the model sees of a text: its words, the concepts behind them, and which concepts meet in a sentence.

Names of states, alliances and persons are not features by themselves: they count as the side that
they stand for (see concepts.py). The hashing needs no vocabulary, so that a model loads at once.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from scipy.sparse import csr_matrix
from sklearn.feature_extraction import FeatureHasher

from archwatch.classifier.concepts import SIDES, concepts_of

SCHEMA: Final = "words+concepts+pairs/4"
SIZE: Final = 1 << 18
MAX_CHARS: Final = 600  # a story says what it is about in its headline and lead
# without headlines it must be gathered from more of the text, by a model that was taught on such texts: one
# taught on headlines takes the many words of a long text for reasons
MAX_UNTITLED: Final = 3_000
_SENTENCE_END: Final = re.compile(r"(?<=\w\w[.!?…])\s+|[\n\r]+|(?<=[.!?…][\"”»“])\s+")
_WORD: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:-[^\W\d_]+)*")
_LINK: Final = re.compile(r"\w+://\S+|\bwww\.\S+", re.IGNORECASE)
_LONGEST_WORD: Final = 40
_MAX_CONCEPTS: Final = 12  # in one sentence; pairs grow with their square


class Text(Protocol):
    """Anything with the parts of a story in plain text."""

    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def text(self) -> str: ...


def features(item: Text, untitled: int = MAX_CHARS) -> list[tuple[str, str]]:
    """(feature, the words that it stands on), with repetitions: of the first 600 characters, or, of a text
    without title, the first `untitled`."""
    most = MAX_CHARS if item.title else untitled
    return [pair for sentence in _sentences(item, most) for pair in _of_sentence(sentence)]


def matrix(items: Sequence[Text], untitled: int = MAX_CHARS) -> csr_matrix:
    """Counts, shape (len(items), SIZE)."""
    if not items:
        return csr_matrix((0, SIZE))
    hasher = FeatureHasher(SIZE, input_type="string", alternate_sign=False)
    return hasher.transform([feature for feature, _ in features(item, untitled)] for item in items)


def column(names: Sequence[str]) -> list[int]:
    """The column that each feature falls into."""
    hasher = FeatureHasher(SIZE, input_type="string", alternate_sign=False)
    return [int(i) for i in hasher.transform([name] for name in names).indices]


def _sentences(item: Text, most: int) -> Iterator[list[str]]:
    left = most
    for part in (item.title, item.summary, item.text):
        cut = unicodedata.normalize("NFKC", part[:left])[:left]
        left -= len(cut)
        if "://" in cut or "www." in cut.lower():  # asked first: to look for links takes longer than to read
            cut = _LINK.sub(" ", cut)
        for sentence in _SENTENCE_END.split(cut):
            words = [word.replace(".", "")[:_LONGEST_WORD] for word in _WORD.findall(sentence)]
            if words:
                yield words


def _of_sentence(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    meant: dict[str, str] = {}
    for word, concept in zip(words, concepts_of(words), strict=True):
        if concept is None or concept not in SIDES:
            yield word.casefold(), word
        if concept is not None:
            yield f"#{concept}", word
            if len(meant) < _MAX_CONCEPTS:
                meant.setdefault(concept, word)
    together = sorted(meant)
    for position, one in enumerate(together):
        for other in together[position + 1 :]:
            yield f"#{one}+{other}", f"{meant[one]} + {meant[other]}"
