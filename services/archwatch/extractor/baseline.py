"""Plain coders to measure ours beside: what a day's work would give. Not part of the service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from archwatch.extractor.extract import Coder
from archwatch.extractor.pairing import Coded
from archwatch.extractor.tokens import tokenize

FOLDS: Final = 5


def first_verb(text: str, coder: Coder, *, published_at: datetime | None) -> list[Coded]:
    """The first verb of the lexicon with the first party that has a code as actor and the second as
    recipient: one event or none. Neither syntax, negation nor tense."""
    named, _ = coder.gazetteer.find(text, language="en", published_at=published_at)
    codes = list(dict.fromkeys(party.sense.code for party in named if party.sense.code))
    for token in tokenize(text, 0, named):
        hits = coder.lexicon.hits.get(token.text.lower(), ()) if token.named is None else ()
        verb = next((hit.pattern for hit in hits if hit.pattern.kind == "verb"), None)
        if verb is not None and codes:
            return [Coded(verb.event_type, frozenset(codes[:1]), frozenset(codes[1:2]))]
    return []


def types_by_words(texts: Sequence[str], types: Sequence[str], groups: Sequence[str]) -> list[str]:
    """The type of each text by TF-IDF of words and pairs with a linear SVM, taught on the other folds; texts
    of one group are in one fold. The baseline of Hu et al. 2024 (ZSP)."""
    svm = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC())
    folds = GroupKFold(min(FOLDS, len(set(groups))))
    return [str(name) for name in cross_val_predict(svm, texts, np.array(types), groups=groups, cv=folds)]
