"""Moments that rooms above join; their handlers run in the same transaction."""

from __future__ import annotations

from core.kit import Actor, Hook
from core.sensors.terms import Told

alarmed: Hook[[Actor, Told]] = Hook("alarm of a sensor")
moved: Hook[[Actor, Told]] = Hook("alarm of a sensor went on, ended or was not borne out")
