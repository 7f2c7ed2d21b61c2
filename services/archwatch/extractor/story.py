"""A flagged story in, the public event's data out."""

from typing import Final

from archwatch.contracts.entry import Entry
from archwatch.contracts.event import EntryRef, FlaggedStory, StoryHead
from archwatch.contracts.story import Story
from archwatch.extractor.extract import Coder, extract

_EXCERPT: Final = 300


def code_story(story: Story, coder: Coder) -> FlaggedStory:
    """Codes a story: revision 1, with the one entry that carries it. Only an excerpt of its text goes out."""
    entry = story.entry
    language = story.language or entry.language
    found = extract(
        entry.title,
        entry.summary,
        entry.text,
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
        excerpt=excerpt(entry),
        missing=missing,
    )
    return FlaggedStory(
        story=head,
        relevance=story.relevance,
        topics=story.topics,
        events=found.events,
        quotes=found.quotes,
        places=found.places,
        mentions=found.mentions,
        reason=found.reason,
    )


def excerpt(entry: Entry) -> str:
    """The lead, else the beginning of the text, else the title: at most 300 characters, cut after a word."""
    text = " ".join((entry.summary or entry.text or entry.title).split())
    if len(text) <= _EXCERPT:
        return text
    cut = text[: _EXCERPT - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:-–") + "…"
