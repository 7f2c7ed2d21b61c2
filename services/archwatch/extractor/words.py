"""The closed classes of English, as sets: what a shallow reader needs to find its way in a sentence."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BE: Final = _words("be is are was were been being am 's 're isn't aren't wasn't weren't ’s ’re")
HAVE: Final = _words("has have had having hasn't haven't hadn't 've ’ve")
MODAL: Final = _words(
    "will would shall should can could may might must won't wouldn't cannot can't couldn't 'll ’ll "
    "shan't mustn't shouldn't"
)
NEGATION: Final = _words(
    "not n't never no won't wouldn't cannot can't couldn't don't doesn't didn't isn't aren't wasn't weren't "
    "hasn't haven't hadn't shan't without neither nor mustn't shouldn't"
)
DO: Final = _words("do does did don't doesn't didn't")
AUXILIARY: Final = BE | HAVE | MODAL | DO | {"not", "never", "to", "n't"}
ADVERB: Final = _words(
    "also again already still now then just even only soon today tomorrow yesterday recently once "
    "always ever "
    "often repeatedly once formally long reportedly far thus therefore instead however meanwhile too later "
    "earlier first finally together jointly allegedly all both each yet almost about nearly so "
    "strongly twice "
    "\" “ ” „ « » ‘ ’ ' `"  # marks around a word that quotes it leave the word what it is
)
DETERMINER: Final = _words(
    "the a an this that these those its his her their our my your some any no every each another "
    "several many most few all both such"
)
POSSESSIVE: Final = _words("its his her their our my your 's ’s")
PREPOSITION: Final = _words(
    "of in on at by for with from to into onto over under against between among about after before during "
    "through toward towards near within without upon across around outside inside beyond behind amid amidst "
    "despite via per than like until since following including concerning regarding along alongside off "
    "ahead versus vs throughout besides except"
)
SUBORDINATOR: Final = _words(
    "that which who whom whose when while where whereas because if unless although though as since "
    "until after "
    "before amid despite following but whether so lest once"
)
CLAUSE_END: Final = _words(
    "which who whom whose when while where whereas because if unless although though amid despite but "
    "whether "
    "until lest since after before following as during prompting"
)
PRONOUN: Final = _words("he she it they we i you who one")
PERSON_PRONOUN: Final = _words("he she i")
COORDINATOR: Final = _words("and & or plus")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
TIME: Final = (
    frozenset(WEEKDAYS)
    | frozenset(MONTHS) - {"may", "march"}
    | _words(
        "week weeks month months year years day days night morning afternoon evening weekend today "
        "yesterday tomorrow "
        "tonight last next this earlier late ago early jan feb aug sept oct nov dec hours hour minutes"
    )
)
BEFORE_TIME: Final = _words("on in last next this late early earlier for since during by at over the")
# Words between a nationality and an office that leave the office what it is.
RANK: Final = _words(
    "deputy former first acting new top senior state federal chief special own outgoing ex permanent "
    "then current "
    "incoming interim newly elected national federal prime vice veteran opposition presidential top- "
    "ranking high-ranking "
    "foreign defence defense interior military naval air ground armed security government regional "
    "local central "
    "supreme constitutional high lower upper elite main ruling counter riot secret combat nuclear fighter "
    "army navy peace regular joint domestic leading 's ’s"
)
HAPPENING: Final = _words(
    "took take takes held hold holding continue continued begin began start started open opened end ended "
    "conclude concluded scheduled due resumed resume convened convene gathered convenes opens starts "
    "begins ends"
)
# What may stand before "to" in a verb group: plans to, is set to, wants to ...
INTENDING: Final = _words(
    "plan plans planned planning set due expected ready prepared preparing prepare prepares intend "
    "intends intended going about poised "
    "scheduled aims aim aiming hopes hoping moves looks ready likely decides decided wants want "
    "wanted bound sworn"
)
TRYING: Final = _words(
    "try tries tried trying seek seeks seeking sought attempt attempts attempted consider considers "
    "able unable likely "
    "might want wants wanted could mulls ponders capable"
)
REFUSING: Final = _words(
    "refuse refuses refused refusing decline declines declined failed fails fail unwilling reluctant"
)
# Verbs of saying that report: what follows them is told by their subject.
REPORTING: Final = _words(
    "say tell state declare announce add note claim insist argue explain stress emphasise emphasize "
    "underline underscore comment report reply reiterate repeat remark observe maintain assert confirm "
    "acknowledge admit believe think predict reveal write tweet affirm contend mention indicate "
    "disclose conclude clarify recall warn hint estimate testify signal continue"
)
# Capitalised at the start of a sentence, and no names.
OPENING: Final = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december he she it they we i but what why how who when "
    "where if"
)
# What ends the name of a place, not of a party: the Black Sea.
GEOGRAPHY: Final = _words(
    "sea ocean gulf river strait straits coast island islands region province peninsula corridor valley"
)
# What makes a verb less than fact.
POSSIBLE: Final = _words(
    "would could may might can wouldn't couldn't should possible possibly potential perhaps would-be likely"
)
