"""One of several processes that open a store at the same time: python open_and_record.py URL NUMBER."""

import sys
from datetime import UTC, datetime

from archwatch.contracts.envelope import LogMessage
from archwatch.store import Found, open_store

url, number = sys.argv[1:]
store = open_store(url)
found = [Found("feed", key, "hash", LogMessage("t", key, b"")) for key in ("shared", f"own{number}")]
sys.stdout.write(str(len(store.record_found(found, datetime.now(UTC)).new)))
store.close()
