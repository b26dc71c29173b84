"""The printed case: its text comes out again in both languages, every page carries the checkpoint, the seal holds."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from handlers.documents import blocks, typesetting
from tests.core.exchange.conftest import kept
from tests.core.exchange.office import Kept

__all__ = ["kept"]


def read(pdf: bytes) -> str:
    """The text as a reader would copy it, without spaces and breaks."""
    return re.sub(
        r"[\s\u200b]", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    )


@pytest.mark.req("D-21", "P-50")
@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "zh_CN",
            (
                "涂层表面有剥落",
                "已闭环",
                "发现的问题",
                "签名",
                "批准",
                "时间线",
                "槽液浓度没有监控",
                "返工后复检",
                "质量经理",
            ),
        ),
        (
            "en",
            (
                "涂层表面有剥落",
                "closed",
                "Whatwasfound",
                "Signatures",
                "Approved",
                "Timeline",
                "Rework",
                "Qualitymanager",
            ),
        ),
    ],
)
@pytest.mark.req("E-01")
def test_the_text_comes_out_as_it_went_in(kept: Kept, locale: str, words: tuple[str, ...]) -> None:
    """Chinese included: descriptions, names, meanings, times with their zone."""
    said = read(kept.files[f"cases/{kept.case}/{kept.case}.{locale}.pdf"])
    for word in (*words, kept.case, "刘洋", "赵敏", "UTC+08:00(Asia/Shanghai)", "SG-2026-000001"):
        assert word in said, word
    assert not {"\ufffd", "\u200b"} & set(said)


def test_every_page_carries_size_and_root(kept: Kept) -> None:
    """A page that lies about alone still names the state of the log that it was printed under."""
    files = kept.files
    manifest = files["manifest.json"].decode()
    found = re.search(r'"root":"([0-9a-f]{64})","size":([0-9]+)', manifest)
    assert found is not None
    printed = [
        data for name, data in files.items() if name.endswith(".pdf") and name.startswith(("cases", "access"))
    ]
    assert len(printed) == 6
    for pdf in printed:
        pages = PdfReader(io.BytesIO(pdf)).pages
        for number, page in enumerate(pages, 1):
            said = re.sub(r"\s", "", page.extract_text())
            assert found[1] in said
            assert found[2] in said
            assert f"{number}/{len(pages)}" in said


def test_fonts_and_photos_are_inside(kept: Kept) -> None:
    """No reader needs a font of its own; the previews are there, and nothing but previews."""
    reader = PdfReader(io.BytesIO(kept.files[f"cases/{kept.case}/{kept.case}.zh_CN.pdf"]))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            embedded = descendant["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & embedded.keys()
    pictures = [picture for page in reader.pages for picture in page.images]
    assert len(pictures) == 3
    assert all(picture.image.getexif() == {} for picture in pictures)


async def _judged(pdf: bytes, certificate: bytes) -> PdfSignatureStatus:
    trusted = x509.Certificate.load(pem.unarmor(certificate)[2])
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    return await async_validate_pdf_signature(signature, ValidationContext(trust_roots=[trusted]))


async def test_the_seal_holds_and_breaks(kept: Kept) -> None:
    """It covers the whole file; one changed byte breaks it; the certificate is the one in the bundle."""
    pdf, certificate = kept.files["access/access.en.pdf"], kept.files["seal.pem"]
    status = await _judged(pdf, certificate)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    spoiled = bytearray(pdf)
    spoiled[spoiled.index(b"stream") + 40] ^= 1
    assert not (await _judged(bytes(spoiled), certificate)).bottom_line


def test_the_same_document_and_instant_give_the_same_seal(kept: Kept) -> None:
    """Nothing is left to dice: two prints can be compared."""
    pdf, at = kept.files["access/access.en.pdf"], dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    seal = kept.printer._seal
    plain = pdf[: pdf.index(b"%%EOF") + 6]
    assert seal.on(plain, at) == seal.on(plain, at)
    assert seal.on(plain, at) != seal.on(plain, at + dt.timedelta(seconds=1))


def document(*blocks: dict[str, object]) -> dict[str, object]:
    """A document of these blocks."""
    return {
        "title": "AN-1 #emph[x]",
        "subtitle": "$x$ *y* _z_",
        "lang": "zh",
        "region": "CN",
        "plant": "康固",
        "keywords": ["a"],
        "date": {"year": 2026, "month": 11, "day": 24},
        "made": "-",
        "chips": [],
        "stages": [],
        "seal": {"label": "size", "size": "1", "root_label": "root", "root": "0" * 64},
        "blocks": list(blocks),
    }


@pytest.mark.parametrize(
    "words",
    [
        '#import "x" ; #read("/etc/passwd") *bold* _em_ $x^2$ [a] {b} <c> @d \\ // -- `code` ~ = title',
        "长" * 2000,
        "W" * 600,
        "\u202eright\u202c to left \u200f مرحبا",
        "tab\tand\nbreak",
        "😀 emoji ① ㎜ ﬁ",
    ],
)
def test_whatever_people_type_is_printed_as_text(words: str) -> None:
    """Nothing of it is markup, nothing reads a file, nothing is lost over the edge; the printer never stops."""
    at = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    made = document(
        blocks.section(words[:40]),
        blocks.text(words),
        blocks.facts([("label", words)]),
        blocks.table(("a", "b"), (1, 3), [("x", words)]),
    )
    pdf = typesetting.set_pdf(made, {}, "code", at)
    assert pdf == typesetting.set_pdf(made, {}, "code", at)
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for char in set(words) - set("\u202e\u202c\u200f\t\n~-`\\"):
        if char.isascii() or char == "长":
            assert said.count(char) >= 3 * words.count(char), char


def test_no_clock_of_the_machine_gets_into_a_document(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed a year later by the machine's clock, for the same instant: the same bytes."""
    pdf, at = kept.files["access/access.en.pdf"], dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    plain = pdf[: pdf.index(b"%%EOF") + 6]
    before = kept.printer._seal.on(plain, at)

    class Later(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime(2027, 11, 24, tzinfo=tz)

    for module in ("metadata.info", "metadata.xmp_xml"):
        monkeypatch.setattr(f"pyhanko.pdf_utils.{module}.datetime", Later)
    for module in ("pdf_signer", "pdf_cms", "functions"):
        monkeypatch.setattr(f"pyhanko.sign.signers.{module}.datetime", Later)
    assert kept.printer._seal.on(plain, at) == before
