"""What `config check` reads beside the settings."""

from collections.abc import Callable, Sequence
from pathlib import Path

from archwatch.bootstrap.alerting import alert_mistakes
from archwatch.bootstrap.learned import coder_of, model_of
from archwatch.classifier.topics import read_topics, untold
from archwatch.errors import BadInput
from archwatch.scheduler.feeds import read_opml
from archwatch.settings import Settings


def config_mistakes(settings: Settings, models: Path) -> list[Exception]:
    """Every mistake in what `run` would read beside the settings."""
    mistakes: list[Exception] = []

    def attempt(read: Callable[[], Sequence[Exception]]) -> None:
        try:
            mistakes.extend(read())
        except BadInput as error:
            mistakes.append(error)

    def loaded(load: Callable[[], object]) -> Sequence[Exception]:
        load()
        return ()

    attempt(lambda: read_opml(settings.polling.feeds)[1])
    attempt(lambda: loaded(lambda: coder_of(settings)))
    attempt(lambda: read_topics(settings.classifier.topics)[1])
    attempt(lambda: alert_mistakes(settings))

    def unknown_topics() -> Sequence[Exception]:
        manifest = model_of(models).manifest
        return untold(settings.classifier.topics, manifest.topics, manifest.version)

    attempt(unknown_topics)
    return mistakes
