"""Every metric, in one closed list. Labels are bounded: never a URL, a title or an open set of names."""

from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, write_to_textfile
from prometheus_client.exposition import generate_latest

from archwatch import __version__

_DELAYS: Final = (60, 300, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800)
_SCORES: Final = tuple(n / 20 for n in range(1, 21))
_SECONDS: Final = (0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60)


class Metrics:
    """The metrics of one process, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.polls = Counter(
            "archwatch_polls",
            "Polls of feeds, by the state that each ended in.",
            ["state"],
            registry=registry,
        )
        self.feeds = Gauge(
            "archwatch_feeds", "Feeds by the state of their last poll.", ["state"], registry=registry
        )
        self.entries = Counter("archwatch_entries", "New entries put on the log.", registry=registry)
        self.entries_skipped = Counter(
            "archwatch_entries_skipped",
            "Items of feeds that became no new entry, by reason.",
            ["reason"],
            registry=registry,
        )
        self.classified = Counter(
            "archwatch_classified",
            "Entries judged, by outcome (flagged, not_flagged) and detected language.",
            ["outcome", "language"],
            registry=registry,
        )
        self.classified_by_source = Counter(
            "archwatch_classified_by_source",
            "Entries judged, by outcome and by the outlet's name in the feed list.",
            ["outcome", "source"],
            registry=registry,
        )
        self.relevance_score = Histogram(
            "archwatch_relevance_score", "Relevance of judged entries.", buckets=_SCORES, registry=registry
        )
        self.topics = Counter("archwatch_topics", "Topics of flagged stories.", ["topic"], registry=registry)
        self.stories_published = Counter(
            "archwatch_stories_published", "Story events published (CloudEvents).", registry=registry
        )
        self.articles = Counter(
            "archwatch_articles",
            "Articles wanted for stories, by outcome: read, or why the feed's own words were coded "
            "(no_link, late; no_text, unreadable, unusable; robots_disallowed, robots_unreachable; "
            "blocked_address, dns_error, tls_error, connect_timeout, read_timeout, connection_error, "
            "http_error, too_large, too_many_redirects, broken_coding, unwanted_type).",
            ["outcome"],
            registry=registry,
        )
        self.article_seconds = Histogram(
            "archwatch_article_seconds",
            "Time to fetch and read an article, whatever came of it.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.events = Counter(
            "archwatch_events",
            "Coded events inside the published stories, by PLOVER type and quad class.",
            ["event_type", "quad_code"],
            registry=registry,
        )
        self.publication_delay = Histogram(
            "archwatch_publication_delay_seconds",
            "From the publication that the outlet states to our event.",
            buckets=_DELAYS,
            registry=registry,
        )
        self.alerts = Counter(
            "archwatch_alerts",
            "Alerts by rule, outcome (sent, digest, suppressed) and why not at once (none; said, repeated, "
            "story_cooldown, digest_rule, quiet_hours, rule_cooldown, daily_limit).",
            ["rule", "outcome", "reason"],
            registry=registry,
        )
        self.notices = Counter(
            "archwatch_notices",
            "Tries to tell a channel of alerts, by channel of the settings and outcome (sent, failed).",
            ["channel", "outcome"],
            registry=registry,
        )
        self.notices_waiting = Gauge(
            "archwatch_notices_waiting", "Notices of alerts that wait for a channel.", registry=registry
        )
        self.stage_records = Counter(
            "archwatch_stage_records",
            "Messages that a stage has finished with, by outcome.",
            ["stage", "outcome"],
            registry=registry,
        )
        self.stage_batch = Histogram(
            "archwatch_stage_batch_seconds",
            "Time from a polled batch to its commit.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.stage_lag = Gauge(
            "archwatch_stage_lag_records", "Messages waiting for a stage.", ["stage"], registry=registry
        )
        self.stage_retries = Counter(
            "archwatch_stage_retries",
            "Batches abandoned and taken again, by cause (fenced, unavailable).",
            ["stage", "cause"],
            registry=registry,
        )
        self.dead_letters = Counter(
            "archwatch_dead_letters",
            "Messages that could not be processed.",
            ["stage", "reason"],
            registry=registry,
        )
        self.model_info = Gauge(
            "archwatch_model_info", "1 for the model in use.", ["version"], registry=registry
        )
        Gauge("archwatch_build_info", "1 for the version in use.", ["version"], registry=registry).labels(
            __version__
        ).set(1)

    def value(self, sample: str, **labels: str) -> float:
        """The value of one sample, 0 if it was never touched; e.g. `value("archwatch_entries_total")`."""
        return self.registry.get_sample_value(sample, labels) or 0.0

    def total(self, sample: str, **labels: str) -> float:
        """The sum of a sample over all its label sets that carry `labels`."""
        return sum(
            s.value
            for family in self.registry.collect()
            for s in family.samples
            if s.name == sample and labels.items() <= s.labels.items()
        )

    def exposition(self) -> bytes:
        """All metrics in the Prometheus text format."""
        return generate_latest(self.registry)

    def write(self, path: Path) -> None:
        """Leave the metrics in a file, for a run that ends before anyone can scrape it."""
        write_to_textfile(str(path), self.registry)
