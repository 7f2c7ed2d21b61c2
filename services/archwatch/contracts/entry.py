"""A feed entry, normalised: what the scheduler puts on `archwatch.entries.v1`."""

from pydantic import Field

from archwatch.contracts.message import Id, Message, Missing, Utc


class Entry(Message):
    """One item of one feed, in plain text and UTC, before anyone judged it."""

    id: Id = Field(description="stable: the same item of the same feed always has the same id")
    feed: str = Field(description="the feed's URL as listed, without credentials")
    source: str = Field(description="the outlet's name")
    group: str | None = Field(None, description="the outlet's group in the feed list")
    owner: str | None = Field(None, description="who owns the outlet, as the feed list says: one voice")
    guid: str | None = Field(None, description="the item's own identifier, as the feed gave it")
    url: str | None = Field(None, description="canonical link, without tracking parameters")
    title: str = Field(description="plain text; may be empty when there is a summary or text")
    summary: str = Field("", description="plain text of the lead")
    text: str = Field("", description="plain text of the body, where the feed carries it")
    language: str | None = Field(None, description="as declared by the feed (BCP 47), not detected")
    published_at: Utc | None = None
    published_raw: str | None = Field(None, description="the date as the feed wrote it")
    fetched_at: Utc
    missing: Missing = Field(default_factory=dict)

    def reading(self) -> str:
        """Title, summary and text as one text: what classifier and extractor read."""
        return "\n\n".join(part for part in (self.title, self.summary, self.text) if part)
