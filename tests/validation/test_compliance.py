"""The compliance matrix is made from what is there: known codes, real tests, an up-to-date page."""

from __future__ import annotations

from tests.validation import compliance


def test_every_mark_names_a_known_requirement() -> None:
    """A typo in a mark would prove nothing."""
    known = compliance.requirements()
    assert [one for one in compliance.proofs() if one.code not in known] == []


def test_every_requirement_says_all_of_itself() -> None:
    """Source, sentence, and how it is met; what is not built yet has no claim of a proof for it."""
    for code, facts in compliance.requirements().items():
        assert set(facts) <= {"source", "says", "met", "first"}, code
        assert all(str(facts[key]).strip() for key in ("source", "says", "met")), code


def test_a_requirement_that_is_met_has_a_test_and_an_open_one_admits_it() -> None:
    """Whoever deletes the last proving test must say that the requirement is open."""
    proven = {one.code for one in compliance.proofs()}
    silent = [
        code
        for code, facts in compliance.requirements().items()
        if code not in proven and "not built yet" not in str(facts["met"]).lower()
    ]
    assert silent == []


def test_the_matrix_is_up_to_date() -> None:
    """Run make docs."""
    assert compliance.PAGE.read_text(encoding="utf-8") == compliance.page()
