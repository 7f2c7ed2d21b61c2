"""Every metric, in one closed list. Labels are bounded: never a URL, a title or an open set of names."""

from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, write_to_textfile
from prometheus_client.exposition import generate_latest

from archwatch import __version__

_DELAYS: Final = (60, 300, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800)
_SCORES: Final = tuple(n / 20 for n in range(1, 21))
_MINUTES: Final = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400)
_SOURCES: Final = (1, 2, 3, 5, 10, 20, 40)
_SECONDS: Final = (0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60)
# what stands for all that is not listed, for a side that nobody is on, and for a language not recognised
OTHER: Final = "other"
NOBODY: Final = "none"
UNKNOWN: Final = "unknown"


def leads_to(story_id: str) -> dict[str, str] | None:
    """The exemplar that leads from a number to a story; OpenMetrics allows it 128 characters."""
    return {"story_id": story_id} if len(story_id) <= 100 else None


class Metrics:
    """The metrics of one process, on a registry of its own. `actors` are the codes and `languages` those of
    ISO 639-1 that have series of their own."""

    def __init__(self, actors: Iterable[str] = (), languages: Iterable[str] = ()) -> None:
        self.actors, self._languages = frozenset(actors), frozenset(languages)
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
        self.source_entries = Counter(
            "archwatch_source_entries",
            "New entries put on the log, by the outlet's name in the feed list.",
            ["source"],
            registry=registry,
        )
        self.source_polls = Counter(
            "archwatch_source_polls",
            "Polls by the outlet's name in the feed list, and whether they reached a feed (good, failed).",
            ["source", "outcome"],
            registry=registry,
        )
        self.source_last_entry = Gauge(
            "archwatch_source_last_entry_timestamp_seconds",
            "When a poll last brought a new entry of the outlet, since the start of the process (Unix time).",
            ["source"],
            registry=registry,
        )
        self.entries_skipped = Counter(
            "archwatch_entries_skipped",
            "Items of feeds that became no new entry, by reason.",
            ["reason"],
            registry=registry,
        )
        self.classified = Counter(
            "archwatch_classified",
            "Entries judged, by outcome (flagged, not_flagged) and language (the listed ones; else other).",
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
            "archwatch_relevance_score",
            "Relevance of judged entries, by language (the listed ones; else other).",
            ["language"],
            buckets=_SCORES,
            registry=registry,
        )
        self.topics = Counter(
            "archwatch_topics",
            "Topics of flagged stories, by language (the listed ones; else other).",
            ["topic", "language"],
            registry=registry,
        )
        self.stories_published = Counter(
            "archwatch_stories_published",
            "Story events published (CloudEvents): first sights and updates.",
            registry=registry,
        )
        self.story_revisions = Counter(
            "archwatch_story_revisions",
            "Story events published, by what they tell (opened, merged, correction, event, type, modality, "
            "quote, sources: the first of these that is new) and the story's phase.",
            ["tells", "phase"],
            registry=registry,
        )
        self.story_sources = Histogram(
            "archwatch_story_independent_sources",
            "Independent sources of a story at each of its updates.",
            buckets=_SOURCES,
            registry=registry,
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
            "Coded events inside the published stories, by PLOVER type, quad class and modality "
            "(asserted, historical, future, hypothetical, negated).",
            ["event_type", "quad_code", "modality"],
            registry=registry,
        )
        self.pair_events = Counter(
            "archwatch_pair_events",
            "Asserted events by pair of parties: codes of the configured list, other, or none.",
            ["actor", "recipient"],
            registry=registry,
        )
        self.pair_conflict = Counter(
            "archwatch_pair_conflict_intensity",
            "Sum of the intensities below zero of asserted events, as a positive number, by pair of parties.",
            ["actor", "recipient"],
            registry=registry,
        )
        self.pair_cooperation = Counter(
            "archwatch_pair_cooperation_intensity",
            "Sum of the intensities above zero of asserted events, by pair of parties.",
            ["actor", "recipient"],
            registry=registry,
        )
        self.quotes = Counter(
            "archwatch_quotes",
            "Quotes inside the published stories, by who speaks (a code of the list, other, none).",
            ["speaker"],
            registry=registry,
        )
        self.publication_delay = Histogram(
            "archwatch_publication_delay_seconds",
            "From the publication that the outlet states to our event.",
            buckets=_DELAYS,
            registry=registry,
        )
        self.ingest_delay = Histogram(
            "archwatch_ingest_delay_seconds",
            "From the poll that brought an entry to its event: our own part of the delay.",
            buckets=_MINUTES,
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
        self.stage_latency = Histogram(
            "archwatch_stage_latency_seconds",
            "From a message being put on the log to its stage having finished with it.",
            ["stage"],
            buckets=_MINUTES,
            registry=registry,
        )
        self.stage_lag = Gauge(
            "archwatch_stage_lag_records", "Messages waiting for a stage.", ["stage"], registry=registry
        )
        self.waiting = Gauge(
            "archwatch_waiting",
            "1 while a part waits for something that is away: broker, database, disk.",
            ["part"],
            registry=registry,
        )
        self.outbox = Gauge(
            "archwatch_outbox_messages", "Entries that wait for the event log.", registry=registry
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
        self._begin_at_zero()

    def language(self, code: str | None) -> str:
        """The label of a language."""
        return UNKNOWN if code is None else code if code in self._languages else OTHER

    def _begin_at_zero(self) -> None:
        """A series that begins at 1 hides its first event from increase(): the closed sets begin at 0."""
        if not self.actors:  # a process that counts no pairs, or a test
            return
        for pair in product((*self.actors, OTHER), (*self.actors, OTHER, NOBODY)):
            if pair[0] != pair[1] or pair[0] == OTHER:
                for metric in (self.pair_events, self.pair_conflict, self.pair_cooperation):
                    metric.labels(*pair)
        for party in (*self.actors, OTHER, NOBODY):
            self.quotes.labels(party)

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
