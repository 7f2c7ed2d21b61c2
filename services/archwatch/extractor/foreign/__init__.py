"""Other languages than English: one shallow reading for all, one file of words for each.

What a language says is in config/languages/, whose keys de.yaml explains. The reading knows clauses, the
order of subject, verb and object, cases and passives; no syntax beyond, and it is silent where unsure.
"""

from archwatch.extractor.foreign.code import code_foreign
from archwatch.extractor.foreign.speakers import speaker

__all__ = ["code_foreign", "speaker"]
