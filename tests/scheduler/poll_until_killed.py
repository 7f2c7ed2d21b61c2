"""A scheduler of its own, whose clock stands still: python poll_until_killed.py STORE OPML FOLDER NOW."""

import random
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

from archwatch.contracts.topics import ENTRIES
from archwatch.eventlog.local import LocalLog
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.report import Watchers
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.service import Scheduler
from archwatch.store import open_store
from archwatch.web.client import Client, Limits

url, opml, folder, now = sys.argv[1:]
store, log = open_store(url), LocalLog(Path(folder) / "log.db")
log.ensure_topics([ENTRIES])
limits = Limits(read_timeout=600, total_timeout=600)
Scheduler(
    store,
    log,
    Fetcher(Client(limits, user_agent="t", allow_private_hosts=["127.0.0.1"])),
    FeedList(Path(opml)),
    rhythm=Rhythm(store, timedelta(minutes=15), timedelta(minutes=2), timedelta(days=1)),
    workers=2,
    max_entries=10,
    clock=lambda: datetime.fromisoformat(now),
    rng=random.Random(1),
    watchers=Watchers(),
).run(threading.Event())
