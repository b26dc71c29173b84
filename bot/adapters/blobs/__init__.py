"""Where sealed blobs lie: a local folder."""

from bot.adapters.blobs.local import FolderBlobs

__all__ = ["FolderBlobs"]
