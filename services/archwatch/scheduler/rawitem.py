"""An item as its feed has it, whatever the format, before it is made an entry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Markup:
    """A text and whether the feed says that it is HTML."""

    value: str = ""
    html: bool = False


@dataclass(frozen=True)
class RawItem:
    """One item; what the feed leaves out is empty or None."""

    guid: str | None = None
    link: str | None = None
    title: Markup = Markup()
    summary: Markup = Markup()
    text: Markup = Markup()
    published: str | None = None


@dataclass(frozen=True)
class RawFeed:
    """A feed document taken apart. `language` as it declares it."""

    items: tuple[RawItem, ...]
    title: str = ""
    language: str | None = None
