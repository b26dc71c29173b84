"""The parts of the witness script; ``handlers.witness.shipping`` makes the one file of them."""
