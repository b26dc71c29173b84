"""One linear history for two databases: each file names its statements per dialect."""
