"""The kinds of documents that are brought in: one row each. Whoever adds a kind adds a row, and every door takes it."""

from __future__ import annotations

from typing import Final

from core.imports.documents import Kind

KINDS: Final[tuple[Kind, ...]] = ()
