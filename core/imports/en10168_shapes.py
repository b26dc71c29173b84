"""What inspection certificates by EN 10168 are made of in JSON, versions 0.4 and 0.5, in our own words.

Facts after the published definitions of Material Identity; what the codes A01 to Z99 mean is EN 10168:2004.
"""

from __future__ import annotations

from typing import Any, Final

from core.imports.certificate_shapes import ANY, ATTACHED, COMPANY, COUNTRY, LANGUAGES, URL, numbers
from core.imports.shapes import Either, Found, Many, Members, Shape, Text, day, mail, number

_SAID: Final = Members(
    needed={"Key": ANY},
    free={
        **dict.fromkeys(("Value", "Unit", "Interpretation", "Method"), ANY),
        "Type": Text(
            choices=(
                "string",
                "number",
                "date",
                "date-time",
                "boolean",
                "url",
                "qr-code",
                "image",
                "email",
                "phone",
            )
        ),
    },
)
_MEASURED: Final = Members(
    needed={"Value": number}, free={"Property": ANY, "Minimum": number, "Maximum": number, "Unit": ANY}
)


def _more(pattern: str) -> dict[str, Shape]:
    return {"SupplementaryInformation": Members(named=(pattern, _SAID))}


_BARE: Final = Text(pattern=r"^([0-9]{1,2}(\.[0-9]{1,4})?|100)$")
_BOUNDED: Final = Members(
    needed={"Value": ANY}, free={"Operator": Text(choices=("=", "<", "<=", ">", ">="))}, others=True
)
_NORMS: Final = Members(
    free={name: Many(of=ANY) for name in ("ProductNorm", "MaterialNorm", "MassNorm", "SteelDesignation")}
)
_SIGNER: Final = Members(needed={"Name": ANY, "Title": ANY}, free={"StampImage": ANY}, others=True)
_COMPANY_5: Final = Members(
    needed={
        "Name": ANY,
        "ZipCode": ANY,
        "City": ANY,
        "Country": COUNTRY,
        "Street": Many(of=ANY, least=1, most=3),
    },
    free={"Emails": Many(of=mail, least=1, most=6), "Identifiers": numbers},
)


_SIZED: Final = {
    "Tube": ("OuterDiameter", "WallThickness"),
    "RectangularTube": ("Width", "Height", "WallThickness"),
    "QuadraticTube": ("SideLength", "WallThickness"),
    "Pipe": ("SideLength", "WallThickness"),
    "RectangularPipe": ("Width", "Height", "WallThickness"),
    "Coil": ("Width", "WallThickness"),
    "RoundBar": ("Diameter",),
    "HexagonalBar": ("Diameter",),
    **dict.fromkeys(("FlatBar", "Sheet", "Slab", "Plate", "Scroll", "Strip"), ("Width", "Thickness")),
}
_FORM: Final = Members(needed={"Form": Text(choices=(*_SIZED, "Other"))}, others=True)


def _dimensions(value: Any, path: str) -> Found:
    """A form and the dimensions that belong to it (B09)."""
    if (wrong := list(_FORM(value, path))) or value["Form"] == "Other":
        yield from wrong or Members(needed={"Form": ANY, "Description": ANY})(value, path)
        return
    sizes = dict.fromkeys(_SIZED[value["Form"]], number)
    yield from Members(needed={"Form": ANY, "Unit": ANY, **sizes})(value, path)


def _product(lots: Shape) -> Shape:
    """The product (B01 to B99): described by norms and dimensions, or by a text alone."""
    plain: dict[str, Shape] = {**dict.fromkeys(("B03", "B04", "B05", "B06"), ANY), "B07": lots, "B08": number}
    sized: dict[str, Shape] = {
        **plain,
        **dict.fromkeys(("B10", "B11", "B12", "B13"), _MEASURED),
        **_more(r"^B(1[4-9]|[2-9][0-9])"),
    }
    by_norms = Members(needed={"B01": ANY, "B02": _NORMS, "B09": _dimensions}, free=sized)
    by_text = Members(needed={"B01": ANY, "B02": ANY}, free=plain)

    def either(value: Any, path: str) -> Found:
        bare = isinstance(value, dict) and isinstance(value.get("B02"), str)
        return (by_text if bare else by_norms)(value, path)

    return either


