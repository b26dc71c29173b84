"""Moments that rooms above join; their handlers run in the same transaction."""

from __future__ import annotations

from core.inspections.report_terms import ReportFacts
from core.inspections.terms import ResultFacts
from core.kit import Actor, Hook

reported: Hook[[Actor, ReportFacts]] = Hook("test report recorded")
recorded: Hook[[Actor, ResultFacts]] = Hook("result recorded")
