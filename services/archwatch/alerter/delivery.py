"""The channels: Alertmanager (API v2), and people through Apprise. A URL is never told: it holds a secret."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import apprise
import httpx

from archwatch.alerter.courier import Send
from archwatch.alerter.rules import RANK
from archwatch.contracts.alert import Alert
from archwatch.errors import TransientError
from archwatch.store.alerts import Notice

# how long Alertmanager shows a story: it is told once, and nothing tells it that a story is over
SHOWN: Final = timedelta(hours=24)
TIMEOUT_SECONDS: Final = 10.0
ALERTMANAGER: Final = "alertmanager"
_KINDS: Final = {
    "info": apprise.NotifyType.INFO,
    "notice": apprise.NotifyType.INFO,
    "warning": apprise.NotifyType.WARNING,
    "critical": apprise.NotifyType.FAILURE,
}
# it logs addresses of its targets
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


def to_alertmanager(url: str) -> Send:
    """Posts to the Alertmanager at `url`; grouping, silences and routing are its work. A repeat changes
    nothing there: the labels are the same."""
    address = f"{url.rstrip('/')}/api/v2/alerts"

    def send(notice: Notice, now: datetime) -> None:
        posted = [_digest_posted(notice, now) if notice.digest else _posted(notice.alerts[0], now)]
        try:
            answer = httpx.post(address, json=posted, timeout=TIMEOUT_SECONDS, trust_env=False)
        except httpx.HTTPError as error:
            raise TransientError(f"Alertmanager: {type(error).__name__}") from error
        if answer.status_code != httpx.codes.OK:
            raise TransientError(f"Alertmanager answered {answer.status_code}: {answer.text[:200]}")

    return send


def to_people(url: str) -> Send | None:
    """Sends to one Apprise URL (mail, Slack, Telegram, a webhook, ...). None: Apprise does not know it."""
    target = apprise.Apprise()
    if not target.add(url):
        return None

    def send(notice: Notice, now: datetime) -> None:  # noqa: ARG001 - as every channel
        worst = notice.alerts[0].severity if not notice.digest else "info"
        body = digest_in_words(notice.alerts) if notice.digest else in_words(notice.alerts[0])
        # it says only whether it worked: why is in nothing that we may show
        if not target.notify(body=body, title=subject(notice), notify_type=_KINDS[worst]):
            raise TransientError("not taken by the channel, or not reached")

    return send


def subject(notice: Notice) -> str:
    """A subject line of at most 200 characters."""
    if notice.digest:
        return f"[digest] {len({alert.story_id for alert in notice.alerts})} stories"
    return f"[{notice.alerts[0].severity}] {notice.alerts[0].sentence}"[:200]


def in_words(alert: Alert) -> str:
    """An alert as people read it: what, what is new, why, the words, who carries it."""
    lines = [f"{alert.sentence}", f"Why: {alert.why}"]
    lines += [f"Changed {alert.changed}"] if alert.changed else []
    lines += [f"Quote: {alert.quote}"] if alert.quote else []
    lines += [f"- {source.name}: {source.url or 'no link'}" for source in alert.sources[:10]]
    lines += [f"- and {len(alert.sources) - 10} more"] if len(alert.sources) > 10 else []
    return "\n".join(lines)


def digest_in_words(alerts: Sequence[Alert]) -> str:
    """Each story once, the most severe first, with its link and why it waited; at most 100."""
    by_story = {alert.story_id: alert for alert in sorted(alerts, key=lambda alert: RANK[alert.severity])}
    first = sorted(by_story.values(), key=lambda alert: -RANK[alert.severity])[:100]
    parts = [f"[{a.severity}] {a.sentence}\n{a.url or 'no link'}\n({a.reason})" for a in first]
    parts += [f"and {len(by_story) - len(first)} more"] if len(by_story) > len(first) else []
    return "\n\n".join(parts)


def _posted(alert: Alert, now: datetime) -> dict[str, object]:
    annotations = {
        "summary": alert.sentence,
        "description": alert.why,
        "quote": alert.quote or "",
        "changed": alert.changed or "",
        "sources": "\n".join(f"{source.name} {source.url or ''}".strip() for source in alert.sources),
    }
    labels = {
        "alertname": alert.rule,
        "kind": "story",
        "severity": alert.severity,
        "story": alert.story_id,
        "alert": alert.id,
    }
    return _shown(labels, annotations, alert.url, now)


def _digest_posted(notice: Notice, now: datetime) -> dict[str, object]:
    labels = {"alertname": "digest", "kind": "story", "severity": "info", "alert": notice.id}
    words = {"summary": subject(notice), "description": digest_in_words(notice.alerts)}
    return _shown(labels, words, None, now)


def _shown(
    labels: dict[str, str], annotations: dict[str, str], url: str | None, now: datetime
) -> dict[str, object]:
    # a start in the past would be an alert that has ended when Alertmanager was away for long
    return {
        "labels": labels,
        "annotations": {name: text for name, text in annotations.items() if text},
        "startsAt": now.isoformat(),
        "endsAt": (now + SHOWN).isoformat(),
        **({"generatorURL": url} if url else {}),
    }
