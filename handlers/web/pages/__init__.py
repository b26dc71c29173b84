"""One file per group of pages: parse → query or verb → render."""
