"""The metrics follow Prometheus' conventions and can be read back."""

import subprocess
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from archwatch.telemetry.metrics import Metrics

UNITS = (
    "_total", "_seconds", "_records", "_info", "_score", "_feeds", "_sources", "_created", "_messages",
    "_waiting",
)  # fmt: skip
BAD = "archwatch_bad_total 1\n"  # no help, no type


def test_every_metric_has_a_prefix_a_unit_and_a_help_text() -> None:
    for family in Metrics().registry.collect():
        assert family.name.startswith("archwatch_")
        assert family.documentation.endswith("."), family.name
        assert family.type == "counter" or family.name.endswith(UNITS), family.name


def test_two_processes_of_one_test_do_not_share_counts() -> None:
    one, other = Metrics(), Metrics()
    one.entries.inc()
    assert (one.value("archwatch_entries_total"), other.value("archwatch_entries_total")) == (1, 0)


def test_a_total_adds_up_over_labels() -> None:
    metrics = Metrics()
    metrics.classified.labels("flagged", "en").inc(2)
    metrics.classified.labels("flagged", "de").inc()
    metrics.classified.labels("not_flagged", "de").inc(5)
    assert metrics.total("archwatch_classified_total", outcome="flagged") == 3
    assert metrics.total("archwatch_classified_total") == 8


def test_a_written_file_is_prometheus_text(tmp_path: Path) -> None:
    metrics = Metrics()
    metrics.dead_letters.labels("classifier", "not_json").inc()
    metrics.write(tmp_path / "metrics.prom")
    samples = {
        sample.name: sample.value
        for family in text_string_to_metric_families((tmp_path / "metrics.prom").read_text())
        for sample in family.samples
    }
    assert samples["archwatch_dead_letters_total"] == 1


def test_promtool_finds_nothing_to_mend_and_finds_what_is_wrong() -> None:
    metrics = Metrics(["RUS", "NATO"], ["en"])
    metrics.relevance_score.labels("en").observe(0.7)
    metrics.stage_latency.labels("classifier").observe(0.7)
    assert promtool(metrics.exposition()) == (0, "")
    code, told = promtool(metrics.exposition() + BAD.encode())
    assert code != 0
    assert "archwatch_bad_total" in told


def promtool(exposition: bytes) -> tuple[int, str]:
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=exposition, capture_output=True, timeout=60, check=False
    )
    return done.returncode, (done.stdout + done.stderr).decode()


def test_pairs_and_speakers_begin_at_zero_so_that_increase_sees_the_first() -> None:
    metrics = Metrics(["RUS", "NATO"])
    samples = {s.name for f in metrics.registry.collect() for s in f.samples}
    assert "archwatch_pair_events_total" in samples
    pairs = sum(len(f.samples) for f in metrics.pair_events.collect()) / 2  # each with when it was created
    assert pairs == 3 * 4 - 2  # actors and other, recipients and none; nobody with itself but other


def test_a_language_that_is_not_listed_is_other() -> None:
    metrics = Metrics(languages=["en"])
    assert [metrics.language(code) for code in ("en", "xx", None)] == ["en", "other", "unknown"]
