"""Foreign protocols: one package a messenger or store."""
