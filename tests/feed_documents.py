"""Small feed documents, in our own words."""

from html import escape


def rss(*items: str, language: str = "en", head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<rss version="2.0"><channel><title>Example Wire</title>'
        f"<language>{language}</language>{''.join(items)}</channel></rss>"
    ).encode()


def item(number: int = 1, **parts: str) -> str:
    """An RSS item; a part given as empty is left out."""
    given = {
        "title": f"Norland and its neighbours talk, round {number}",
        "link": f"https://example.org/{number}",
        "guid": f"item-{number}",
        "pubDate": "Wed, 04 Mar 2026 12:00:00 GMT",
    } | parts
    return "<item>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in given.items() if v) + "</item>"


ATOM = b"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Beispiel</title>
<entry><id>urn:1</id><title type="text">1 &lt; 2, sagt der Minister</title>
<link rel="alternate" href="/a?utm_source=feed&amp;x=1"/><updated>2026-03-04T13:00:00+01:00</updated>
<summary type="html">&lt;p&gt;Kurz&lt;/p&gt;</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Lang</p><p>und breit</p></div></content>
</entry></feed>"""
