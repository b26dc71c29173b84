"""What a database that is away looks like: such a fault passes by itself, and nothing is wrong with what was asked."""

from __future__ import annotations

import asyncpg
from tortoise.exceptions import DBConnectionError

AWAY = (
    OSError,  # TimeoutError is one
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
