"""Weeks of metrics in seconds: what would have been scraped while items came, and what the recording rules
would have made of it, as blocks that a real Prometheus reads."""

import subprocess
from array import array
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry

# of the series of a process that tell when each was made: nobody asks for them
_CREATED: Final = "_created"
Labels = tuple[tuple[str, str], ...]
Scraped = dict[tuple[str, Labels], "array[float]"]


def scraped(
    registry: CollectorRegistry,
    told: Iterable[tuple[float, Callable[[], None]]],
    start: int,
    step: int,
    end: int,
) -> Scraped:
    """The value of each series every `step` seconds from `start` to `end` (Unix time), while each of `told`,
    in order of its time, is called. Series that stay at zero are left out; a late one begins at 0."""
    series: Scraped = {}
    coming = iter(told)
    at, then = next(coming, (float("inf"), None))
    changed = True
    for number, moment in enumerate(range(start, end + 1, step)):
        while then is not None and at <= moment:
            then()
            changed = True
            at, then = next(coming, (float("inf"), None))
        if changed:
            _scrape(registry, series, number)
        else:
            for values in series.values():
                values.append(values[-1])
        changed = False
    return {key: values for key, values in series.items() if any(values)}


def _scrape(registry: CollectorRegistry, series: Scraped, number: int) -> None:
    for family in registry.collect():
        for sample in family.samples:
            if sample.name.endswith(_CREATED):
                continue
            key = (sample.name, tuple(sorted(sample.labels.items())))
            if key not in series:
                series[key] = array("d", [0.0] * number)
            series[key].append(sample.value)


def openmetrics(
    samples: Iterable[tuple[str, Mapping[str, str], Iterable[tuple[float, float | str]]]],
) -> Iterable[str]:
    """Lines of the OpenMetrics text: name, labels, and (Unix time, value) of each sample."""
    for name, labels, points in samples:
        quoted = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels.items())
        for moment, value in points:
            yield f"{name}{{{quoted}}} {value} {moment:.0f}\n"
    yield "# EOF\n"


def put(lines: Iterable[str], storage: Path) -> None:
    """Add samples to the storage of a Prometheus that does not run."""
    file = storage.parent / "samples.om"
    with file.open("w", encoding="utf-8") as written:
        written.writelines(lines)
    # one pass over the file for each block: few long ones (the option is there, but not in the help)
    make = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=9000h", "-q"]
    done = subprocess.run([*make, file, storage], capture_output=True, text=True, check=False)
    file.unlink()
    if done.returncode:
        raise RuntimeError(f"promtool takes no samples: {done.stdout}{done.stderr}")


def put_scraped(series: Scraped, start: int, step: int, storage: Path) -> None:
    put(
        openmetrics(
            (name, dict(labels), ((start + step * n, value) for n, value in enumerate(values)))
            for (name, labels), values in series.items()
        ),
        storage,
    )


def levels(rules: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Recording rules in the order in which they can be worked out: each asks only for those before."""
    left, done = list(rules), list[list[dict[str, Any]]]()
    while left:
        names = [rule["record"] for rule in left]
        ready = [rule for rule in left if not any(name in rule["expr"] for name in names)]
        if not ready:
            raise ValueError(f"rules that ask for each other: {names}")
        left = [rule for rule in left if rule not in ready]
        done.append(ready)
    return done


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
