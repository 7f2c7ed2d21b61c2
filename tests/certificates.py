"""Certificates for tests of TLS, made where they are used."""

from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

KEY_PASSWORD = "key-secret-7f3a"


@dataclass(frozen=True)
class Certificates:
    """PEM files. `server` and `client` hold key and chain; the key of `client_locked` has KEY_PASSWORD."""

    ca: Path
    other_ca: Path
    server: Path
    elsewhere: Path
    client: Path
    client_locked: Path


def made(folder: Path) -> Certificates:
    """New ones, in `folder`."""
    ours, other = trustme.CA(), trustme.CA()
    found = Certificates(*(folder / f"{name}.pem" for name in Certificates.__dataclass_fields__))
    ours.cert_pem.write_to_path(found.ca)
    other.cert_pem.write_to_path(found.other_ca)
    _write(found.server, ours.issue_cert("127.0.0.1", "localhost"))
    _write(found.elsewhere, ours.issue_cert("kafka.example.org"))
    client = ours.issue_cert("client.example.org")
    _write(found.client, client)
    _write(found.client_locked, client, KEY_PASSWORD)
    return found


def _write(path: Path, leaf: trustme.LeafCert, password: str | None = None) -> None:
    """The key as PKCS#8, which Kafka and everyone else reads, and the chain."""
    key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
    path.write_bytes(text + b"".join(pem.bytes() for pem in leaf.cert_chain_pems))
    path.chmod(0o600)
