"""A worker's task that crashes or hangs in place of a decoder, as the bytes ask."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

from core.evidence import imaging, workbench

if TYPE_CHECKING:
    from core.evidence import Prepared

_work = workbench._work
_prepare = imaging.prepare


def _decoder(data: bytes, **options: Any) -> Prepared:
    if data.startswith(b"CRASH"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if data.startswith(b"HANG"):
        time.sleep(600)
    return _prepare(data, **options)


def work(data: bytes, must_be_picture: bool, seconds: int) -> object:
    """Do what the worker does, with the decoder above."""
    imaging.prepare = _decoder  # in the worker's process only
    return _work(data, must_be_picture, seconds)
