"""Moments that rooms above join; their handlers run in the same transaction."""

from __future__ import annotations

from core.anomalies.terms import AnomalyFacts
from core.kit import Actor, Hook

reported: Hook[[Actor, AnomalyFacts]] = Hook("anomaly reported")
acknowledged: Hook[[Actor, AnomalyFacts]] = Hook("anomaly acknowledged")
given_back: Hook[[Actor, AnomalyFacts, str]] = Hook("acknowledgement taken back")
reassigned: Hook[[Actor, AnomalyFacts]] = Hook("anomaly reassigned")
help_asked: Hook[[Actor, AnomalyFacts]] = Hook("help asked for")
proposed: Hook[[Actor, AnomalyFacts]] = Hook("graver grade proposed")
graded: Hook[[Actor, AnomalyFacts]] = Hook("grade signed")
contained: Hook[[Actor, AnomalyFacts]] = Hook("containment signed")
ended: Hook[[Actor, AnomalyFacts]] = Hook("case ended")
