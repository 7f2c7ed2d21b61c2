"""What every message has in common: frozen, strict when written, tolerant when read."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Message(BaseModel):
    """Frozen; unknown fields are ignored, so that an old reader survives added ones."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_inf_nan="null")


Missing = Annotated[
    dict[str, str],
    Field(description="for each field that is null: why it is"),
]
Score = Annotated[float, Field(ge=0.0, le=1.0)]
Utc = Annotated[AwareDatetime, Field(description="an instant, with its zone; UTC when written by us")]
Id = Annotated[str, Field(min_length=1, max_length=200)]
