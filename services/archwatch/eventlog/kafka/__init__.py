"""The event log on Apache Kafka; the only package that imports kafka-python (3.x)."""

from archwatch.eventlog.kafka.log import KafkaLog

__all__ = ["KafkaLog"]
