"""What a witness outside needs: the stand-alone script, and how a comparison is said."""
