"""The one place that picks adapters and puts the parts together."""

from archwatch.bootstrap.adapters import entry_sink, feed_reader, newest, opened_log, opened_store, utc_now
from archwatch.bootstrap.alerting import policy_of, rehearsal, stories_of, when_heard
from archwatch.bootstrap.checks import config_mistakes
from archwatch.bootstrap.learned import coder, evaluate, evaluate_events, judge, train
from archwatch.bootstrap.running import SERVICES, Running, Service, assembled

__all__ = [
    "SERVICES",
    "Running",
    "Service",
    "assembled",
    "coder",
    "config_mistakes",
    "entry_sink",
    "evaluate",
    "evaluate_events",
    "feed_reader",
    "judge",
    "newest",
    "opened_log",
    "opened_store",
    "policy_of",
    "rehearsal",
    "stories_of",
    "train",
    "utc_now",
    "when_heard",
]
