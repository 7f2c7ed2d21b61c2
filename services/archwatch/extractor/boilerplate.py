"""What stands on the page and is no sentence of the story: boxes, links, bylines, datelines."""

import re
from typing import Final

_LINES: Final = (
    r"source(?: link)?", r"(?:just|must) watch(?:ed)?\b.*", r".*\breplay more videos\b.*",
    r"read more(?: at| here|:|\.{3}).*", r"read more", r"(?:read|see) also:?.*",
    r"also read:?.*", r"more:.*", r"subscribe\b.*", r"sign up\b.*", r"share (?:this|on)\b.*",
    r"follow us\b.*", r"click here\b.*", r"advertis(?:ement|ing)", r"(?:photo|image)(?: credit)?s?:.*",
    r"we don[’']t spam.*", r".*\bnews to your inbox\b.*", r".*\bprivacy policy\b.*",
    r".*\bterms of (?:use|service)\b.*", r".*\bcookies?\b.{0,60}(?:accept|policy|consent).*",
    r"all rights reserved.*", r".*©.*", r"copyright \S+.*", r"\(?(?:reporting|editing) by .*",
    r"(?:write to|contact) .{0,60}@.*", r"related (?:stories|articles|news|topics)\b.*",
    r"continue reading.*", r"the post .{0,200} appeared first on.*", r"comments? \(\d+\)", r"tags?:.*",
    r"recommended\b.{0,40}", r"https?://\S+", r"loading\W*", r"mehr zum thema.*", r"weiterlesen.*",
    r"lire (?:aussi|la suite).*", r"читайте также.*", r"подписывайтесь.*", r"подробнее\W*",
    r"czytaj (?:też|także|więcej).*", r"zobacz (?:też|także).*", r"citește și.*", r"citeşte şi.*",
    r"(?:share|tweet|post|email|print|copy link|whatsapp|facebook|twitter|comments?|menu|skip .{0,30})",
    r"(?:file )?(?:photo(?:graph)?|picture|image|video|caption)(?: credit| caption)?:.{0,300}",
    r".{0,200}\b(?:delivered|straight|direct(?:ly)?|sent|news) to your (?:inbox|phone|e-?mail)\b.*",
    r"(?:we|this (?:web)?site|our site) uses? cookies\b.*",
    r"by (?:signing|clicking|subscribing|continuing)\b.*",
    r"(?:download|get) (?:the|our) .{0,30}\bapp\b.*", r"(?:join|like) us on .{0,60}",
    r"(?:listen|watch) ?(?:now|here|live)\W*",
    r"(?:most read|most popular|top stories|trending|you may also like|more from .{0,40})\W*",
    r"(?:story )?highlights\W*", r"live updates?\W*", r"more on this story\W*",
    r"this (?:article|story) (?:was )?(?:originally|first) (?:published|appeared).*",
    r"leggi anche.*", r"le[ae] también.*", r"читайте також.*", r"підписуйтесь.*",
)  # fmt: skip
_BOILERPLATE: Final = re.compile(rf"^\W*(?:{'|'.join(_LINES)})\W*$", re.IGNORECASE)
_BYLINE: Final = re.compile(
    r"^\s*(?:[Bb]y|[Vv]on|[Pp]ar|[Аа]втор:)\s+[A-ZÀ-Þ][\w.’'\-]+(?:\s+(?:and\s+)?[A-ZÀ-Þ][\w.’'\-]+){1,6}\s*$"
)
_CAPITAL: Final = "A-ZÀ-ÞА-ЯІЇЄ"
_MONTHS: Final = (
    r"Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec|января|февраля|марта|апреля|мая|июня|июля|августа|"
    r"сентября|октября|ноября|декабря"
)
_DATELINE: Final = re.compile(
    rf"^\s*(?:[{_CAPITAL}][\w’'.\-]*(?:[ ,/]+[{_CAPITAL}][\w’'.\-]*){{0,4}}\s*,?\s*)"
    rf"(?:(?:\d{{1,2}}\s+)?(?:{_MONTHS})\w*\.?(?:\s+\d{{1,2}})?(?:,?\s+\d{{4}})?\.?\s*)?"
    r"(?:\([^()\n]{1,25}\)\s*[-–—]+|"
    r"[/(]\s*[A-Z][\w. \-]{1,25}\s*[/)]\s*[.:\-–—]*|\.?\s*[–—]{1,2}\s|--+\s?|\s-\s)\s*"
)
_UPPER_PLACE: Final = re.compile(rf"^\s*[{_CAPITAL}][{_CAPITAL}\-’']{{2,}}")


def is_boilerplate(line: str) -> bool:
    """Newsletter boxes, "Source Link", read-more lines, bylines: the page's, not the story's."""
    return len(line) < 400 and bool(_BOILERPLATE.match(line) or _BYLINE.match(line))


def dateline(line: str) -> int:
    """How many characters of "MOSCOW, February 10. /TASS/." or "KYIV (Reuters) -" stand before the story."""
    head = line[:120]
    match = _DATELINE.match(head)
    if match and (_UPPER_PLACE.match(head) or "/" in match.group() or match.group().rstrip()[-1] in "-–—:."):
        return match.end()
    return 0
