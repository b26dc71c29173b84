"""The rooms: what the plant's quality people know, decide and record. No messenger, no HTTP, no scheduler."""
