"""The state store: what the services remember, on SQLite or PostgreSQL."""

from archwatch.store.feeds import FeedState
from archwatch.store.seen import Found, Remembered
from archwatch.store.store import Store, open_store

__all__ = ["FeedState", "Found", "Remembered", "Store", "open_store"]
