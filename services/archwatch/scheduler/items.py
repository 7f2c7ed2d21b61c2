"""Stored items, as `classify`, `extract` and `replay` read them: one JSON object a line."""

import json
from datetime import datetime
from typing import Any, Final

from archwatch.contracts.entry import Entry
from archwatch.errors import BadInput
from archwatch.scheduler.dates import read_date
from archwatch.scheduler.identity import canonical_url
from archwatch.scheduler.plaintext import TEXT_CHARS, storable

MAX_ITEM_BYTES: Final = 2_000_000
_TEXTS: Final = ("title", "summary", "text")


def read_item(line: str | bytes, *, place: str, fetched_at: datetime) -> Entry:
    """The item of one line as an entry; its texts keep their characters and offsets.

    Wants `id`, and one of `title`, `summary`, `text`; takes `published` (or `published_at`, as an entry
    has it), `source`, `language`, `url`; ignores the rest. `published` is resolved when a day is given.
    Raises BadInput, naming `place`.
    """
    item = _object(line, place)
    texts = {name: _text(item, name, place)[:TEXT_CHARS] for name in _TEXTS}
    if not any(text.strip() for text in texts.values()):
        raise BadInput(place, "has neither title nor summary nor text", mend="give one of them")
    source = _text(item, "source", place).strip() or "unknown"
    language = _text(item, "language", place).strip() or None
    raw = (_text(item, "published", place) or _text(item, "published_at", place)).strip() or None
    link = _text(item, "url", place).strip()
    url, no_url = canonical_url(link, "") if link else (None, "the item gives no url")
    published_at, reason = read_date(raw, fetched_at) if raw else (None, "the item gives no date")
    missing = {
        "group": "a stored item has no group",
        "owner": "a stored item has no owner",
        "guid": "a stored item has no guid",
        "url": no_url,
        "language": None if language else "the item gives no language",
        "published_at": reason,
        "published_raw": None if raw else "the item gives no date",
    }
    return Entry(
        id=_id(item, place),
        feed=f"replay:{source}",
        source=source,
        url=url,
        **texts,
        language=language,
        published_at=published_at,
        published_raw=raw,
        fetched_at=fetched_at,
        missing={name: why for name, why in missing.items() if why},
    )


def _object(line: str | bytes, place: str) -> dict[str, Any]:
    if len(line) > MAX_ITEM_BYTES:
        raise BadInput(place, f"is longer than {MAX_ITEM_BYTES:,} bytes", mend="cut its text")
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(place, f"is no JSON: {error}", mend="one JSON object a line") from None
    if not isinstance(item, dict):
        raise BadInput(place, f"is a JSON {type(item).__name__}", mend="one JSON object a line")
    return item


def _id(item: dict[str, Any], place: str) -> str:
    value = item.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or value == "":
        raise BadInput(place, "has no id", mend='give it one: {"id": "...", ...}')
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise BadInput(place, "its id is no printable text of at most 200 characters", mend="give it another")
    return value


def _text(item: dict[str, Any], name: str, place: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if name == "published" and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadInput(
            place, f"{name} is a {type(value).__name__}", mend=f"give {name} as text, or leave it out"
        )
    return storable(value)
