"""How a Kafka topic should be set up, and what to do where it is not."""

from collections.abc import Mapping
from typing import Final

from archwatch.contracts.topics import DEAD_LETTERS, Topic

# what we ask a broker to take at once: a dead letter is the original, as large as any, and its headers
MAX_REQUEST_BYTES: Final = 2_000_000
# a broker lists only what differs from its defaults
_DEFAULTS: Final = {"cleanup.policy": "delete"}


def wanted_configs(topic: Topic) -> dict[str, str]:
    """Kafka's names and values for the retention of `topic`."""
    configs: dict[str, str] = {"cleanup.policy": topic.cleanup}
    if topic.retention_hours is not None:
        configs["retention.ms"] = str(topic.retention_hours * 3_600_000)
    if topic.schema == DEAD_LETTERS.schema:
        configs["max.message.bytes"] = str(MAX_REQUEST_BYTES)
    return configs


def differences(
    topic: Topic,
    *,
    partitions: tuple[int, int],
    replication: tuple[int, int],
    configs: Mapping[str, str],
) -> list[str]:
    """A line, with the command that mends it, for each way in which the topic is not as wanted.

    `partitions` and `replication` are (found, wanted); `configs` what the broker lists.
    """
    lines = []
    if partitions[0] != partitions[1]:
        mend = f"kafka-topics.sh --alter --topic {topic.name} --partitions {partitions[1]}"
        lines.append(
            f"{topic.name}: {partitions[0]} partitions, wanted {partitions[1]} (`{mend}` can only add)"
        )
    if replication[0] != replication[1]:
        mend = "kafka-reassign-partitions.sh"
        lines.append(f"{topic.name}: replication {replication[0]}, wanted {replication[1]} (`{mend}`)")
    for name, wanted in wanted_configs(topic).items():
        found = configs.get(name, _DEFAULTS.get(name))
        if found != wanted:
            mend = f"kafka-configs.sh --alter --topic {topic.name} --add-config {name}={wanted}"
            lines.append(f"{topic.name}: {name} is {found or 'the default'}, wanted {wanted} (`{mend}`)")
    return lines
