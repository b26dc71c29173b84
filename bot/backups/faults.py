"""Why a backup is not made, read or restored."""

from __future__ import annotations


class BackupFault(Exception):  # noqa: N818  it is read by an operator as a sentence
    """A backup cannot be made, read or restored; the text says why and what to do."""
