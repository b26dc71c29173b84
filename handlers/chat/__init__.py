"""The chat door: dialogues, cards, buttons."""
