"""TLS and SASL against the listeners of a real broker: who gets in, and no secret is told to who does not."""

import base64
import json
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from archwatch.contracts.topics import ENTRIES
from archwatch.errors import ConfigError, TransientError
from archwatch.eventlog.kafka import KafkaLog
from certificates import KEY_PASSWORD, Certificates
from kafka_broker import PASSWORD, USER, Broker
from log_workers import message, take


def login(certificates: Certificates, **other: str) -> dict[str, str]:
    return {
        "security_protocol": "SASL_SSL",
        "ssl_cafile": str(certificates.ca),
        "sasl_mechanism": "SCRAM-SHA-256",
        "sasl_plain_username": USER,
        "sasl_plain_password": PASSWORD,
    } | other


def token(file: Path, seconds: int) -> str:
    """An unsigned token that is valid for so long; the file that holds it."""
    now = int(time.time())
    parts = ({"alg": "none"}, {"sub": "archwatch", "iat": now - 9_999, "exp": now + seconds})
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
    file.write_text(".".join([*coded, ""]))
    return str(file)


def work(address: str, security: dict[str, str]) -> None:
    """All that a stage does: read, publish and commit in one transaction."""
    log = KafkaLog(address, security=security, session_seconds=6, timeout_seconds=4)
    try:
        topic = replace(ENTRIES, name=f"test.{uuid.uuid4().hex}")
        assert log.ensure_topics([topic]) == []
        log.append([message(topic.name, "k", "safe")])
        with log.consume("g", topic.name) as consumer:
            (record,) = take(consumer, 1)
            consumer.commit([message(topic.name, "k", b"and " + record.value)])
        assert [r.value for r in log.read(topic.name)] == [b"safe", b"and safe"]
    finally:
        log.close()


def test_a_stage_works_over_tls_with_a_password(secured: Broker, certificates: Certificates) -> None:
    work(secured.sasl, login(certificates))


def test_a_stage_works_with_a_token(secured: Broker, certificates: Certificates, tmp_path: Path) -> None:
    file = token(tmp_path / "token", 600)
    work(secured.sasl, login(certificates, sasl_mechanism="OAUTHBEARER", sasl_oauth_token_file=file))


def test_a_stage_works_with_a_certificate_of_its_own(secured: Broker, certificates: Certificates) -> None:
    mutual = {"security_protocol": "SSL", "ssl_cafile": str(certificates.ca)}
    locked = {"ssl_certfile": str(certificates.client_locked), "ssl_password": KEY_PASSWORD}
    work(secured.mutual, mutual | locked)


@pytest.mark.parametrize("wrong", [{"sasl_plain_password": "no-such-secret"}, {"ssl_cafile": "OTHER"}])
def test_who_is_not_let_in_shows_no_secret(
    secured: Broker, certificates: Certificates, wrong: dict[str, str]
) -> None:
    files = {"OTHER": str(certificates.other_ca)}
    given = {name: files.get(value, value) for name, value in wrong.items()}
    log = KafkaLog(secured.sasl, security=login(certificates, **given), timeout_seconds=1)
    with pytest.raises(TransientError) as caught:
        log.ensure_topics([ENTRIES])
    assert "secret" not in str(caught.value)


def test_a_file_that_is_not_there_is_named_without_a_broker(certificates: Certificates) -> None:
    with pytest.raises(ConfigError, match=r"log\.security\.ssl_cafile: /not/there cannot be read"):
        KafkaLog("127.0.0.1:1", security=login(certificates, ssl_cafile="/not/there"))


@pytest.mark.parametrize("name", ["sasl_mechanism", "sasl_plain_username", "sasl_plain_password"])
def test_what_a_log_in_lacks_is_named_without_a_broker(certificates: Certificates, name: str) -> None:
    given = login(certificates)
    del given[name]
    with pytest.raises(ConfigError, match=rf"log\.security\.{name}: is missing"):
        KafkaLog("127.0.0.1:1", security=given)
