"""A darkroom over a store in memory."""

from __future__ import annotations

import pytest

from core.evidence import Darkroom
from tests.core.evidence.people import Ring
from tests.fakes.blobs import MemoryBlobs, ThreadBench


@pytest.fixture
def blobs() -> MemoryBlobs:
    return MemoryBlobs()


@pytest.fixture
def darkroom(blobs: MemoryBlobs) -> Darkroom:
    return Darkroom(blobs, Ring(), ThreadBench())
