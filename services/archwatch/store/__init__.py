"""The state store: what the services remember, on SQLite or PostgreSQL."""

from archwatch.store.feeds import FeedState
from archwatch.store.rhythm import History
from archwatch.store.seen import Found, Remembered
from archwatch.store.store import Store, open_store
from archwatch.store.subscriptions import Subscription

__all__ = ["FeedState", "Found", "History", "Remembered", "Store", "Subscription", "open_store"]
