"""GS1 element strings and Digital Links: what is whole is read, what is broken is refused, what is lost is asked."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from biip.checksums import gs1_standard_check_digit
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import labels
from core.kit import Refusal
from core.labels import Carrier, check_digits, gs1, read
from tests.paths import SHARED_DATA

TODAY = dt.date(2026, 11, 30)
GS = "\x1d"
LOT = st.text(alphabet="ABCXYZ0123456789-./_", min_size=1, max_size=20)
DAY = st.dates(dt.date(2000, 1, 1), dt.date(2075, 12, 31))
GTIN = st.text(alphabet="0123456789", min_size=13, max_size=13).map(
    lambda one: f"{one}{gs1_standard_check_digit(one)}"
)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def one(text: str, symbology: str = "") -> labels.LabelFacts:
    (only,) = read(Carrier(text=text, symbology=symbology), TODAY)
    return only


@CALM
@given(gtin=GTIN, lot=LOT, serial=LOT, expires=DAY, made=DAY)
def test_what_is_formatted_is_read_back(
    gtin: str, lot: str, serial: str, expires: dt.date, made: dt.date
) -> None:
    days = f"11{made:%y%m%d}17{expires:%y%m%d}"
    scanned = one(f"01{gtin}{days}10{lot}{GS}21{serial}", "]d2")
    assert (scanned.device, scanned.lot, scanned.serial) == (gtin, lot, serial)
    assert scanned.expires_on is not None
    assert scanned.made_on is not None
    assert (scanned.expires_on.last, scanned.made_on.last) == (expires, made)
    typed = one(f"（01）{gtin} (11){made:%y%m%d}(17){expires:%y%m%d}(10){lot}(21){serial}")
    assert typed == scanned
    assert one(f"]C101{gtin}{days}10{lot}<GS>21{serial}") == scanned


@CALM
@given(gtin=GTIN, place=st.integers(0, 13), by=st.integers(1, 9))
def test_one_wrong_digit_of_a_gtin_is_refused(gtin: str, place: int, by: int) -> None:
    wrong = gtin[:place] + str((int(gtin[place]) + by) % 10) + gtin[place + 1 :]
    for carrier in (Carrier(text=f"01{wrong}10A", symbology="]d2"), Carrier(text=f"(01){wrong}(10)A")):
        with pytest.raises(labels.CheckDigitWrong):
            read(carrier, TODAY)


@pytest.mark.parametrize(
    ("text", "symbology", "refusal"),
    [
        ("010690123456789217260230", "]d2", labels.LabelDateImpossible),
        ("010690123456789217261301", "]d2", labels.FieldMalformed),
        ("01069012345678927003281301", "]d2", labels.FieldMalformed),
        ("010690123456789270032806302460", "]d2", labels.LabelDateImpossible),
        ("0106901234567892" + "7003" + "2806302359" + "10A", "]d2", labels.FieldMalformed),
        ("010690123456789210", "]d2", labels.FieldMalformed),
        ("010690123456789210" + "A" * 21, "]d2", labels.FieldMalformed),
        ("010690123456789210A B", "]d2", labels.FieldMalformed),
        ("0106901234567892" + "10批", "]d2", labels.FieldMalformed),
        ("010690123456789", "]d2", labels.FieldMalformed),
        ("010690123456789210A\x1d10B", "]d2", labels.FieldTwice),
        ("0106901234567892020690123456789237" + "5", "]d2", labels.FieldTwice),
        ("010690123456789217280630\x1d70032806291200", "]d2", labels.FieldTwice),
        ("0500000", "]d2", labels.FieldUnknown),
        ("", "]d2", labels.NotALabel),
        ("(05)12", "", labels.FieldUnknown),
        ("(01)06901234567892(10)", "", labels.FieldMalformed),
        ("https://id.gs1.org/01/06901234567893/10/A", "", labels.CheckDigitWrong),
        ("https://id.gs1.org/01/06901234567892/10/A/22/B", "", labels.LinkBroken),
        ("https://id.gs1.org/01/06901234567892/10", "", labels.LinkBroken),
        ("https://id.gs1.org/01/06901234567892/10/A?10=B", "", labels.FieldTwice),
        ("https://id.gs1.org/01/06901234567892?17=280630&17=280629", "", labels.FieldTwice),
        ("https://id.gs1.org/DAnc8mDRgFAA", "", labels.CompressedLink),
        ("https://example.com/about", "", labels.NotALabel),
        ("http://[::1/01/06901234567892", "", labels.LinkBroken),
        ("6901234567893", "]E0", labels.CheckDigitWrong),
        ("x" * 401, "", labels.FieldMalformed),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused(text: str, symbology: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read(Carrier(text=text, symbology=symbology), TODAY)


@pytest.mark.parametrize(
    ("written", "today", "meant"),
    [
        ("280600", TODAY, dt.date(2028, 6, 30)),
        ("280200", TODAY, dt.date(2028, 2, 29)),
        ("760101", TODAY, dt.date(2076, 1, 1)),
        ("770101", TODAY, dt.date(1977, 1, 1)),
        ("490101", dt.date(1999, 5, 5), dt.date(2049, 1, 1)),
        ("500101", dt.date(1999, 5, 5), dt.date(1950, 1, 1)),
        ("000101", dt.date(2051, 1, 1), dt.date(2100, 1, 1)),
    ],
)  # GS1 General Specifications 7.12: 51 to 99 years ahead is the century before, 50 to 99 behind the next
def test_two_digits_of_a_year_and_day_00(written: str, today: dt.date, meant: dt.date) -> None:
    (facts,) = read(Carrier(text=f"010690123456789217{written}", symbology="]d2"), today)
    assert facts.expires_on is not None
    assert facts.expires_on.last == meant
    assert facts.expired(meant + dt.timedelta(days=1))
    assert not facts.expired(meant)


def test_a_month_stays_a_month() -> None:
    assert str(one("010690123456789211280600", "]d2").made_on) == "2028-06"


@pytest.mark.parametrize(
    "text",
    [
        "https://id.gs1.org/01/06901234567892/10/L-1/21/S%2F1?17=280630",
        "https://example.com/some/path/01/6901234567892/10/L-1/21/S%2F1?17=280630&utm=x",
    ],
)
def test_digital_links(text: str) -> None:
    for symbology in ("", "]Q1", "]Q3"):
        facts = one(text, symbology)
        assert (facts.device, facts.lot, facts.serial) == ("06901234567892", "L-1", "S/1")
        assert str(facts.expires_on) == "2028-06-30"


def test_fields_that_run_together_are_read_in_every_way() -> None:
    """The separator was lost: nobody can know whether the lot is A21B, or A and the serial number B."""
    found = read(Carrier(text="010690123456789210A21B"), TODAY)
    assert {(one.lot, one.serial) for one in found} == {("A21B", ""), ("A", "B")}
    assert one("010690123456789217280630").expires_on is not None, "fields of fixed length need none"
    with pytest.raises(labels.CheckDigitWrong):
        read(Carrier(text="010690123456789310A21B"), TODAY)
    with pytest.raises(labels.TooManyReadings):
        read(Carrier(text="010690123456789210A" + "2130372402411" * 2), TODAY)


def test_a_carton_names_its_content_and_retail_codes_only_the_article() -> None:
    sscc = f"36901234567890010{gs1_standard_check_digit('36901234567890010')}"
    carton = one(f"00{sscc}02069012345678923710\x1d10L-1", "]C1")
    assert carton.content
    assert (carton.device, carton.lot) == ("06901234567892", "L-1")
    assert one("6901234567892", "]E0").device == "06901234567892"
    assert [one.device for one in read(Carrier(text="6901234567892"), TODAY)] == ["06901234567892", ""]


# Examples: NMPA's question and answer 1 on GS1 order of fields; "UDI formats by FDA-accredited issuing agency" 1.3.
@pytest.mark.parametrize(
    ("text", "device", "lot", "serial", "expires"),
    [
        (
            "(01)06901234567892(11)141231(17)150707(10)A213B1(21)1234",
            "06901234567892",
            "A213B1",
            "1234",
            "2015-07-07",
        ),
        (
            "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234",
            "51022222233336",
            "A213B1",
            "1234",
            "2015-07-07",
        ),
    ],
)
def test_published_examples(text: str, device: str, lot: str, serial: str, expires: str) -> None:
    facts = one(text)
    assert (facts.device, facts.lot, facts.serial, str(facts.expires_on)) == (device, lot, serial, expires)
    assert facts.expired(TODAY)


def test_check_character_pairs() -> None:
    """GS1's own example of a Global Model Number, and two of Yang Jianming (China Auto ID 2022/3)."""
    whole = ("1987654Ad4X4bL5ttr2310c2K", "6901234GS1-China1234567EH", "6901234GS1-China1235R")
    assert [check_digits.pair_holds(one) for one in whole] == [True] * 3
    assert not check_digits.pair_holds("6901234GS1-China1234568EH")


