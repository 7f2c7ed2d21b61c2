"""What is told of a topic that is not as wanted, where one broker is not enough to see it."""

import json

from archwatch.contracts.topics import ENTRIES, EVENTS
from archwatch.eventlog.topic_setup import Found, differences, wanted_configs

REACH = "--bootstrap-server h:9092 --command-config client.properties"


def test_a_topic_with_too_few_copies_comes_with_a_whole_plan() -> None:
    found = Found({0: [1], 1: [2], 2: [3]}, wanted_configs(EVENTS, 3), [1, 2, 3], REACH)
    (line,) = differences(EVENTS, found, partitions=3, replication=3)
    write_plan, move = line.split("`")[1].split(" > plan.json && ")
    assert move == f"kafka-reassign-partitions.sh {REACH} --reassignment-json-file plan.json --execute"
    plan = json.loads(write_plan.removeprefix("echo '").removesuffix("'"))
    assert [p["partition"] for p in plan["partitions"]] == [0, 1, 2]
    for number, partition in enumerate(plan["partitions"]):
        assert partition["replicas"][0] == number + 1  # the leader stays where it is
        assert sorted(partition["replicas"]) == [1, 2, 3]


def test_copies_are_spread_and_one_too_many_is_dropped() -> None:
    found = Found({n: [1, 2, 3] for n in range(3)}, wanted_configs(EVENTS, 2), [1, 2, 3, 4], REACH)
    (fewer,) = differences(EVENTS, found, partitions=3, replication=2)
    assert fewer.count('"replicas":[1,2]') == 3
    found = Found({n: [1] for n in range(3)}, wanted_configs(EVENTS, 2), [1, 2, 3], REACH)
    (more,) = differences(EVENTS, found, partitions=3, replication=2)
    assert [f'"replicas":[1,{other}]' in more for other in (2, 3)] == [True, True]


def test_more_copies_than_brokers_cannot_be_had() -> None:
    found = Found({0: [1]}, wanted_configs(ENTRIES, 3), [1], REACH)
    (line,) = differences(ENTRIES, found, partitions=1, replication=3)
    assert "1 brokers: add some, or lower log.replication" in line


def test_what_is_published_with_three_copies_is_on_two_at_least() -> None:
    found = Found({0: [1, 2, 3]}, wanted_configs(ENTRIES, 1), [1, 2, 3], REACH)
    (line,) = differences(ENTRIES, found, partitions=1, replication=3)
    assert f"kafka-configs.sh {REACH} --alter --topic {ENTRIES.name}" in line
    assert "min.insync.replicas=2" in line
