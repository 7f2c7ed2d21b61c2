"""A feed that gives headlines alone, its articles beside it: the events come from the articles."""

import json
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from commands import archwatch, write_config
from local_web import Web

FEED = """<rss version="2.0"><channel><title>Wire</title>
<item><guid>one</guid><title>NATO's second missile base in Norway: what was said</title><link>{one}</link>
<description>Russia and NATO are at odds over missiles in Europe.</description></item>
<item><guid>two</guid><title>Russia rejects NATO's offer on missile inspections</title><link>{two}</link>
</item></channel></rss>"""
PARAGRAPHS = (
    "OSLO. Norway has rejected a second NATO missile base, its government told parliament on Tuesday.",
    "“We were not asked, and we would have said no to it,” the foreign minister, Espen Barth Eide, said.",
    "Poland and Norway will hold talks about the missiles of the alliance in March, the government said.",
    "Parliament had voted in 1993 that no foreign missiles should ever stand on the soil of the country.",
)


def outcomes(state: Path) -> dict[str, float]:
    families = text_string_to_metric_families((state / "metrics.prom").read_text())
    samples = [sample for family in families for sample in family.samples]
    return {s.labels["outcome"]: s.value for s in samples if s.name == "archwatch_articles_total"}


def test_a_headline_is_coded_from_its_article_or_from_what_there_is(web: Web, tmp_path: Path) -> None:
    page = f"<html><body><article><p>{'</p><p>'.join(PARAGRAPHS)}</p></article></body></html>"
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /closed/")
    one = web.serve("/open/1", page.encode(), Content_Type="text/html; charset=utf-8")
    feed = FEED.format(one=one, two=web.url("/closed/2"))
    config = write_config(
        tmp_path, [web.serve("/feed", feed.encode())], extractor={"article_pause": 0, "full_text": "flagged"}
    )
    state = tmp_path / "state"
    ran = archwatch("run", "--once", "--config", config, "--state", state)
    assert ran.code == 0, ran.err
    assert outcomes(state) == {"read": 1, "robots_disallowed": 1}

    told = archwatch(
        "tail", "--json", "--from-beginning", "--no-follow", "--config", config, "--state", state
    )
    stories = {event["data"]["story"]["url"]: event["data"] for event in told.records}
    read, closed = stories[one], stories[web.url("/closed/2")]
    assert any(quote["text"].startswith("We were not asked") for quote in read["quotes"])
    assert {event["event_type"] for event in read["events"]} >= {"REJECT", "CONSULT"}
    assert read["story"]["excerpt"] == "Russia and NATO are at odds over missiles in Europe."
    assert PARAGRAPHS[3] not in told.out
    assert [event["event_type"] for event in closed["events"]] == ["REJECT"]

    # from a count to its story
    lines = [json.loads(line) for line in ran.err.splitlines() if line.startswith("{")]
    (refused,) = [line for line in lines if line["event"] == "article" and line["outcome"] != "read"]
    assert (refused["story"], refused["url"]) == (closed["story"]["id"], closed["story"]["url"])
    assert "/closed/2" not in [path for path, _ in web.asked]
