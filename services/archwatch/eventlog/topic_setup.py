"""How a Kafka topic should be set up, and the exact command that mends one that is not."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from archwatch.contracts.topics import DEAD_LETTERS, Topic

# what we ask a broker to take at once: a dead letter is the original, as large as any, and its headers
MAX_REQUEST_BYTES: Final = 2_000_000
# a broker lists only what differs from its defaults
_DEFAULTS: Final = {"cleanup.policy": "delete", "min.insync.replicas": "1"}


@dataclass(frozen=True)
class Found:
    """A topic as the cluster has it: for each partition the brokers of its replicas; the configs that the
    broker lists; the cluster's brokers; and how Kafka's own tools reach it, e.g. `--bootstrap-server H:P`."""

    replicas: Mapping[int, Sequence[int]]
    configs: Mapping[str, str]
    brokers: Sequence[int]
    reach: str


def wanted_configs(topic: Topic, replication: int) -> dict[str, str]:
    """Kafka's names and values for the retention of `topic`, and for how safe a published message is."""
    configs: dict[str, str] = {"cleanup.policy": topic.cleanup}
    if topic.retention_hours is not None:
        configs["retention.ms"] = str(topic.retention_hours * 3_600_000)
    if topic.schema == DEAD_LETTERS.schema:
        configs["max.message.bytes"] = str(MAX_REQUEST_BYTES)
    if replication > 2:  # published is what all but one copy have: one broker may die, or be away
        configs["min.insync.replicas"] = str(replication - 1)
    return configs


def differences(topic: Topic, found: Found, *, partitions: int, replication: int) -> list[str]:
    """A line, with the command that mends it, for each way in which the topic is not as wanted."""
    name, there = topic.name, len(found.replicas)
    lines = []
    if there < partitions:
        more = f"`kafka-topics.sh {found.reach} --alter --topic {name} --partitions {partitions}`"
        order = "keys move to other partitions: let the services work all off and stop them before"
        lines.append(f"{name}: {there} partitions, wanted {partitions} ({more}; {order})")
    if there > partitions:
        less = f"Kafka takes none away: set log.partitions to {there}, or make the topic anew"
        lines.append(f"{name}: {there} partitions, wanted {partitions} ({less})")
    copies = min(len(brokers) for brokers in found.replicas.values())
    if any(len(brokers) != replication for brokers in found.replicas.values()):
        lines.append(
            f"{name}: replication {copies}, wanted {replication} ({_replicate(name, found, replication)})"
        )
    for key, wanted in wanted_configs(topic, replication).items():
        have = found.configs.get(key, _DEFAULTS.get(key))
        if have != wanted:
            mend = f"kafka-configs.sh {found.reach} --alter --topic {name} --add-config {key}={wanted}"
            lines.append(f"{name}: {key} is {have or 'the default'}, wanted {wanted} (`{mend}`)")
    return lines


def _replicate(name: str, found: Found, replication: int) -> str:
    if len(found.brokers) < replication:
        return f"the cluster has {len(found.brokers)} brokers: add some, or lower log.replication"
    partitions = [
        {"topic": name, "partition": number, "replicas": _spread(number, held, found.brokers, replication)}
        for number, held in sorted(found.replicas.items())
    ]
    plan = json.dumps({"version": 1, "partitions": partitions}, separators=(",", ":"))
    return (
        f"`echo '{plan}' > plan.json && "
        f"kafka-reassign-partitions.sh {found.reach} --reassignment-json-file plan.json --execute`"
    )


def _spread(number: int, held: Sequence[int], brokers: Sequence[int], replication: int) -> list[int]:
    """The replicas of a partition: those it has, then others, each partition beginning with another."""
    ring = sorted(brokers)
    turn = number % len(ring)
    others = [broker for broker in ring[turn:] + ring[:turn] if broker not in held]
    return [*held, *others][:replication]
