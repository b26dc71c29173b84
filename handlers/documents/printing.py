"""Printing what an export gathered: set as PDF, then sealed."""

from __future__ import annotations

from collections.abc import Mapping

from core.exchange import CaseFile, Gathered
from core.kit import clock
from handlers import charts, text
from handlers.documents import access_sheet, blocks, typesetting
from handlers.documents.blocks import Block
from handlers.documents.case_sheet import GENEALOGY, CaseSheet
from handlers.documents.sealing import DocumentSeal


class SheetPrinter:
    """The printer of export bundles (``core.exchange.Printer``)."""

    def __init__(self, seal: DocumentSeal) -> None:
        """Seal every document with this."""
        self._seal = seal

    @property
    def certificate(self) -> bytes:
        """The certificate (PEM) of the seal."""
        return self._seal.certificate

    def case(self, gathered: Gathered, file: CaseFile, locale: str, pictures: Mapping[int, bytes]) -> bytes:
        """Print one case in a language; ``pictures`` are JPEG by evidence id."""
        names = {key: f"{key}.jpg" for key in pictures}
        sheet = CaseSheet(gathered, file, locale, names)
        document = {
            **_frame(gathered, locale, file.case.number),
            "subtitle": f"{sheet.category} · {file.case.place}",
            "chips": sheet.chips(),
            "stages": sheet.stages(),
            "blocks": [*sheet.blocks(), *_closing(gathered, locale)],
        }
        files = {names[key]: data for key, data in pictures.items()}
        if file.genealogy is not None:
            drawn = charts.genealogy.chart(file.genealogy, locale, most=charts.genealogy.PICTURE_LOTS)
            files[GENEALOGY] = charts.svg.draw(drawn).encode()
        return self._made(document, files, gathered)

    def genealogy(self, file: CaseFile, locale: str) -> bytes | None:
        """Draw the genealogy of the case's lot as SVG; None without one."""
        if file.genealogy is None:
            return None
        return charts.svg.draw(charts.genealogy.chart(file.genealogy, locale)).encode()

    def access(self, gathered: Gathered, locale: str) -> bytes:
        """Print who had which role when, and who looked at the cases."""
        _ = text.translator(locale)
        document = {
            **_frame(gathered, locale, _("Access report")),
            "subtitle": ", ".join(gathered.granted.cases),
            "chips": [],
            "stages": [],
            "blocks": [*access_sheet.body(gathered, locale), *_closing(gathered, locale)],
        }
        return self._made(document, {}, gathered)

    def _made(
        self, document: Mapping[str, object], pictures: Mapping[str, bytes], gathered: Gathered
    ) -> bytes:
        at = gathered.granted.at
        plain = typesetting.set_pdf(document, pictures, gathered.checkpoint.note, at)
        return self._seal.on(plain, at)


def _frame(gathered: Gathered, locale: str, title: str) -> dict[str, object]:
    """What is the same on every document: names, date, the seal of the page's foot."""
    _ = text.translator(locale)
    at = clock.utc(gathered.granted.at)
    language, _sep, region = locale.partition("_")
    return {
        "title": title,
        "lang": language,
        "region": region or "gb",
        "plant": gathered.plant.name(locale),
        "keywords": [*gathered.granted.cases[:20], f"checkpoint {gathered.checkpoint.size}"],
        "date": {"year": at.year, "month": at.month, "day": at.day},
        "made": _("Exported {time} by {name}").format(
            time=text.exact(at, gathered.timezone), name=gathered.made_by
        ),
        "seal": {
            "label": _("Checkpoint of the ledger: size"),
            "size": str(gathered.checkpoint.size),
            "root_label": _("root"),
            "root": gathered.checkpoint.root,
        },
    }


def _closing(gathered: Gathered, locale: str) -> list[Block]:
    """The last box: under which checkpoint, and how to check."""
    _ = text.translator(locale)
    checkpoint = gathered.checkpoint
    return [
        blocks.section(_("Seal")),
        {
            "kind": "closing",
            "rows": [
                [_("Sealed size"), str(checkpoint.size)],
                [_("Root"), checkpoint.root],
                [_("Made"), text.exact(checkpoint.made_at, gathered.timezone)],
            ],
            "text": _(
                "This page is for reading. The records, proofs and original files are in the same bundle: "
                "run verify.py in it, without network, to check that nothing was changed. "
                "The square code is the signed checkpoint; keep it, and later bundles can be held to it."
            ),
            "alt": _("The signed checkpoint as a square code"),
        },
    ]
