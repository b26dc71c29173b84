"""Two months of a plant with three partners, through the doors alone, held against a journal of what happened."""
