"""Positions of consumer groups: how far behind, and back to an earlier time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from kafka import errors as kafka_errors
from kafka.admin import OffsetSpec, OffsetTimestamp
from kafka.structs import TopicPartition
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from archwatch.errors import BadInput


def lag(admin: Any, group: str, partitions: Collection[TopicPartition], patience: float) -> int:
    """Offsets that `group` has not committed; waits up to `patience` seconds for a coordinator.

    Counted to the end of what is written, not of what is committed: a broker confirms a transaction
    before its records can be read, and in that moment a stage must not take itself for done."""
    ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    # a cluster that has just come up has no coordinator for the first moments
    patient = Retrying(
        retry=retry_if_exception_type(kafka_errors.RetriableError),
        stop=stop_after_delay(patience),
        wait=wait_fixed(0.1),
        reraise=True,
    )
    committed = patient(admin.list_group_offsets, {group: list(ends)}).get(group, {})
    return sum(found.offset - max(_offset(committed.get(p)), 0) for p, found in ends.items())


def reset(admin: Any, group: str, partitions: Collection[TopicPartition], to: datetime | None) -> int:
    """Move `group` to the first records at or after `to` (None: the earliest); how many it now has before it.

    Raises BadInput while the group has members: they would commit over it."""
    target = OffsetSpec.EARLIEST if to is None else OffsetTimestamp(int(to.timestamp() * 1000))
    moved = admin.reset_group_offsets(group, dict.fromkeys(partitions, target))
    refused = {answer["error"] for answer in moved.values()} - {None, kafka_errors.NoError}
    if refused:
        names = ", ".join(sorted(error.__name__ for error in refused))
        raise BadInput(group, f"cannot be moved: {names}", mend="stop every instance of the service first")
    ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    return sum(found.offset - moved[p]["offset"] for p, found in ends.items())


def _offset(found: Any) -> int:
    return getattr(found, "offset", found) if found is not None else 0
