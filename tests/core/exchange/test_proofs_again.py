"""The proofs of ledger and verifier, judged a second time as RFC 9162 writes it down, with nothing of ours."""

from __future__ import annotations

import hashlib

import pytest

from core.exchange.verifier.proofs import grew, included
from core.ledger import merkle
from tests.core.exchange import second_verifier
from tests.core.exchange.second_verifier import Wrong


def test_proofs_are_judged_as_the_rfc_writes_it_down() -> None:
    """Every leaf and every pair of sizes up to 40: whatever we prove holds there, and what is turned holds nowhere."""
    leaves = [hashlib.sha256(bytes([0, number])).digest() for number in range(40)]
    roots = [merkle.root(leaves[:size]) for size in range(41)]
    for size in range(1, 41):
        for index in range(size):
            proof = merkle.inclusion_proof(leaves[:size], index)
            assert second_verifier.root_of_inclusion(leaves[index], index, size, proof) == roots[size]
            for at in range(len(proof)):
                turned = [*proof[:at], bytes(32), *proof[at + 1 :]]
                assert second_verifier.root_of_inclusion(leaves[index], index, size, turned) != roots[size]
                assert not included(index, size, leaves[index], turned, roots[size])
        for first in range(1, size):
            proof = merkle.consistency_proof(leaves[:size], first)
            second_verifier.check_consistency(first, size, roots[first], roots[size], proof)
            turned = [bytes(32), *proof[1:]]
            with pytest.raises(Wrong):
                second_verifier.check_consistency(first, size, roots[first], roots[size], turned)
            assert not grew(first, size, roots[first], roots[size], turned)