def _en10168(*, company: Shape, share: Shape, lots: Shape, signer: Shape) -> Members:
    """EN 10168 in JSON; versions differ in how they write companies, shares of elements, lots and signers."""
    element = Members(
        needed={"Symbol": ANY, "Actual": share},
        free={"Minimum": share, "Maximum": share, "Unit": Text(choices=("%", "ppm")), "Formula": ANY},
    )
    tested = Members(
        free={
            **dict.fromkeys(("C00", "C01", "C02", "C03"), ANY),
            **_more(r"^C0[4-9]"),
            "TensileTest": Members(
                free={
                    "C10": ANY,
                    "C11": _MEASURED,
                    "C12": _MEASURED,
                    "C13": _MEASURED,
                    **_more(r"^C(1[4-9]|2[0-9])"),
                }
            ),
            "HardnessTest": Members(
                free={"C30": ANY, "C31": Many(of=_MEASURED), "C32": _MEASURED, **_more(r"^C3[3-9]")}
            ),
            "NotchedBarImpactTest": Members(
                free={
                    "C40": ANY,
                    "C41": _MEASURED,
                    "C42": Many(of=_MEASURED),
                    "C43": _MEASURED,
                    **_more(r"^C4[4-9]"),
                }
            ),
            "OtherMechanicalTests": Members(named=(r"^C[5-6][0-9]", _SAID)),
            "ChemicalComposition": Members(
                free={"C70": ANY, **_more(r"^C(11[6-9]|120)")},
                named=(r"^C(7[1-9]|[89][0-9]|10[0-9]|11[0-5])$", element),
            ),
        }
    )
    return Members(
        needed={
            "RefSchemaUrl": URL,
            "Certificate": Members(
                needed={
                    "CertificateLanguages": LANGUAGES,
                    "CommercialTransaction": Members(
                        needed={
                            "A01": company,
                            "A02": ANY,
                            "A03": ANY,
                            "A04": ANY,
                            "A05": ANY,
                            "A07": ANY,
                        },
                        free={
                            **dict.fromkeys(("A08", "A09", "A96", "A97", "A98", "A99"), ANY),
                            **dict.fromkeys(("A06", "A06.1", "A06.2", "A06.3", "A06.4"), company),
                            **_more(r"^A(1[0-9]|[2-8][0-9]|9[0-6])"),
                        },
                        one_of=("A06", "A06.1"),
                        others=True,
                    ),
                    "ProductDescription": _product(lots),
                    "Validation": Members(
                        needed={"Z01": ANY, "Z02": day},
                        free={
                            "Z03": signer,
                            "Z04": Members(
                                needed=dict.fromkeys(
                                    ("CE_Image", "NotifiedBodyNumber", "DoCYear", "DoCNumber"), ANY
                                ),
                                others=True,
                            ),
                            **_more(r"^Z(0[5-9]|[1-9][0-9])"),
                        },
                        others=True,
                    ),
                },
                free={
                    "Inspection": Either(many=Many(of=tested, least=1), one=tested),
                    "OtherTests": Members(
                        free={
                            "D01": ANY,
                            "NonDestructiveTests": Members(named=(r"^D(0[2-9]|[1-4]D?[0-9]|50)", _SAID)),
                            "OtherProductTests": Members(named=(r"^D(5[1-9]|[6-9][0-9])", _SAID)),
                        }
                    ),
                    "Attachments": Many(of=ATTACHED),
                },
            ),
        },
        free={"DocumentMetadata": Members(needed={"id": ANY}, others=True)},
    )


EN10168_4: Final = _en10168(company=COMPANY, share=_BARE, lots=ANY, signer=ANY)
EN10168_5: Final = _en10168(company=_COMPANY_5, share=_BOUNDED, lots=Many(of=ANY, least=1), signer=_SIGNER)


def en10168(value: Any, path: str) -> Found:
    """The shape of the version that a certificate names; unknown ones are held to the newest."""
    said = value.get("RefSchemaUrl") if isinstance(value, dict) else None
    old = isinstance(said, str) and "/v0.4." in said
    return (EN10168_4 if old else EN10168_5)(value, path)
