"""The wires: processes, adapters, settings. How we are reached and how we reach out."""

from __future__ import annotations

VERSION = "0.1.0"
