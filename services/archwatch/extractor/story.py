"""A flagged story in, the public event's data out."""

from collections.abc import Sequence
from typing import Final

from archwatch.contracts.entry import Entry
from archwatch.contracts.event import EntryRef, FlaggedStory, Quote, StoryHead
from archwatch.contracts.story import Story
from archwatch.extractor.article import Article
from archwatch.extractor.extract import Coder, extract

_EXCERPT: Final = 300
QUOTE_CHARS: Final = 1_000
# of all quotes of a story: the words are the publisher's, and only an excerpt is ours to publish
_QUOTED_SHARE: Final = 3
_QUOTED_AT_LEAST, _QUOTED_AT_MOST = 1_000, 5_000


def code_story(story: Story, coder: Coder, article: Article | None = None) -> FlaggedStory:
    """Codes a story: revision 1, with the one entry that carries it. Only an excerpt of its text goes out.

    The text is the article's where one was read, else the feed's; spans count characters of title, summary
    and that text, joined by blank lines.
    """
    entry = story.entry
    language = story.language or entry.language
    text = coded_text(entry, article)
    found = extract(
        entry.title,
        entry.summary,
        text,
        published_at=entry.published_at,
        language=language,
        coder=coder,
    )
    missing = {
        name: why for name, why in entry.missing.items() if name in ("url", "published_at", "language")
    }
    for name, value, why in (
        ("url", entry.url, "the feed gives no link"),
        ("published_at", entry.published_at, "the feed gives no date"),
        ("language", language, "not declared and not detected"),
    ):
        if value is None:
            missing.setdefault(name, why)
    quotes = quotable(found.quotes, len(entry.title) + len(entry.summary) + len(text))
    if left_out := len(found.quotes) - len(quotes):
        missing["quotes"] = f"{left_out} more are left out: not so much of a text is published"
    head = StoryHead(
        id=story.id,
        revision=1,
        title=entry.title,
        url=entry.url,
        source=entry.source,
        feed=entry.feed,
        language=language,
        published_at=entry.published_at,
        fetched_at=entry.fetched_at,
        entries=(EntryRef(id=entry.id, source=entry.source, url=entry.url, published_at=entry.published_at),),
        source_count=1,
        excerpt=excerpt(entry, text),
        missing=missing,
    )
    return FlaggedStory(
        story=head,
        relevance=story.relevance,
        topics=story.topics,
        events=found.events,
        quotes=quotes,
        places=found.places,
        mentions=found.mentions,
        reason=_reason(found.reason, article),
    )


def coded_text(entry: Entry, article: Article | None) -> str:
    """The article's text where one was read, else the feed's."""
    return (article and article.text) or entry.text


def excerpt(entry: Entry, text: str) -> str:
    """The lead, else the beginning of the text, else the title: at most 300 characters, cut after a word."""
    words = " ".join((entry.summary or text or entry.title).split())
    return _cut(words, _EXCERPT - 1) + "…" if len(words) > _EXCERPT else words


def quotable(quotes: Sequence[Quote], length: int) -> tuple[Quote, ...]:
    """The first quotes, each at most 1,000 characters and together at most a third of the text of `length`
    (at least 1,000, at most 5,000 characters). A quote that is cut ends where its text does, and says so."""
    left = min(_QUOTED_AT_MOST, max(_QUOTED_AT_LEAST, length // _QUOTED_SHARE))
    kept: list[Quote] = []
    for quote in quotes:
        short = _cut(quote.text, min(QUOTE_CHARS, left))
        if not short:
            break
        left -= len(short)
        if len(short) < len(quote.text):
            why = f"only the first {len(short)} of {len(quote.text)} characters are published"
            missing = {**quote.missing, "text": why}
            cut = {"text": short, "end": quote.start + len(short), "missing": missing}
            kept.append(quote.model_copy(update=cut))
        else:
            kept.append(quote)
    return tuple(kept)


def _reason(reason: str | None, article: Article | None) -> str | None:
    if reason is None or article is None or article.text:
        return reason
    return f"{reason}; the article was not to be had ({article.outcome}: {article.why})"


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters from the beginning, whole words where there are any."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1]
    return (cut.rsplit(None, 1)[0] if len(cut.split(None, 1)) > 1 else cut[:limit]).rstrip(" ,;:-–")
