"""Words of speech: who speaks, which verbs report, and what ends the words said."""

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What stands before a name and is none of it; alone, it is somebody who speaks.
TITLES: Final = _words(
    "president minister secretary senator sen rep gov gen adm lt col maj capt sgt dr prof mr mrs ms "
    "chancellor premier spokesman spokeswoman spokesperson ambassador administrator director chairman "
    "chairwoman chair chief leader analyst commissioner envoy governor mayor king queen prince pope "
    "general admiral colonel representative congressman congresswoman adviser advisor attorney judge "
    "justice deputy undersecretary commander counsel lawyer professor sir lady lord head official expert "
    "rev co-chairman vice lawmaker activist economist author pm mp mep fm captain historian strategist "
    "republican democrat sheriff executive ceo"
)
# Bodies and documents that say things.
BODIES: Final = _words(
    "agency department ministry committee council commission army forces party group union bank court "
    "university institute association organization organisation company corp inc post times news journal "
    "press guardian op-ed editorial column blog coalition alliance team bloc regime movement leadership "
    "insiders telegraph herald house office service bureau center centre foundation board force command "
    "embassy parliament congress senate government administration statement report letter campaign staff "
    "media fund network treaty agreement document transcript text declaration message"
)
# People by what they are, where the ending of the word does not tell.
FOLK: Final = _words(
    "pontiff pope tsar premier men man women woman people sources source critics allies aides aide "
    "experts neighbours neighbors locals police state states authorities authority colleagues witnesses "
    "witness refugees migrants survey study poll memo article paper indictment law filing complaint "
    "resolution book website page tweet communique sides side capitals crew friend friends mother father "
    "wife husband brother sister son daughter west kremlin majority headquarters affairs guard navy "
    "troops fighters outlets outlet channel observers chiefs generals"
)
# Words whose full stop ends no noun group.
ABBREVIATED: Final = _words("sen rep gov gen adm lt col maj capt sgt dr prof mr mrs ms jr sr st rev u.s")
# What no noun group reaches over.
GROUP_END: Final = _words(
    "that which who whom whose when while where whereas because if unless although though as since until "
    "after before but or so than he she it they we i you this these those what how why there then and nor "
    "& : ; , ( ) [ ] — – . ! ? … / said says"
)
# Verbs of thinking, wishing and asking: with a quotation they quote, without one they report no words.
NO_REPORT: Final = _words(
    "believe think hope ask urge demand describe expect fear feel call dismiss denounce label brand refer "
    "condemn hail praise blast slam criticise criticize mock wonder joke speak talk quote question deem "
    "dub go consider regard greet welcome compare order conclude assess estimate reason guess reckon "
    "request appeal begin cite respond reply exclaim shout"
)
# Verbs that give a thing a name: what they call it may stand in marks.
LABELLING: Final = _words(
    "call describe dismiss denounce label brand refer condemn hail praise blast slam criticise criticize "
    "mock deem dub consider regard welcome compare urge demand accuse characterize characterise cite"
)
# Verbs that are acts as well: what stands before them need not be said.
ACTS: Final = _words("confirm announce declare reveal promise pledge report signal assure notify")
# Verbs of saying that are nouns as well.
NOUNS_TOO: Final = _words(
    "claim report state note comment reply joke question signal estimate demand hope promise pledge post "
    "answer request order appeal reveal caution quip charge tweet counter"
)
# Verbs of saying that take whom it is said to.
ADDRESSED: Final = _words("tell warn assure remind inform notify advise convince reassure")
# Words that open a clause as its subject.
SUBJECTS: Final = _words("it they he she we i you there this that these those")
# Words after a verb of saying that open no clause.
NO_CLAUSE: Final = _words(
    "to of about for against with by at in on from into over as so "
    "when after before because until since despite amid who which"
)
# What opens a sentence whose first part is not said by anybody.
OPENING_CLAUSE: Final = _words(
    "when asked while after before as calling speaking in at on with by from during referring responding"
)
# What "reads".
DOCUMENTS: Final = _words(
    "letter statement text tweet document declaration post message sign banner communique resolution "
    "email note story headline article report caption"
)
# Outlets: they hand on what others say.
OUTLETS: Final = _words(
    "media agency news newspaper reuters tass afp ap interfax ria bloomberg times post journal telegraph "
    "guardian cnn bbc fox npr abc nbc cbs msnbc yonhap kcna xinhua tabloid daily magazine broadcaster "
    "channel television tv"
)
# Endings of nouns for people: analyst, adviser, lawmaker, diplomat.
AGENT: Final = re.compile(r"(?:ist|er|or|ian|ial|ant|ent|mat|iat|an|ese|eer|yst|ive|ee|ary|ic|ty)s?$")
