"""The messages that cross a boundary: one frozen type for each stage of a story's life."""

from archwatch.contracts.alert import Alert
from archwatch.contracts.entry import Entry
from archwatch.contracts.event import (
    ActorRef,
    Attribution,
    CodedEvent,
    EntryRef,
    EventDate,
    Evidence,
    FlaggedStory,
    Mention,
    Place,
    Quote,
    Speaker,
    StoryHead,
)
from archwatch.contracts.story import Relevance, Story, TopicScore

__all__ = [
    "ActorRef",
    "Alert",
    "Attribution",
    "CodedEvent",
    "Entry",
    "EntryRef",
    "EventDate",
    "Evidence",
    "FlaggedStory",
    "Mention",
    "Place",
    "Quote",
    "Relevance",
    "Speaker",
    "Story",
    "StoryHead",
    "TopicScore",
]
