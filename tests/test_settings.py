"""Every mistake in the settings is named with file, line and mend; the shipped file holds the defaults."""

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.errors import ConfigError
from archwatch.settings import ConfigErrors, Settings, database_password, load_settings, topics_of

ROOT = Path(__file__).parent.parent


def write(folder: Path, text: str) -> Path:
    path = folder / "archwatch.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        load_settings(path)
    return [str(error) for error in caught.value.errors]


def test_the_shipped_file_names_every_setting_with_its_default() -> None:
    shipped = load_settings(ROOT / "config/archwatch.yaml")
    defaults = Settings()
    for name in set(Settings.model_fields) - {"polling", "classifier", "extractor", "alerter", "instance"}:
        assert getattr(shipped, name) == getattr(defaults, name), name
    text = (ROOT / "config/archwatch.yaml").read_text()
    for section in Settings.model_fields.values():
        for name in getattr(section.annotation, "model_fields", {}):
            assert f"  {name}: " in text, f"{name} is not in config/archwatch.yaml"


def test_paths_count_from_the_folder_of_the_file(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, "polling: {feeds: lists/mine.opml}\n"))
    assert settings.polling.feeds == tmp_path / "lists/mine.opml"


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHWATCH_LOG__KIND", "kafka")
    settings = load_settings(write(tmp_path, "log: {kind: local, batch: 7}\n"))
    assert (settings.log.kind, settings.log.batch) == ("kafka", 7)


def test_all_mistakes_are_named_at_once_with_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "log:\n  kind: kafk\n  partitons: 3\npolling:\n  interval: -1\n  workers: many\n")
    assert mistakes(path) == [
        f"{path}:2: log.kind: Input should be 'local' or 'kafka'",
        f"{path}:3: log.partitons: Extra inputs are not permitted "
        "(no such setting: see config/archwatch.yaml for all of them)",
        f"{path}:5: polling.interval: Input should be greater than 0",
        f"{path}:6: polling.workers: Input should be a valid integer, unable to parse string as an integer",
    ]


def test_a_mistake_in_the_environment_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHWATCH_HTTP__PORT", "99999")
    monkeypatch.setenv("ARCHWATCH_HTPP__PORT", "1")
    found = mistakes(write(tmp_path, ""))
    assert any(
        line.startswith("environment variable ARCHWATCH_HTTP__PORT: Input should be") for line in found
    )
    assert any("ARCHWATCH_HTPP__PORT: names no setting" in line for line in found)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("log:\n  kind: [local\n", ":3: "),
        ("log:\n kind: local\n  batch: 3\n", ":3: "),
        ("log: {}\nlog: {}\n", ":2: "),
        ("\tlog: {}\n", ":1: "),
    ],
)
def test_broken_yaml_is_named_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert str(caught.value).startswith(f"{path}{place}")


def test_settings_that_are_a_list_are_refused(tmp_path: Path) -> None:
    assert "must be settings" in mistakes(write(tmp_path, "- log\n"))[0]


def test_a_missing_file_says_where_to_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such file .*project's folder"):
        load_settings(tmp_path / "archwatch.yaml")


def test_a_password_comes_from_its_file_and_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2\n")
    settings = load_settings(write(tmp_path, f"store: {{password_file: {tmp_path / 'secret'}}}\n"))
    password = database_password(settings)
    assert password is not None
    assert password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(password) + repr(settings)


@given(st.text(max_size=80))
def test_any_text_gives_settings_or_a_named_mistake(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archwatch.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        with suppress(ConfigError, ConfigErrors):
            assert isinstance(load_settings(path), Settings)


def test_topics_are_kept_as_long_as_the_settings_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHWATCH_LOG__RETENTION__DEAD_LETTER", "48")
    settings = load_settings(write(tmp_path, "log: {retention: {entry: null, event: 24}}\n"))
    kept = {topic.schema: topic.retention_hours for topic in topics_of(settings)}
    assert kept == {"entry": None, "story": 168, "event": 24, "alert": 720, "dead-letter": 48}
