"""HIBC, ICCBBA and MA labels, and the halves of one label."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import labels
from core.kit import Refusal
from core.labels import Carrier, Scheme, check_digits, read

TODAY = dt.date(2016, 11, 30)
ALNUM = "ABCDXYZ0123456789"
UNIT = st.text(alphabet=ALNUM, min_size=1, max_size=18)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def one(text: str, today: dt.date = TODAY) -> labels.LabelFacts:
    (only,) = read(Carrier(text=text), today)
    return only


def summed(text: str) -> str:
    return text + check_digits.modulo_43(text)


# Published examples: the device grammar of OpenText IDOL (check characters verified), and IDAutomation's HIBC page.
@pytest.mark.parametrize(
    ("text", "expires"),
    [
        ("+X999123ABC0/$$05191234AB/S5678EDFG/16D20151001A", "2019-05"),
        ("+X999123ABC0/$$20515191234AB/S5678EDFG/16D20151001I", "2019-05-15"),
        ("+X999123ABC0/$$31905151234AB/S5678EDFG/16D20151001J", "2019-05-15"),
        ("+X999123ABC0/$$4190515211234AB/S5678EDFG/16D20151001N", "2019-05-15"),
        ("+X999123ABC0/$$5191351234AB/S5678EDFG/16D20151001J", "2019-05-15"),
        ("+X999123ABC0/$$619135211234AB/S5678EDFG/16D20151001N", "2019-05-15"),
    ],
)
def test_published_hibc_examples(text: str, expires: str) -> None:
    facts = one(text)
    assert (facts.scheme, facts.device) == (Scheme.HIBCC, "X999123ABC0")
    assert (facts.lot, facts.serial, str(facts.made_on)) == ("1234AB", "5678EDFG", "2015-10-01")
    assert str(facts.expires_on) == expires
    for place in range(1, len(text)):
        other = text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1 :]
        with pytest.raises(Refusal):
            one(other)


def test_hibc_primary_alone_and_a_date_behind_the_lot() -> None:
    assert one("+A123ABCDEFGHI1234567891E").device == "A123ABCDEFGHI1234567891"
    facts = one("+X999123ABC0/$1234AB/S5678EDFG/16D20151001/14D20190515.")
    assert (facts.lot, facts.serial, str(facts.expires_on)) == ("1234AB", "5678EDFG", "2019-05-15")


@CALM
@given(
    labeler=st.text(alphabet=ALNUM, min_size=3, max_size=3),
    product=UNIT,
    lot=UNIT,
    serial=UNIT,
    day=st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)),
)
def test_what_hibc_formats_is_read_back(
    labeler: str, product: str, lot: str, serial: str, day: dt.date
) -> None:
    primary = f"+H{labeler}{product}1"
    whole = one(summed(f"{primary}/$$3{day:%y%m%d}{lot}/S{serial}").replace(" ", "_"))
    assert (whole.device, whole.lot, whole.serial) == (primary[1:], lot, serial)
    assert whole.expires_on is not None
    assert whole.expires_on.last == day
    (first,) = read(Carrier(text=summed(primary), symbology="]A0"), TODAY)
    second = one(
        "*" + summed(f"+$$3{day:%y%m%d}{lot}{check_digits.modulo_43(primary)}").replace(" ", "_") + "*"
    )
    assert labels.complement(first, second)
    joined = labels.join(second, first)
    assert (joined.device, joined.lot, joined.expires_on) == (whole.device, lot, whole.expires_on)


def test_a_link_that_is_a_space_may_be_printed_as_a_line() -> None:
    primary = "+H559168ABCXXYZZ1"
    assert check_digits.modulo_43(primary) == " "
    second = summed("+$$30001010 ")
    assert one(second.replace(" ", "_")) == one(second)
    assert one(second).link == one(summed(primary).replace(" ", "_")).link == " "


def test_halves_of_different_hibc_labels_stay_apart() -> None:
    first, other = one(summed("+A123ABC1")), one(summed("+A123ABD1"))
    second = one(summed("+$L1" + first.link))
    assert labels.complement(first, second)
    assert not labels.complement(other, second)
    assert labels.labels_of([first, other, second]) == (other, labels.join(first, second))


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ("+", labels.FieldMalformed),
        ("+A12", labels.FieldMalformed),
        ("+A123ABCX", labels.FieldMalformed),
        ("+A123ABC1/$$1319L1", labels.LabelDateImpossible),
        ("+A123ABC1/$$519366L1", labels.LabelDateImpossible),
        ("+A123ABC1/$$2051", labels.FieldMalformed),
        ("+A123ABC1/$$61913525L1", labels.FieldMalformed),
        ("+A123ABC1/$", labels.FieldMalformed),
        ("+A123ABC1/XX", labels.FieldUnknown),
        ("+A123ABC1/$L1/$L2", labels.FieldTwice),
        ("+A123ABC1/16D20150230", labels.LabelDateImpossible),
        ("+A123ABC1/$$80", labels.FieldMalformed),
    ],
)
def test_broken_hibc_is_refused(body: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        one(summed(body))


def test_hibc_quantities_go_before_the_date() -> None:
    facts = one(summed("+A123ABC1/$$8243190515L1"))
    assert (facts.lot, str(facts.expires_on), dict(facts.fields)["Q"]) == ("L1", "2019-05-15", "24")
    assert one(summed("+A123ABC1/$$+7SN1")).serial == "SN1"


def test_published_iccbba_example() -> None:
    facts = one("=/1AB370000007JC89=,000000=1234567890ABC00=>030329=}025226")
    assert (facts.scheme, facts.device, facts.serial) == (Scheme.ICCBBA, "1AB370000007JC89", "")
    assert (str(facts.expires_on), str(facts.made_on)) == ("2030-11-25", "2025-08-14")
    lot = one("=/A9999XYZ100T0944&,1000000000000XYZ123")
    assert lot.lot == "000000000000XYZ123"
    for wrong in ("=/A9999XYZ100T094", "=>030367", "=?1", "=/A9999XYZ100T0944=/A9999XYZ100T0945"):
        with pytest.raises(Refusal):
            one(wrong)


# The parts of an MA identifier and the letters of its fields: handbook of the agency (ZIIOT), as its partners quote it.
@CALM
@given(lot=UNIT, serial=UNIT, day=st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)))
def test_what_ma_formats_is_read_back(lot: str, serial: str, day: dt.date) -> None:
    device = "MA.156.M0.100143.03003001"
    for written in (f"{day:%y%m%d}", f"{day:%Y%m%d}"):
        facts = one(f"{device}.M{written}.E{written}.L{lot}.S{serial}.DST1")
        assert (facts.scheme, facts.device, facts.lot, facts.serial) == (Scheme.MA, device, lot, serial)
        assert facts.made_on == facts.expires_on
        assert facts.expires_on is not None
        assert facts.expires_on.last == day
        assert facts.sterilisation_lot == "ST1"


@pytest.mark.parametrize(
    "text",
    [
        "MA.156.M0.100143.0300300",
        "MA.156.M0.100143.030030011",
        "MA.156.M1.100143.03003001",
        "MA.156.M0.100143.03003001.X1",
        "MA.156.M0.100143.03003001.L",
        "MA.156.M0.100143.03003001.L1.L2",
        "MA.156.M0.100143.03003001.E20261301",
        "MA.156.M0.100143.03003001.E2026",
        "MA.156.M0.100143.03003001.",
    ],
)
def test_broken_ma_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        one(text)


def test_what_is_not_public_is_refused_and_plain_text_stays_plain() -> None:
    for text in ("AHM:8412345600000000001", "81234567890123456789"):
        with pytest.raises(labels.AhmNotPublic):
            one(text)
    assert one("CT-042").scheme is Scheme.PLAIN
    for text in ("", "a" * 61, "BEGIN:VCARD\nN:x\x07"):
        with pytest.raises(labels.NotALabel):
            one(text)


def test_codes_of_one_picture() -> None:
    """Identifier here, lot and date there: one label. Two cartons in one picture: two labels, nobody guesses."""
    gs1 = [
        read(Carrier(text=text, symbology="]C1"), TODAY)[0]
        for text in ("0106901234567892", "17280630\x1d10L1")
    ]
    (label,) = labels.labels_of(gs1)
    assert (label.device, label.lot, str(label.expires_on)) == ("06901234567892", "L1", "2028-06-30")
    assert labels.labels_of([label, *gs1, label]) == (label,)
    other = read(Carrier(text="0151022222233336", symbology="]d2"), TODAY)[0]
    assert len(labels.labels_of([gs1[0], gs1[1], other])) == 3
    assert (
        len(labels.labels_of([label, read(Carrier(text="010690123456789210L2", symbology="]d2"), TODAY)[0]]))
        == 2
    )
