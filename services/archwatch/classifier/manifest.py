"""What lies beside a model: who made it of what, how good it is, and how to know it is whole."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import sklearn
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archwatch.classifier.aims import Point
from archwatch.classifier.features import SCHEMA
from archwatch.encoders import ENCODERS
from archwatch.errors import ConfigError
from archwatch.settings import AIM

NAME: Final = "manifest.json"
HEADS: Final = "heads.skops"
LESSONS: Final = "lessons.npz"
CURRENT: Final = "current"
_RETRAIN: Final = "train one with `archwatch train DATA... --out {}`"


class Manifest(BaseModel):
    """`files` maps a file's name to its SHA-256; `figures` are those of the model card.

    `threshold` reaches `aim` in validation; `curve` has the precision and recall of others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")
    features: str
    encoders: str
    scikit_learn: str
    files: dict[str, str]
    threshold: float = Field(ge=0, le=1)
    aim: str = Field(pattern=AIM)
    curve: list[Point]
    topics: list[str]
    trained_on: dict[str, Any]
    figures: dict[str, Any]


def current_folder(models: Path) -> Path:
    """The folder of the model in use. Raises ConfigError when `models/current` names none."""
    pointer = models / CURRENT
    try:
        version = pointer.read_text(encoding="utf-8").strip()
    except OSError:
        mend = "name a folder of models with --model, or " + _RETRAIN.format(models)
        raise ConfigError(str(pointer), "no such file", mend=mend) from None
    folder = models / version
    if not version or Path(version).name != version or not folder.is_dir():
        mend = f"write the name of a folder beside it, one of: {_versions(models)}"
        raise ConfigError(str(pointer), f"names {version!r}, which is not there", mend=mend)
    return folder


def read_manifest(folder: Path) -> Manifest:
    """The manifest, once every file is what it says. Raises ConfigError naming file and mend."""
    path = folder / NAME
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", mend="restore the folder") from None
    _refuse_other_features(path, body)
    try:
        manifest = Manifest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigError(str(path), f"{place}: {first['msg']}", mend="restore the folder") from None
    retrain = _retrain(path)
    if manifest.encoders != ENCODERS:
        problem = f"was made with encoders {manifest.encoders!r}; this archwatch has {ENCODERS!r}"
        raise ConfigError(str(path), problem, mend=retrain)
    if _minor(manifest.scikit_learn) != _minor(sklearn.__version__):
        problem = f"was made with scikit-learn {manifest.scikit_learn}; here is {sklearn.__version__}"
        raise ConfigError(str(path), problem, mend=retrain)
    for name in (HEADS, LESSONS):
        if name not in manifest.files:
            raise ConfigError(str(path), f"names no hash of {name}", mend="restore the folder")
    for name, digest in manifest.files.items():
        if sha256(folder / name) != digest:
            problem = "is not the file that the manifest names: its hash differs"
            raise ConfigError(str(folder / name), problem, mend="restore it")
    return manifest


def _refuse_other_features(path: Path, body: bytes) -> None:
    """Before anything else is said of a manifest: one of another archwatch may look different throughout."""
    try:
        given = json.loads(body)
    except ValueError:
        return  # told where it is read as a manifest
    features = given.get("features") if isinstance(given, dict) else None
    if isinstance(features, str) and features != SCHEMA:
        problem = f"was made with features {features!r}; this archwatch makes {SCHEMA!r}"
        raise ConfigError(str(path), problem, mend=_retrain(path))


def _retrain(path: Path) -> str:
    return "use the archwatch that it was made with, or " + _RETRAIN.format(path.parent.parent)


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file. Raises ConfigError when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", mend="restore it") from None


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]


def _versions(models: Path) -> str:
    return ", ".join(sorted(path.parent.name for path in models.glob(f"*/{NAME}"))) or "none is there yet"
