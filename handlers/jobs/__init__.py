"""Timed jobs: what happens because time has passed."""
