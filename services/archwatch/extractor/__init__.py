"""From a flagged story to who did or said what to whom: pure functions, no I/O but reading config/."""

from archwatch.extractor.extract import Coder, Extraction, extract
from archwatch.extractor.story import code_story

__all__ = ["Coder", "Extraction", "code_story", "extract"]
