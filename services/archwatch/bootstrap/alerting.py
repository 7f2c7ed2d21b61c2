"""Alert rules, the channels of the settings, and a rehearsal of the rules over stories of the past."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from pydantic import SecretStr

from archwatch.alerter.courier import Send
from archwatch.alerter.delivery import ALERTMANAGER, to_alertmanager, to_people
from archwatch.alerter.policy import Policy, read_policy
from archwatch.alerter.service import decided
from archwatch.alerter.unreachable import Known
from archwatch.bootstrap.learned import coder_of, model_of
from archwatch.classifier.topics import read_topics
from archwatch.contracts.alert import Alert
from archwatch.contracts.entry import Entry
from archwatch.contracts.event import FlaggedStory
from archwatch.errors import ConfigError
from archwatch.extractor.actorfile import load_actors
from archwatch.extractor.plover import ONTOLOGY
from archwatch.settings import Channel, Settings
from archwatch.store import open_store


def policy_of(settings: Settings) -> Policy:
    """The rules of the settings. Raises the first ConfigError of them."""
    policy, errors = read_policy(settings.alerter.rules)
    if policy is None:
        raise errors[0]
    return policy


def channels_of(settings: Settings) -> dict[str, Send]:
    """What each channel sends with. Raises ConfigError; no message of it holds an address."""
    senders: dict[str, Send] = {}
    if settings.alerter.alertmanager:
        senders[ALERTMANAGER] = to_alertmanager(settings.alerter.alertmanager)
    for name, channel in settings.alerter.channels.items():
        send = to_people(_url(name, channel).get_secret_value())
        if send is None:
            where = f"alerter.channels.{name}"
            raise ConfigError(where, "no address that Apprise knows", mend="see docs/alerts.md")
        senders[name] = send
    return senders


def alert_mistakes(settings: Settings) -> Sequence[Exception]:
    """Every mistake in the rules, what can never match, and channels that cannot be told."""
    actors = load_actors(settings.extractor.actors)
    topics = [topic.id for topic in read_topics(settings.classifier.topics)[0]]
    names = [*([ALERTMANAGER] if settings.alerter.alertmanager else []), *settings.alerter.channels, "log"]
    scores = {str(kind): (one.score, *one.modes.values()) for kind, one in ONTOLOGY.items()}
    spans = {kind: (min(given), max(given)) for kind, given in scores.items()}
    _, errors = read_policy(settings.alerter.rules, Known(topics, actors.names.keys(), names, spans))
    mistakes: list[Exception] = [*errors]
    try:
        channels_of(settings)
    except ConfigError as error:
        mistakes.append(error)
    return mistakes


def stories_of(settings: Settings, models: Path) -> Callable[[Sequence[Entry]], list[FlaggedStory]]:
    """Entries judged and coded: the stories of those that are flagged."""
    from archwatch.classifier.service import story_of
    from archwatch.extractor.story import code_story

    model, coder = model_of(models), coder_of(settings)
    limit = model.limit(settings.classifier.threshold)

    def stories(entries: Sequence[Entry]) -> list[FlaggedStory]:
        judged = zip(entries, model.judge(entries, limit), strict=True)
        return [code_story(story_of(entry, one), coder) for entry, one in judged if one.relevance.flagged]

    return stories


def when_heard(stories: Iterable[FlaggedStory]) -> list[tuple[datetime, FlaggedStory]]:
    """Stories with the time they were published, oldest first. Those that give a day without an hour are
    spread evenly over it, in the order of their ids: all at once would be held back by every cool-down."""
    timed: list[tuple[datetime, FlaggedStory]] = []
    dayless: dict[datetime, list[FlaggedStory]] = {}
    for data in stories:
        when = (data.story.published_at or data.story.fetched_at).astimezone(UTC)
        if when.time() == time(0):
            dayless.setdefault(when, []).append(data)
        else:
            timed.append((when, data))
    for midnight, of_day in dayless.items():
        step = timedelta(days=1) / len(of_day)
        ordered = sorted(of_day, key=lambda data: data.story.id)
        timed += [(midnight + step * (n + 0.5), data) for n, data in enumerate(ordered)]
    return sorted(timed, key=lambda pair: (pair[0], pair[1].story.id))


def rehearsal(
    policy: Policy, stories: Iterable[tuple[datetime, FlaggedStory]]
) -> Iterator[tuple[FlaggedStory, Alert]]:
    """What the alerter would have decided of `stories` at these times, oldest first; nothing is sent."""
    store = open_store("sqlite://")
    try:
        for when, data in stories:
            for alert in decided(data, policy, ("all",), store.alerts, when)[1]:
                yield data, alert
    finally:
        store.close()


def _url(name: str, channel: Channel) -> SecretStr:
    where = f"alerter.channels.{name}"
    if channel.url is not None:
        return channel.url
    if channel.url_file is None:
        raise ConfigError(where, "has neither url nor url_file", mend="give it a file with an Apprise URL")
    try:
        return SecretStr(channel.url_file.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(where, f"url_file cannot be read: {type(error).__name__}") from error
