"""Which language a text is in, offline. Unknown is unknown: never a guess."""

import re
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_MAX_CHARS: Final = 300  # more says no more, and takes longer
_MIN_LETTERS: Final = 12
# below a half a short headline of names is taken for any language at all
_MIN_CONFIDENCE: Final = 0.5
# rarely or never the language of a news feed, and often mistaken for one that is
_NOT_OF_NEWS: Final = frozenset({"an", "br", "eo", "la", "lb", "nn", "oc", "pcm", "qu", "se", "vo", "wa"})
_NO_LANGUAGE: Final = "zxx"  # ISO 639-2: no linguistic content
_NOISE: Final = re.compile(r"\w+://\S+|\bwww\.\S+|[@#]\w+|[\W\d_]+", re.IGNORECASE)


def detect(text: str) -> tuple[str | None, float]:
    """(ISO 639-1 code, confidence 0..1); (None, ...) for too little text, only links or digits, or doubt."""
    words = _NOISE.sub(" ", text[:_MAX_CHARS]).strip()
    if len(words) - words.count(" ") < _MIN_LETTERS:
        return None, 0.0
    language, confidence = _identifier().classify(words)
    known = confidence >= _MIN_CONFIDENCE and language != _NO_LANGUAGE
    return (language if known else None), round(float(confidence), 3)


def detect_or_declared(text: str, declared: str | None) -> str | None:
    """What the text shows; where it shows nothing clearly, what the feed declares; else None."""
    found, _ = detect(text)
    spoken = (declared or "").lower().partition("-")[0]
    return found or (spoken if len(spoken) == 2 and spoken.isalpha() else None)


@cache
def _identifier() -> LanguageIdentifier:
    """The table of languages, read once: 130 MB and constant."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(set(identifier.labels) - _NOT_OF_NEWS)
    return identifier
