"""The wires: processes, adapters, settings. How we are reached and how we reach out."""
