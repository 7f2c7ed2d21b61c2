"""The judge on disk: `current` names a folder with judge.skops (never pickle), a manifest and a card."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import sklearn
import skops.io
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archwatch.encoders import ENCODERS
from archwatch.errors import ConfigError
from archwatch.extractor.judge import SCHEMA, Judge, Projection
from archwatch.extractor.weighing import TYPES

CURRENT: Final = "current"
MANIFEST: Final = "manifest.json"
LEARNT: Final = "judge.skops"
# beside what skops trusts by itself: numbers, with the places where they are not 0
_TRUSTED: Final = ["scipy.sparse._csr.csr_matrix"]
_RETRAIN: Final = (
    "use the archwatch that it was made with, or train one: `python -m archwatch.extractor.teach`"
)


class Manifest(BaseModel):
    """What the judge was made of. `sha256`: of judge.skops. `figures`: those of the card."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")
    features: str
    encoders: str
    scikit_learn: str
    types: list[str]
    sha256: str
    trained_on: dict[str, Any]
    figures: dict[str, Any]


def load_judge(models: Path) -> Judge:
    """The judge that `models`/current names. Raises ConfigError naming file and mend."""
    pointer = models / CURRENT
    try:
        folder = models / pointer.read_text(encoding="utf-8").strip()
    except OSError as error:
        mend = "restore it, or set `extractor.model`"
        raise ConfigError(str(pointer), f"cannot be read: {error.strerror}", mend=mend) from None
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", mend="restore the folder") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigError(str(path), f"{place}: {first['msg']}", mend="restore the folder") from None
    here = {
        "features": SCHEMA,
        "encoders": ENCODERS,
        "scikit_learn": ".".join(sklearn.__version__.split(".")[:2]),
        "types": list(TYPES),
    }
    for name, ours in here.items():
        theirs = getattr(manifest, name)
        if name == "scikit_learn":
            theirs = ".".join(theirs.split(".")[:2])
        if theirs != ours:
            raise ConfigError(str(path), f"was made with {name} {theirs!r}; here is {ours!r}", mend=_RETRAIN)
    return _read(folder / LEARNT, manifest.sha256)


def _read(path: Path, digest: str) -> Judge:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", mend="restore it") from None
    if hashlib.sha256(body).hexdigest() != digest:
        problem = "is not the file that the manifest names: its hash differs"
        raise ConfigError(str(path), problem, mend="restore it")
    parts = skops.io.loads(body, trusted=_TRUSTED)
    projections = tuple(
        Projection(*(np.asarray(one, dtype=np.float32) for one in pair)) for pair in parts["projections"]
    )
    lessons = tuple(np.asarray(part, dtype=np.float32) for part in parts["lessons"])
    return Judge(**parts | {"projections": projections, "lessons": lessons})


def save_judge(
    judge: Judge, models: Path, version: str, trained_on: dict[str, Any], figures: dict[str, Any]
) -> Path:
    """Writes the folder and points `current` to it; returns the folder."""
    folder = models / version
    folder.mkdir(parents=True, exist_ok=True)
    body = skops.io.dumps(_stored(judge), compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    (folder / LEARNT).write_bytes(body)
    manifest = Manifest(
        version=version,
        features=SCHEMA,
        encoders=ENCODERS,
        scikit_learn=sklearn.__version__,
        types=list(TYPES),
        sha256=hashlib.sha256(body).hexdigest(),
        trained_on=trained_on,
        figures=figures,
    )
    text = json.dumps(manifest.model_dump(), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    (models / CURRENT).write_text(version + "\n", encoding="utf-8")
    return folder


def _stored(judge: Judge) -> dict[str, Any]:
    """Numbers at half precision where nothing is lost by it: what is compared are angles."""
    return vars(judge) | {
        "projections": [(p.centre.astype(np.float16), p.axes.astype(np.float16)) for p in judge.projections],
        "lessons": [part.astype(np.float16) for part in judge.lessons],
        "words": judge.words.astype(np.float32),
        "duals": judge.duals.astype(np.float32),
    }
