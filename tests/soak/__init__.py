"""Long runs with random faults; make test runs them small, make soak in full."""
