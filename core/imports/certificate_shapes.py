"""What certificates are made of, in our own words: CoA 1.x and E-CoC 1.0.

Facts after the published definitions of Material Identity.
Pictures and attachments are let pass as texts and not looked into.
"""

from __future__ import annotations

from typing import Any, Final

from core.imports.shapes import Either, Found, Many, Members, Text, day, flag, mail, number

ANY: Final = Text()
COUNTRY: Final = Text(least=2, most=2, pattern=r"^[A-Z]{2}$")
URL: Final = Text(
    pattern=r"https?://[a-z0-9/.\-]+[.a-z+]/[a-z0-9\-]+/v[0-9]+\.[0-9]+\.[0-9]+(-[0-9]+)?/[a-z./\-]+.json"
)
LANGUAGES: Final = Many(
    of=Text(choices=("EN", "DE", "FR", "ES", "PL", "CN", "TR", "IT")), least=1, most=2, once=True
)
_TEXTS: Final = Many(of=ANY, least=1, once=True)
_STREET: Final = Either(many=Many(of=ANY, least=1, most=3), one=ANY)
_KNOWN: Final = Members(free={"CageCode": ANY}, others=True)
_TAXED: Final = Members(needed={"VAT": Text(least=8, most=15)}, others=True)
_NUMBERED: Final = Members(needed={"DUNS": Text(least=9, most=9)}, others=True)


def numbers(value: Any, path: str) -> Found:
    """Numbers of a company: one for taxes, or one of a register."""
    yield from _KNOWN(value, path)
    if next(_NUMBERED(value, path), None) is not None:
        yield from _TAXED(value, path)


