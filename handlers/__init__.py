"""The doors: every way in which someone or something asks. Doors never open a transaction nor a table."""
