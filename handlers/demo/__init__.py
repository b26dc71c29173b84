"""The demo plant: a believable maker of bone screws and its partners, made through the rooms' own verbs."""

from handlers.demo.loading import DemoFacts, load
from handlers.demo.welcome import welcome

__all__ = ["DemoFacts", "load", "welcome"]
