"""Backups: one sealed file with the database and every photo, and the way back (docs/operating/backup.md)."""

from bot.backups.desk import Desk
from bot.backups.faults import BackupFault
from bot.backups.manifest import Manifest

__all__ = ["BackupFault", "Desk", "Manifest"]
