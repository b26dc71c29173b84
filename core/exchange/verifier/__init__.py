"""The verifier of export bundles: parts that are joined to the one file shipped in every bundle."""
