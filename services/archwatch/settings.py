"""Every setting, its type and its bounds. config/archwatch.yaml says what each means.

A value comes from, first wins: environment (`ARCHWATCH_LOG__KIND=kafka`), the file, the default.
"""

import os
import re
import socket
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from archwatch.configfile import ConfigFile, read_yaml
from archwatch.contracts.topics import ALERTS, DEAD_LETTERS, ENTRIES, EVENTS, STORIES, TOPICS, Topic
from archwatch.errors import ConfigError

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Hours = Annotated[int, Field(ge=1, le=1_000_000)]
PREFIX = "ARCHWATCH_"
# what a threshold is to reach: `recall 0.95`, `precision 0.9`, `balance`
AIM: Final = r"^(balance|(recall|precision) (0?\.\d+|1|1\.0))$"


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Retention(Section):
    """For each topic, by its schema: hours that a message stays; None: the last one of each key, for good."""

    entry: Hours | None = ENTRIES.retention_hours
    story: Hours | None = STORIES.retention_hours
    event: Hours | None = EVENTS.retention_hours
    alert: Hours | None = ALERTS.retention_hours
    dead_letter: Hours | None = DEAD_LETTERS.retention_hours


class Log(Section):
    kind: Literal["local", "kafka"] = "local"
    bootstrap_servers: str = Field("127.0.0.1:9092", min_length=1)
    partitions: int = Field(3, ge=1, le=1_000)
    replication: int = Field(1, ge=1, le=10)
    retention: Retention = Retention()
    security: dict[str, str] = Field(default_factory=dict, repr=False)  # a password may stand in it
    batch: int = Field(200, ge=1, le=10_000)


class Store(Section):
    # not shown: it may hold a password
    url: str | None = Field(None, description="SQLAlchemy URL; none: SQLite in the state folder", repr=False)
    password_file: Path | None = None


class Polling(Section):
    feeds: Path = Path("feeds.opml")
    local_feeds: bool = True
    interval: Seconds = 900
    min_interval: Seconds = 120
    max_interval: Seconds = 86_400
    workers: int = Field(32, ge=1, le=256)
    host_connections: int = Field(2, ge=1, le=100)
    host_pause: float = Field(0.2, ge=0, le=3_600)
    connect_timeout: Seconds = 10
    read_timeout: Seconds = 20
    total_timeout: Seconds = 60
    max_body_bytes: int = Field(10_000_000, ge=1_000, le=1_000_000_000)
    max_redirects: int = Field(5, ge=0, le=20)
    max_entries: int = Field(2_000, ge=1, le=100_000)
    max_age: float = Field(1_209_600, gt=0, le=3_155_760_000)
    parsers: int | None = Field(None, ge=1, le=256)
    parse_timeout: float = Field(10, gt=0, le=120)
    parse_memory: int = Field(1_000_000_000, ge=200_000_000, le=64_000_000_000)
    max_outbox: int = Field(10_000, ge=1, le=10_000_000)
    user_agent: str = Field("archwatch/0.1 (+https://example.org/archwatch)", min_length=5)
    allow_private_hosts: tuple[str, ...] = ()


class WebSub(Section):
    callback: str | None = Field(None, pattern=r"^https?://[^/\s?#@]+[^\s?#]*$")
    host: str = "127.0.0.1"
    port: int = Field(9465, ge=0, le=65_535)


class Classifier(Section):
    topics: Path = Path("topics.yaml")
    threshold: float | str | None = None

    @field_validator("threshold")
    @classmethod
    def _score_or_aim(cls, given: float | str | None) -> float | str | None:
        """The environment gives numbers as texts."""
        if given is None or (isinstance(given, str) and re.match(AIM, given)):
            return given
        try:
            score = float(given)
        except ValueError:
            score = -1.0
        if not 0 <= score <= 1:
            message = "is neither a score from 0 to 1 nor an aim such as `recall 0.95` or `balance`"
            raise PydanticCustomError("score_or_aim", message)
        return score


class Extractor(Section):
    actors: Path = Path("actors.yaml")
    verbs: Path = Path("verbs.yaml")
    model: Path | None = None
    full_text: Literal["never", "flagged", "always"] = "flagged"
    article_timeout: Seconds = 8
    article_batch_timeout: float = Field(20, gt=0, le=120)  # Kafka waits five minutes for a batch
    article_pause: float = Field(1, ge=0, le=3_600)
    article_max_bytes: int = Field(3_000_000, ge=1_000, le=20_000_000)


class Channel(Section):
    """An Apprise URL: it holds a password or token, so it is never shown. In the file only as `url_file`."""

    url: SecretStr | None = None
    url_file: Path | None = None


class Alerter(Section):
    rules: Path = Path("alerts.yaml")
    alertmanager: str | None = Field(None, pattern=r"^https?://")
    channels: dict[str, Channel] = Field(default_factory=dict)