def dictionary() -> list[tuple[list[str], bool, list[str]]]:
    """Identifiers, whether their length is predefined, and components, of GS1's own syntax dictionary."""
    found = []
    path = SHARED_DATA / "gs1_syntax_dictionary" / "gs1-syntax-dictionary.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        words = line.partition("#")[0].split()
        first, _, last = words[0].partition("-")
        codes = [str(n).zfill(len(first)) for n in range(int(first), int(last or first) + 1)]
        flags = words[1] if re.fullmatch(r"[*?]+", words[1]) else ""
        parts = [word for word in words[1:] if re.match(r"\[?[NXYZ](\d|\.\.)", word)]
        found.append((codes, "*" in flags, parts))
    return found


def test_the_table_agrees_with_the_syntax_dictionary() -> None:
    """Identifiers, ends of fields, check digits and dates are those of GS1; what biip lacks is refused, never guessed."""
    odd: list[tuple[str, int]] = []
    unknown, summed, paired, months, days = [], set(), set(), set(), set()
    for codes, predefined, parts in dictionary():
        for code in codes:
            summed |= {code} if any("csum," in f"{part}," for part in parts) else set()
            paired |= {code} if any("csumalpha" in part for part in parts) else set()
            months |= {code} if parts[0] == "N6,yymmd0" else set()
            days |= {code} if parts[0] == "N6,yymmdd" else set()
            if not gs1._known(code):
                unknown.append(code)
                with pytest.raises(Refusal):
                    gs1.scanned(f"{code}123456")
                continue
            table = GS1ApplicationIdentifier.extract(code)
            assert table.separator_required is not predefined, code
            least = sum(
                int(re.search(r"\d+", part)[0]) for part in parts if ".." not in part and "[" not in part
            )
            least += sum(1 for part in parts if ".." in part and "[" not in part)
            most = sum(int(re.search(r"\d+", part)[0]) for part in parts)
            if all(part.lstrip("[").startswith("N") for part in parts):
                for length, fits in ((least, True), (least - 1, False), (most, True), (most + 1, False)):
                    matched = length > 0 and re.fullmatch(table.pattern, code + "0" * length) is not None
                    if matched is not fits and length:
                        odd.append((code, length))
    assert summed == set(gs1.SUMMED)
    assert paired == set(gs1.PAIRED)
    assert months == set(gs1.MONTHS)
    assert days == set(gs1.DAYS)
    assert len(unknown) < 30, unknown
    assert not odd


@CALM
@given(
    text=st.text(alphabet="0129(+=/$.MAL\x1d ]批", max_size=40),
    symbology=st.sampled_from(["", "]d2", "]C1", "]Q3", "]Q1", "]E0"]),
)
def test_any_text_is_read_or_refused(text: str, symbology: str) -> None:
    try:
        found = read(Carrier(text=text, symbology=symbology), TODAY)
    except Refusal:
        return
    assert found
