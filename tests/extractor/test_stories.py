"""One story, once: entries of several outlets through the stage, with a real log and store."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archwatch.contracts.codec import decode_event, encode_message
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.story import Story
from archwatch.contracts.topics import EVENTS, STORIES, TOPICS
from archwatch.eventlog.local import LocalLog
from archwatch.extractor.extract import Coder
from archwatch.extractor.service import extractor_stage
from archwatch.stage import Surroundings, run_stage
from archwatch.store import open_store
from archwatch.stories.desk import StoryDesk
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from samples import NOW, entry, story

LEAD = "Oslo told its allies on Tuesday that the fjords will see no further launch site before the election."
TITLE = "Norway rejects a second missile base"


@pytest.fixture(scope="module")
def coder(root: Path) -> Coder:
    return Coder.load(root / "config/actors.yaml", root / "config/verbs.yaml", root / "models/events")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LocalLog]:
    log = LocalLog(tmp_path / "log.db")
    log.ensure_topics(TOPICS)
    yield log
    log.close()


def carried(id: str, outlet: str, title: str, minutes: int, lead: str = LEAD, language: str = "en") -> Story:  # noqa: A002
    at = NOW + timedelta(minutes=minutes)
    head = entry(id, title, source=outlet, summary=lead, published_at=at, fetched_at=at, language=language)
    return story(id).model_copy(update={"entry": head, "language": language})


FOUND = (
    carried("e1", "Wire", TITLE, 0),
    carried("e2", "Daily", "Norway says no to a second missile base", 20),
    carried("e3", "Zeitung", "Norwegen lehnt zweiten Raketenstützpunkt ab", 40,
            "Oslo teilte den Verbündeten mit, vor der Wahl werde es keine weitere Anlage geben.", "de"),
    carried("e4", "Other", "Turkey and Greece hold talks on the Aegean", 50, "The ministers met in Ankara."),
)  # fmt: skip
EDITED = carried("e1-edited", "Wire", TITLE + "!", 60, LEAD.replace("Tuesday that", "Tuesday, that"))


def work(log: LocalLog, folder: Path, coder: Coder, *stories: Story) -> tuple[list[FlaggedStory], Metrics]:
    """A process that starts, works off what there is, and ends: what it put on the log."""
    before = {record.partition: record.offset for record in log.read(EVENTS.name)}
    log.append([encode_message(STORIES, one.id, one) for one in stories])
    stop, done, metrics = threading.Event(), threading.Event(), Metrics()
    done.set()
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    stage = extractor_stage(
        coder, desk=StoryDesk(store), source="urn:test", metrics=metrics, clock=lambda: NOW
    )
    try:
        run_stage(stage, Surroundings(log, metrics, Health(), stop, 10, 0.5, 20), done)
    finally:
        store.close()
    return [decode_event(record) for record in log.read(EVENTS.name, after=before)], metrics


def test_a_story_is_flagged_once_and_edits_restarts_and_replays_tell_nothing(
    log: LocalLog, tmp_path: Path, coder: Coder
) -> None:
    told, metrics = work(log, tmp_path, coder, *FOUND)
    assert [data.story.id for data in told if data.story.revision == 1] == ["e1", "e4"]
    (last,) = [data for data in told if data.story.revision == 3]
    assert [ref.source for ref in last.story.entries] == ["Wire", "Daily", "Zeitung"]
    # the second outlet copies the wire's lead, the third has words of its own
    assert (last.story.source_count, last.story.independent_sources) == (3, 2)
    assert metrics.total("archwatch_story_revisions_total", tells="opened") == 2
    assert metrics.total("archwatch_story_revisions_total") == len(told)
    assert metrics.value("archwatch_stage_records_total", stage="extractor", outcome="published") == 4

    assert work(log, tmp_path, coder, EDITED)[0] == []
    assert work(log, tmp_path, coder)[0] == []
    again, metrics = work(log, tmp_path, coder, *FOUND, EDITED)
    assert again == []
    assert metrics.value("archwatch_stage_records_total", stage="extractor", outcome="joined") == 5


def test_a_replay_into_a_new_store_gives_the_same_stories(
    log: LocalLog, tmp_path: Path, coder: Coder
) -> None:
    told, _ = work(log, tmp_path, coder, *FOUND, EDITED)
    anew = tmp_path / "anew"
    anew.mkdir()
    assert work(log, anew, coder, *FOUND, EDITED)[0] == told
