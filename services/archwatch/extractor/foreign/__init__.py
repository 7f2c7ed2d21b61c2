"""Other languages than English: one shallow reading for all, one file of words for each.

What a language says is in config/languages/; see `grammar` for the keys. The reading knows clauses, the order
of subject, verb and object, cases, and passives; it knows no syntax beyond, and keeps silent where it is unsure.
"""

from archwatch.extractor.foreign.code import code_foreign
from archwatch.extractor.foreign.speakers import speaker

__all__ = ["code_foreign", "speaker"]
