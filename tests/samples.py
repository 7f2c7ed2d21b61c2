"""Messages as the services write them, for tests that need one."""

from datetime import UTC, datetime

from archwatch.contracts import (
    ActorRef,
    CodedEvent,
    Entry,
    EntryRef,
    Evidence,
    FlaggedStory,
    Mention,
    Place,
    Quote,
    Relevance,
    Speaker,
    Story,
    StoryHead,
    TopicScore,
)

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def entry(id: str = "e1", title: str = "Norland rejects a second missile base", **fields: object) -> Entry:  # noqa: A002
    defaults: dict[str, object] = {
        "feed": "https://example.org/feed",
        "source": "Example Wire",
        "url": f"https://example.org/{id}",
        "published_at": NOW,
        "published_raw": "Wed, 04 Mar 2026 12:00:00 GMT",
        "fetched_at": NOW,
        "summary": "The foreign minister said the alliance had not been asked.",
    }
    return Entry.model_validate(defaults | {"id": id, "title": title} | fields)


def story(id: str = "e1", **fields: str) -> Story:  # noqa: A002
    return Story(
        id=id,
        entry=entry(id, **fields),
        language="en",
        relevance=Relevance(score=0.93, threshold=0.5, flagged=True, model="m1", reasons=("missile base",)),
        topics=(TopicScore(id="force-posture", score=0.8),),
    )


def flagged_story(id: str = "e1", revision: int = 1) -> FlaggedStory:  # noqa: A002
    one = story(id)
    actor = ActorRef(text="Norland", start=0, end=7, code="NOR", name="Norway", kind="state")
    return FlaggedStory(
        story=StoryHead(
            id=id,
            revision=revision,
            title=one.entry.title,
            url=one.entry.url,
            source=one.entry.source,
            feed=one.entry.feed,
            language="en",
            published_at=NOW,
            fetched_at=NOW,
            entries=(EntryRef(id=id, source=one.entry.source, url=one.entry.url, published_at=NOW),),
            source_count=1,
            excerpt=one.entry.summary,
        ),
        relevance=one.relevance,
        topics=one.topics,
        events=(
            CodedEvent(
                event_type="REJECT",
                quad_code=3,
                intensity=-2,
                actors=(actor,),
                evidence=Evidence(text=one.entry.title, start=0, end=len(one.entry.title)),
                confidence=0.7,
                missing={"date": "no date in the sentence", "place": "no place in the sentence"},
            ),
        ),
        quotes=(
            Quote(
                text="the alliance had not been asked",
                speaker=Speaker(text="The foreign minister", office="foreign minister"),
                verb="said",
                kind="indirect",
                start=40,
                end=98,
            ),
        ),
        places=(Place(name="Oslo", country="NOR"),),
        mentions=(Mention(code="NOR", name="Norway", count=1),),
    )
