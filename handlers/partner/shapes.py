"""What bodies, paths and queries are made of: strict in, plain out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
)

from core.kit.canonical import decimal_text

CURSOR = r"^[A-Za-z0-9_\-]{1,60}$"


class In(BaseModel):
    """What comes in: no field beside those named, no type taken for another."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asks(BaseModel):
    """Parameters of a path or query: texts that are read as what they say; no other name is taken."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What goes out."""

    model_config = ConfigDict(extra="forbid")


class Paged(Asks):
    """Parameters of every list."""

    limit: Annotated[int, Field(ge=1, le=200, description="Rows of a page")] = 50
    cursor: Annotated[str | None, Field(pattern=CURSOR, description="`next` of the page before; opaque")] = (
        None
    )


class Problem(BaseModel):
    """RFC 9457: why not, for programs (`code`) and for people (`detail`, in the language asked for)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] | None = Field(default=None, description="Why, by field")
    faults: list[dict[str, Any]] | None = Field(
        default=None, description="What is wrong where: in the body (`loc`) or in a file (`line`, `column`)"
    )


Amount = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", examples=["1200", "0.5"], description="A decimal as text"),
]


def one_line(said: str) -> str:
    """What is printed on a label has no line break and no tab; lists and tables would show it as something else."""
    if any(char in said for char in "\n\r\t\v\f\x85\u2028\u2029"):
        msg = "a number in one line"
        raise ValueError(msg)
    return said


_FIRST, _LAST = 1970, 2199


def _possible(at: dt.datetime) -> dt.datetime:
    """Beyond these years no clock of a plant stands, and at the ends of the calendar no zone can be reckoned."""
    if not _FIRST < at.year <= _LAST:
        msg = f"a time between {_FIRST + 1} and {_LAST}"
        raise ValueError(msg)
    return at


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_possible),
    Field(description="RFC 3339 with an offset", examples=["2026-11-23T21:46:00+08:00"]),
]


def _whole(value: object) -> object:
    """To JSON 5.0 is the same number as 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = BeforeValidator(_whole)
Key = Annotated[int, Field(ge=1, le=2**53), Whole]
Text = Annotated[str, Field(max_length=500)]
Decimals = Annotated[Decimal, PlainSerializer(decimal_text, return_type=str)]
Moment = dt.datetime
