"""Stories reach people: by mail, by web hook, and through a real Alertmanager."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from alert_receivers import (
    Inbox,
    alertmanager_config,
    free_port,
    running_alertmanager,
    running_hook,
    running_mail,
)
from archwatch.alerter.courier import Courier
from archwatch.alerter.delivery import ALERTMANAGER, to_alertmanager, to_people
from archwatch.alerter.policy import Policy
from archwatch.alerter.service import decided
from archwatch.store import Store, open_store
from archwatch.store.alerts import Notice
from archwatch.telemetry.metrics import Metrics
from commands import archwatch, write_config
from samples import flagged_story

RULES = """
rules:
  - {name: threat, severity: warning, meaning: Somebody threatens the order., types: [THREATEN]}
  - {name: no, severity: notice, meaning: Somebody says no to somebody., types: [REJECT]}
"""
ITEM = {"id": "threat-1", "title": "Russia threatens NATO with missiles in Kaliningrad", "source": "Wire"}


@pytest.fixture
def hook() -> Iterator[tuple[str, Inbox]]:
    with running_hook() as running:
        yield running


@pytest.fixture
def mail() -> Iterator[tuple[str, Inbox]]:
    with running_mail() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()


class Desk:
    """An alerter with an Alertmanager, on its own clock so that no test waits for a pause."""

    def __init__(self, store: Store, url: str) -> None:
        rule = {"severity": "notice", "meaning": "Somebody says no.", "types": ["REJECT"]}
        self.policy = Policy.model_validate({"rules": [{"name": "no"} | rule]})
        self.now = datetime.now(UTC)
        self._book = store.alerts
        self._courier = Courier(
            self._book,
            {ALERTMANAGER: to_alertmanager(url)},
            self.policy,
            metrics=Metrics(),
            clock=lambda: self.now,
        )

    def hears(self, *ids: str) -> int:
        """How many notices were sent of these stories, and of what waited."""
        for one in ids:
            decided(flagged_story(one), self.policy, (ALERTMANAGER,), self._book, self.now)
        return self._courier.round()


def stories(post: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return sorted(alert["labels"]["story"] for alert in post["alerts"])


def test_a_replayed_story_reaches_mail_and_hook_once_also_after_a_restart_and_an_edit(
    tmp_path: Path, root: Path, hook: tuple[str, Inbox], mail: tuple[str, Inbox]
) -> None:
    (tmp_path / "alerts.yaml").write_text(RULES)
    (tmp_path / "mail_url").write_text(mail[0] + "\n")
    shipped = root / "config/alertmanager/alertmanager.yml"
    am_config, port = alertmanager_config(shipped, tmp_path, hook[0]), free_port()
    config = write_config(
        tmp_path,
        [],
        alerter={
            "rules": "alerts.yaml",
            "alertmanager": f"http://127.0.0.1:{port}",
            "channels": {"desk": {"url_file": "mail_url"}},
        },
    )
    where: list[str | Path] = ["--config", config, "--state", tmp_path / "state"]
    with running_alertmanager(am_config, port):
        edited = ITEM | {"title": ITEM["title"] + " (updated)"}
        for batch in ([ITEM], [ITEM, edited]):
            (tmp_path / "items.jsonl").write_text("".join(json.dumps(item) + "\n" for item in batch))
            assert archwatch("replay", tmp_path / "items.jsonl", *where).code == 0
            ran = archwatch("run", "--once", *where)
            assert ran.code == 0, ran.err
            assert "desk@example.org" not in ran.err
        posted = hook[1].wait_for(1)
        (letter,) = mail[1].wait_for(1)
        assert [stories(post) for post in posted] == [["threat-1"]]
    labels = posted[0]["alerts"][0]["labels"]
    assert (labels["alertname"], labels["severity"]) == ("threat", "warning")
    assert posted[0]["alerts"][0]["annotations"]["summary"].startswith("Russia threatens NATO")
    assert letter["Subject"].startswith("[warning] Russia threatens NATO")
    told = letter.get_body(("plain", "html")).get_content()
    assert "Somebody threatens the order." in told
    assert "Wire" in told


def test_alertmanager_groups_silences_and_may_be_away(
    tmp_path: Path, root: Path, store: Store, hook: tuple[str, Inbox]
) -> None:
    shipped = root / "config/alertmanager/alertmanager.yml"
    config, port = alertmanager_config(shipped, tmp_path, hook[0]), free_port()
    url = f"http://127.0.0.1:{port}"
    desk = Desk(store, url)

    assert desk.hears("a", "b") == 0, "it is away: both wait"
    assert store.alerts.waiting() == 2
    with running_alertmanager(config, port):
        desk.now += timedelta(minutes=1)
        assert desk.hears() == 2
        assert stories(hook[1].wait_for(1)[0]) == ["a", "b"], "the like of it in one message"
        silence = {
            "matchers": [{"name": "story", "value": "quiet", "isRegex": False}],
            "startsAt": datetime.now(UTC).isoformat(),
            "endsAt": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
            "createdBy": "a test",
            "comment": "seen",
        }
        made = httpx.post(f"{url}/api/v2/silences", json=silence, trust_env=False)
        assert made.status_code == 200, made.text
        assert desk.hears("quiet", "loud") == 2
        assert stories(hook[1].wait_for(2)[1]) == ["a", "b", "loud"]
        listed = httpx.get(f"{url}/api/v2/alerts", trust_env=False).json()
        states = {one["labels"]["story"]: one["status"]["state"] for one in listed}
        assert states == {"a": "active", "b": "active", "loud": "active", "quiet": "suppressed"}
    again = Desk(store, url)
    again.now = desk.now + timedelta(hours=9)
    assert again.hears("a", "b", "quiet", "loud") == 0
    assert store.alerts.waiting() == 0
    assert len(hook[1].got) == 2


def test_a_digest_is_one_message_with_each_story_and_why_it_waited(
    tmp_path: Path, store: Store, hook: tuple[str, Inbox]
) -> None:
    send = to_people(hook[0].replace("http://", "json://"))
    assert send is not None
    desk = Desk(store, "http://127.0.0.1:1")
    held = desk.policy.model_copy(update={"at_most": 3, "reserved": 3})
    alerts = [decided(flagged_story(one), held, ("desk",), store.alerts, desk.now)[1][0] for one in "ab"]
    send(Notice("digest:x@desk", "desk", tuple(alerts), True, 0), desk.now)
    (post,) = hook[1].wait_for(1)
    assert post["title"] == "[digest] 2 stories"
    assert post["message"].count("0 were sent today") == 2
