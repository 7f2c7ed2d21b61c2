"""Topics made where they are missing, and compared with what is wanted where they are there."""

from collections.abc import Sequence
from typing import Any

from kafka import errors as kafka_errors
from kafka.admin import ConfigResource, ConfigResourceType

from archwatch.contracts.topics import Topic
from archwatch.errors import TransientError
from archwatch.eventlog.topic_setup import Found, differences, wanted_configs


def ensure(
    admin: Any, topics: Sequence[Topic], *, partitions: int, replication: int, reach: str
) -> list[str]:
    """A line, with the command that mends it, for each way in which a topic is not as wanted.

    `reach`: how Kafka's own tools are told of the brokers."""
    there = set(admin.list_topics())
    missing = {
        topic.name: {
            "num_partitions": partitions,
            "replication_factor": replication,
            "configs": wanted_configs(topic, replication),
        }
        for topic in topics
        if topic.name not in there
    }
    if missing:
        try:
            admin.create_topics(missing, wait_for_metadata=True)
        except kafka_errors.TopicAlreadyExistsError:
            admin.wait_for_topics(list(missing))  # another instance was quicker
        except kafka_errors.InvalidReplicationFactorError as error:
            # may pass: a cluster comes up broker by broker
            have = f"log.replication is {replication}, and {len(_brokers(admin))} brokers are there"
            raise TransientError(f"Kafka: {have}") from error
    described = {t["name"]: t for t in admin.describe_topics([topic.name for topic in topics])}
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name, None) for topic in topics]
    configs = admin.describe_configs(resources).get("topic", {})
    brokers = _brokers(admin)
    lines = []
    for topic in topics:
        found = Found(
            {p["partition_index"]: p["replica_nodes"] for p in described[topic.name]["partitions"]},
            {name: config["value"] for name, config in configs.get(topic.name, {}).items()},
            brokers,
            reach,
        )
        lines += differences(topic, found, partitions=partitions, replication=replication)
    return lines


def _brokers(admin: Any) -> list[int]:
    return [broker["broker_id"] for broker in admin.describe_cluster()["brokers"]]
