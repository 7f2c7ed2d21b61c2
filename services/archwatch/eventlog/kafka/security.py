"""TLS and SASL as kafka-python takes them, from settings that are texts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kafka.net.sasl.oauth import AbstractTokenProvider

from archwatch.errors import ConfigError

_KNOWN: Final = frozenset(
    (
        "security_protocol", "ssl_check_hostname", "ssl_cafile", "ssl_certfile", "ssl_keyfile", "ssl_crlfile",
        "ssl_password", "ssl_ciphers", "sasl_mechanism", "sasl_plain_username", "sasl_plain_password",
        "sasl_kerberos_service_name", "sasl_kerberos_domain_name",
    )
)  # fmt: skip
# NAME_file instead of NAME: the secret lies in a file, which may be replaced while we run
_IN_FILES: Final = {"ssl_password_file": "ssl_password", "sasl_plain_password_file": "sasl_plain_password"}
_FILES: Final = ("ssl_cafile", "ssl_certfile", "ssl_keyfile", "ssl_crlfile")
_TOKEN_FILE: Final = "sasl_oauth_token_file"  # noqa: S105 - the name of a setting


def client_settings(security: Mapping[str, str]) -> dict[str, Any]:
    """What kafka-python is told. Raises ConfigError, which names the setting and never its value."""
    settings: dict[str, Any] = {}
    for name, value in security.items():
        if name in _IN_FILES:
            settings[_IN_FILES[name]] = _secret(name, Path(value))
        elif name == _TOKEN_FILE:
            _secret(name, Path(value))  # a mistake is told at start, not at the first login
            settings["sasl_oauth_token_provider"] = _TokenFile(Path(value))
        elif name == "ssl_check_hostname":
            settings[name] = value.lower() not in ("false", "no", "0")
        elif name in _KNOWN:
            settings[name] = value
        else:
            known = ", ".join(sorted({*_KNOWN, *_IN_FILES, _TOKEN_FILE}))
            raise ConfigError(f"log.security.{name}", "is no setting", mend=f"one of {known}")
    for name in _FILES:
        if name in settings:
            _secret(name, Path(settings[name]))  # kafka-python would only time out
    if str(settings.get("security_protocol", "")).startswith("SASL"):
        _check_login(settings)
    return settings


def _check_login(settings: Mapping[str, Any]) -> None:
    """kafka-python would only time out without one of these."""
    mechanism = settings.get("sasl_mechanism")
    if mechanism is None:
        raise ConfigError("log.security.sasl_mechanism", "is missing", mend="e.g. SCRAM-SHA-512")
    needed = {"OAUTHBEARER": ("sasl_oauth_token_provider",), "GSSAPI": ()}.get(
        mechanism, ("sasl_plain_username", "sasl_plain_password")
    )
    for name in needed:
        if name not in settings:
            wanted = _TOKEN_FILE if name == "sasl_oauth_token_provider" else name
            raise ConfigError(f"log.security.{wanted}", "is missing", mend=f"{mechanism} needs it")


class _TokenFile(AbstractTokenProvider):  # type: ignore[misc] # published without types
    """OAUTHBEARER with a token that another program keeps fresh in a file, as Kubernetes does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def token(self) -> str:
        return _secret(_TOKEN_FILE, self._path)


def _secret(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not a text"
        raise ConfigError(f"log.security.{name}", f"{path} cannot be read: {why}") from None
