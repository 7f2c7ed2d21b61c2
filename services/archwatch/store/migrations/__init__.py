"""How a store made by an earlier archwatch is brought up to date, in place, when it is opened.

`versions/` holds one step a change; 0001 is the schema before there were any. A new store is made
from the tables at once. After a change of the tables: `python -m archwatch.store.migrations "what changed"`.
"""
