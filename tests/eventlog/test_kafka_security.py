"""What kafka-python is told of TLS and SASL, and that no secret is shown."""

from pathlib import Path

import pytest

from archwatch.errors import ConfigError
from archwatch.eventlog.kafka.connection import Connection
from archwatch.eventlog.kafka.security import client_settings


def test_secrets_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hush\n")
    (tmp_path / "token").write_text("first\n")
    found = client_settings(
        {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": "me",
            "ssl_check_hostname": "false",
            "sasl_plain_password_file": str(tmp_path / "password"),
            "sasl_oauth_token_file": str(tmp_path / "token"),
        }
    )
    assert (found["security_protocol"], found["ssl_check_hostname"]) == ("SASL_SSL", False)
    assert found["sasl_plain_password"] == "hush"
    (tmp_path / "token").write_text("renewed\n")
    assert found["sasl_oauth_token_provider"].token() == "renewed"
    assert "hush" not in repr(Connection("h:1", "c", 1, found))


@pytest.mark.parametrize("given", [{"sasl_passwort": "hush"}, {"sasl_plain_password_file": "/not/there"}])
def test_a_mistake_names_the_setting_and_not_its_value(given: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"log\.security\.sasl_") as wrong:
        client_settings(given)
    assert "hush" not in str(wrong.value)