class DeadLetters(Section):
    attempts: int = Field(3, ge=1, le=20)
    retry_pause: float = Field(0.2, ge=0, le=60)
    fuse_share: float = Field(0.5, gt=0, le=1)
    fuse_window: int = Field(200, ge=10, le=100_000)


class Http(Section):
    host: str = "127.0.0.1"
    port: int = Field(9464, ge=0, le=65_535)
    enabled: bool = True


class Watching(Section):
    actors: tuple[str, ...] = Field(
        ("USA", "RUS", "UKR", "NATO", "EU", "DEU", "FRA", "GBR", "POL", "TUR", "BLR", "CHN", "OSCE", "UN"),
        max_length=30,
    )
    languages: tuple[str, ...] = Field(
        ("en", "de", "fr", "es", "it", "pl", "ru", "uk", "ro", "tr", "nl", "pt"), max_length=30
    )


class Logging(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"


class Settings(BaseSettings):
    """All settings. Relative paths in the file count from the folder of the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    instance: str = Field(default_factory=lambda: f"urn:archwatch:{socket.gethostname()}", min_length=1)
    stop_grace: Seconds = 20
    log: Log = Log()
    store: Store = Store()
    polling: Polling = Polling()
    websub: WebSub = WebSub()
    classifier: Classifier = Classifier()
    extractor: Extractor = Extractor()
    alerter: Alerter = Alerter()
    dead_letters: DeadLetters = DeadLetters()
    http: Http = Http()
    watching: Watching = Watching()
    logging: Logging = Logging()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings fixes the signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def load_settings(path: Path) -> Settings:
    """Settings of the file and the environment. Raises ConfigErrors (an ExceptionGroup of ConfigError)."""
    file = read_yaml(path)
    given = {} if file.data is None else file.data
    if not isinstance(given, dict) or not all(isinstance(name, str) for name in given):
        raise ConfigErrors([file.error((), "must be settings (`name: value`), not a list or a text")])
    unknown = _unknown_variables()
    try:
        settings = Settings(**given)
    except ValidationError as invalid:
        raise ConfigErrors(unknown + _name_the_source(file, invalid)) from None
    except SettingsError as error:
        raise ConfigErrors([ConfigError("environment", str(error))]) from None
    if unknown:
        raise ConfigErrors(unknown)
    return _resolved(settings, path.parent)


class ConfigErrors(Exception):
    """Every mistake found, so that they can be mended in one go."""

    def __init__(self, errors: list[ConfigError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


def topics_of(settings: Settings) -> list[Topic]:
    """The topics of the contract, kept as long as the settings say."""
    kept = settings.log.retention
    return [replace(topic, retention_hours=getattr(kept, topic.schema.replace("-", "_"))) for topic in TOPICS]


def database_password(settings: Settings) -> SecretStr | None:
    """The password of the store, from its file. Raises ConfigError if that cannot be read."""
    if settings.store.password_file is None:
        return None
    try:
        return SecretStr(settings.store.password_file.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise ConfigError(str(settings.store.password_file), f"cannot be read: {error.strerror}") from error


def _resolved(settings: Settings, folder: Path) -> Settings:
    polling, classifier = settings.polling, settings.classifier
    extractor, alerter = settings.extractor, settings.alerter
    return settings.model_copy(
        update={
            "polling": polling.model_copy(update={"feeds": folder / polling.feeds}),
            "classifier": classifier.model_copy(update={"topics": folder / classifier.topics}),
            "extractor": extractor.model_copy(
                update={
                    "actors": folder / extractor.actors,
                    "verbs": folder / extractor.verbs,
                    "model": folder / extractor.model if extractor.model else None,
                }
            ),
            "alerter": alerter.model_copy(
                update={"rules": folder / alerter.rules, "channels": _beside(folder, alerter.channels)}
            ),
        }
    )


def _beside(folder: Path, channels: dict[str, Channel]) -> dict[str, Channel]:
    return {
        name: one.model_copy(update={"url_file": folder / one.url_file}) if one.url_file else one
        for name, one in channels.items()
    }


def _variables() -> dict[str, str]:
    return {k.upper(): v for k, v in os.environ.items() if k.upper().startswith(PREFIX)}


def _unknown_variables() -> list[ConfigError]:
    """A misspelt variable would be silently without effect: say so. Those of the tests are not ours."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    found = [v for v in _variables() if not v.startswith(f"{PREFIX}TEST_")]
    return [
        ConfigError(f"environment variable {name}", "names no setting", mend="see config/archwatch.yaml")
        for name in found
        if name.split("__", 1)[0] not in known
    ]


def _name_the_source(file: ConfigFile, invalid: ValidationError) -> list[ConfigError]:
    errors = []
    variables = _variables()
    for error, at_file in zip(invalid.errors(), file.errors(invalid), strict=True):
        variable = PREFIX + "__".join(str(part).upper() for part in error["loc"])
        from_env = variable in variables
        errors.append(ConfigError(f"environment variable {variable}", error["msg"]) if from_env else at_file)
    return errors
