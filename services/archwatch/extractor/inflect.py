"""English inflection, as far as matching verbs and nouns of a lexicon needs it."""

from typing import Final, Literal

Tense = Literal["base", "s", "past", "participle", "ing"]

# base past participle; what is missing is regular
_IRREGULAR: Final = """
be was been, bear bore borne, beat beat beaten, become became become, begin began begun, bid bid bid,
bind bound bound, blow blew blown, break broke broken, bring brought brought, build built built, buy
bought bought, catch caught caught, choose chose chosen, come came come, cost cost cost, cut cut cut,
deal dealt dealt, do did done, draw drew drawn, drive drove driven, eat ate eaten, fall fell fallen,
feed fed fed, feel felt felt, fight fought fought, find found found, flee fled fled, fly flew flown,
forbid forbade forbidden, forget forgot forgotten, freeze froze frozen, get got got, give gave given, go
went gone, grow grew grown, hang hanged hanged, have had had, hear heard heard, hide hid hidden, hit hit
hit, hold held held, keep kept kept, know knew known, lay laid laid, lead led led, learn learned
learned, leave left left, lend lent lent, let let let, lie lied lied, lose lost lost, make made made,
mean meant meant, meet met met, overrun overran overrun, overthrow overthrew overthrown, pay paid paid,
put put put, quit quit quit, read read read, ring rang rung, rise rose risen, run ran run, say said
said, see saw seen, seek sought sought, sell sold sold, send sent sent, set set set, shake shook shaken,
shed shed shed, shoot shot shot, show showed shown, shut shut shut, sink sank sunk, sit sat sat, speak
spoke spoken, spend spent spent, spread spread spread, stand stood stood, steal stole stolen, stick
stuck stuck, strike struck struck, swear swore sworn, write wrote written, sweep swept swept, take took
taken, teach taught taught, tear tore torn, tell told told, think thought thought, throw threw thrown,
undertake undertook undertaken, understand understood understood, uphold upheld upheld, withdraw
withdrew withdrawn, withhold withheld withheld, win won won, write wrote written, retake retook retaken,
withstand withstood withstood, arise arose arisen, shun shunned shunned, input input input, slit slit
slit, split split split, rid rid rid, beset beset beset, bet bet bet, wed wed wed, upset upset upset,
thrust thrust thrust, hurt hurt hurt, grind ground ground
"""
_PARTS: Final = {
    parts[0]: (parts[1], parts[2])
    for parts in (entry.split() for entry in _IRREGULAR.replace("\n", " ").split(","))
}
_DOUBLING_WORDS: Final = """
ban beg bar plan stop drop slap slam rap rip jab rob stab shun pat plot plug quit permit admit commit
submit compel expel repel rebut refer defer deter infer prefer transfer confer concur occur cut hit put
set let get run sit win shut begin forget chat club nab jam snub scrap strip wrap ship equip swap trap
pin scan prod nod bid bet dig hug log mob pad patrol control travel cancel quarrel veil marshal label
dial bug whip ram dub grab gun spur stem stir step tap trim tug top wed unplug kidnap overrun input bus
upset quip
"""
_DOUBLING: Final = frozenset(_DOUBLING_WORDS.split())


def _doubled(verb: str) -> str:
    return verb + verb[-1] if verb in _DOUBLING else verb


def third_person(word: str) -> str:
    """The form in -s: also the plural of a noun."""
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith("o") and word in {"go", "do", "veto", "echo", "undergo", "torpedo", "embargo"}:
        return word + "es"
    return word + "s"


def verb_forms(verb: str) -> dict[str, set[Tense]]:
    """Every form of a verb with what it may be; a particle stays where it is not part of `verb`."""
    forms: dict[str, set[Tense]] = {}

    def put(form: str, tense: Tense) -> None:
        forms.setdefault(form, set()).add(tense)

    put(verb, "base")
    put(third_person(verb) if verb not in {"be", "have"} else {"be": "is", "have": "has"}[verb], "s")
    if verb in _PARTS:
        past, participle = _PARTS[verb]
    elif verb.endswith("e"):
        past = participle = verb + "d"
    elif verb.endswith("y") and verb[-2:-1] not in "aeiou":
        past = participle = verb[:-1] + "ied"
    elif verb.endswith("c") and verb in {"panic", "picnic"}:
        past = participle = verb + "ked"
    else:
        past = participle = _doubled(verb) + "ed"
    put(past, "past")
    put(participle, "participle")
    if verb.endswith("ie"):
        put(verb[:-2] + "ying", "ing")
    elif verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        put(verb[:-1] + "ing", "ing")
    else:
        put(_doubled(verb) + "ing", "ing")
    if verb == "be":
        for form in ("are", "am"):
            put(form, "s")
        put("were", "past")
    if verb in {"cancel", "travel", "label", "marshal", "quarrel"}:  # American spelling
        put(verb + "ed", "past")
        put(verb + "ed", "participle")
        put(verb + "ing", "ing")
    return forms