COMPANY: Final = Members(
    needed={"ZipCode": ANY, "City": ANY, "Country": COUNTRY, "Street": _STREET},
    free={
        "Name": ANY,
        "CompanyName": ANY,
        "Email": mail,
        "Emails": Many(of=mail, least=1, most=6),
        "Identifiers": numbers,
        "AdditionalInformation": _TEXTS,
    },
    one_of=("Name", "CompanyName"),
    others=True,
)
_HASH: Final = Members(
    needed={
        "Algorithm": Text(choices=("SHA256", "SHA3-256")),
        "Encoding": Text(choices=("base64", "hex")),
        "Value": ANY,
    },
    others=True,
)
ATTACHED: Final = Members(
    needed={"Hash": _HASH, "FileName": ANY, "MIME-Type": ANY, "Encoding": ANY, "Data": ANY}
)
_INSPECTED: Final = Members(
    needed={
        "Property": ANY,
        "Method": ANY,
        "Value": ANY,
        "ValueType": Text(choices=("string", "number", "date", "date-time", "boolean")),
    },
    free=dict.fromkeys(("PropertyId", "Minimum", "Maximum", "Unit", "TestConditions"), ANY),
)
_CE: Final = Members(
    needed=dict.fromkeys(("CE_Image", "NotifiedBodyNumber", "YearDocumentIssued", "DocumentNumber"), ANY)
)
COA: Final = Members(
    needed={
        "RefSchemaUrl": URL,
        "Certificate": Members(
            needed={
                "CertificateLanguages": LANGUAGES,
                "Id": ANY,
                "Date": day,
                "Standard": Members(needed={"Norm": ANY}, free={"Type": ANY}, others=True),
                "Parties": Members(
                    needed={"Manufacturer": COMPANY, "Customer": COMPANY},
                    free={"Receiver": COMPANY, "GoodsReceiver": COMPANY},
                ),
                "BusinessTransaction": Members(
                    needed={
                        "Order": Members(
                            needed={"Id": ANY},
                            free={
                                **dict.fromkeys(
                                    (
                                        "Position",
                                        "QuantityUnit",
                                        "CustomerProductId",
                                        "CustomerProductName",
                                        "GoodsReceiptId",
                                    ),
                                    ANY,
                                ),
                                "Date": day,
                                "Quantity": number,
                            },
                        ),
                        "Delivery": Members(
                            needed={"Id": ANY, "Quantity": number, "QuantityUnit": ANY},
                            free={
                                "Position": ANY,
                                "Date": day,
                                "InternalOrderId": ANY,
                                "InternalOrderPosition": ANY,
                                "Transport": Many(of=ANY, once=True),
                            },
                        ),
                    },
                    free={"OrderConfirmation": Members(needed={"Id": ANY}, free={"Date": day})},
                ),
                "Product": Members(
                    needed={"Name": ANY, "FillingBatchId": ANY},
                    free={
                        "Id": ANY,
                        "CountryOfOrigin": COUNTRY,
                        "PlaceOfOrigin": ANY,
                        "FillingBatchDate": day,
                        "ProductionBatchId": ANY,
                        "ProductionDate": day,
                        "Standards": _TEXTS,
                        "ExpirationDate": day,
                        "AdditionalInformation": _TEXTS,
                    },
                ),
                "DeclarationOfConformity": Members(needed={"Declaration": ANY}, free={"CE": _CE}),
                "Logo": ANY,
            },
            free={
                "Contacts": Many(
                    of=Members(
                        needed={
                            "Name": ANY,
                            "Department": ANY,
                            "Role": ANY,
                            "Email": mail,
                            "Phone": ANY,
                        }
                    ),
                    once=True,
                ),
                "Analysis": Members(
                    free={
                        "LotId": ANY,
                        "PropertiesStandard": Text(choices=("CAMPUS",)),
                        "Inspections": Many(of=_INSPECTED, least=1, once=True),
                        "AdditionalInformation": _TEXTS,
                    },
                    others=True,
                ),
                "Attachments": Many(of=ATTACHED, least=1, once=True),
                "Disclaimer": ANY,
            },
        ),
    }
)
_PAIRS: Final = Many(of=Members(needed={"Name": ANY, "Value": Many(of=ANY, least=1)}, others=True), least=1)
_OBJECT: Final = Members(
    needed={
        "ObjectId": ANY,
        "ObjectName": ANY,
        "ObjectType": ANY,
        "PartyRefId": number,
        "ObjectProperties": _PAIRS,
    },
    others=True,
)
_PARTY: Final = Members(
    needed={
        "PartyName": ANY,
        "PartyNo": number,
        "PartyAddress": Members(
            needed=dict.fromkeys(("StreetAddress", "City", "PostalCode", "CountryCode"), ANY), others=True
        ),
        "PartyIdentifier": Many(
            of=Members(needed={"NameOfIdentifier": ANY, "ValueOfIdentifier": ANY}), least=1
        ),
        "PartyRole": ANY,
    },
    others=True,
)
_ECOC_VALUE: Final = Members(
    needed={"ValueName": ANY, "Unit": ANY, "ActualFrom": ANY},
    free=dict.fromkeys(("TypeOfValue", "SpecMin", "SpecMax", "ActualTo"), ANY),
    others=True,
)
ECOC: Final = Members(
    needed={
        "RefSchemaUrl": ANY,
        "Uuid": ANY,
        "EcocData": Members(
            needed={
                "DataLevel": Text(choices=("C",)),
                "Data": Members(
                    needed={
                        "EcocType": ANY,
                        "Parties": Many(of=_PARTY, least=1),
                        "BusinessRef": Members(
                            needed={"StandardReferences": Many(of=Members(others=True), least=1)}, others=True
                        ),
                        "ObjectOfDeclaration": Many(of=_OBJECT, least=1),
                    },
                    free={"NormativeRef": Many(of=ANY, least=1)},
                ),
                "Results": Members(
                    free={
                        "MaterialCertification": Many(
                            of=Members(
                                free={
                                    "NameOfTest": ANY,
                                    "TestStandardOrMethod": ANY,
                                    "RefObjectIDs": Many(of=ANY, least=1),
                                    "TestOK": flag,
                                    "TestValues": Many(of=_ECOC_VALUE, least=1),
                                },
                                others=True,
                            ),
                            least=1,
                        ),
                    },
                    others=True,
                ),
            },
            others=True,
        ),
    },
    free={
        "Id": ANY,
        "URL": ANY,
        "Declaration": Members(
            needed={
                "DateOfIssue": ANY,
                "ConformityStatus": Text(choices=("True", "False", "WithConcessions")),
                "Signature": Members(others=True),
                "CocConfirmationText": Many(of=ANY, least=1),
            },
            others=True,
        ),
        "Attachment": Members(others=True),
    },
)
