"""Dialogues in progress, kept in the database so that a restart asks nothing twice."""

from core.drafts.keeping import Dialogue, advance, end, last_used, remember, running, start

__all__ = ["Dialogue", "advance", "end", "last_used", "remember", "running", "start"]
