"""Where tests find what lies outside the package."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
