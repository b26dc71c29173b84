"""Identifiers of events: EPC URNs (GS1 EPC Tag Data Standard 2.0), GS1 Digital Links, and URIs of our own. Pure.

Both GS1 writings of a thing lead to one form, the canonical Digital Link (CBV 2.0 §8.9, GS1 Digital Link URI Syntax).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from core.epcis.errors import IdentifierUnfit
from core.epcis.terms import Key, Named
from core.labels import digits_hold

OWN: Final = "urn:x-bihuan:"
"""For goods and places without GS1 identifiers: ``urn:x-bihuan:lot:PRODUCT:LOT``, ``…:party:CODE``."""
_LINK: Final = "https://id.gs1.org"
_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)", re.IGNORECASE)
_PREFIX: Final = range(6, 13)
"""Digits of a GS1 Company Prefix."""
_LONGEST_URI: Final = 400
_LONGEST_PART: Final = 60
_TEXT = re.compile(r"""[!-~]+""")
_LONGEST: Final = {"lot": 20, "serial": 20, "extension": 20, "asset": 30}
_KEYED = re.compile(r"(?:^|/)(00|01|414|417|8003|8004)/(.+)$")


def read(text: str) -> Named:
    """Answer what an identifier means; one of no scheme that we know stands for itself.

    Raises:
        IdentifierUnfit: it follows a scheme's name, but not its rules.
    """
    if text.lower().startswith(OWN):
        return _own(text)
    urn = _URN.fullmatch(text)
    if urn is not None:
        return _urn(text, urn[1].lower(), urn[2].lower(), urn[3])
    if text.lower().startswith(("http://", "https://")):
        return _link(text)
    return Named(key=Key.OTHER, uri=text, written=text, code=text)


def own_lot(product: str, lot: str) -> str:
    """Write a lot of a product without a GTIN."""
    return f"{OWN}lot:{_escaped(product)}:{_escaped(lot)}"


def own_class(product: str) -> str:
    """Write a product without a GTIN."""
    return f"{OWN}class:{_escaped(product)}"


def class_link(gtin: str) -> str:
    """Write an article as a Digital Link."""
    return f"{_LINK}/01/{gtin}"


def own_serial(product: str, serial: str) -> str:
    """Write a piece of a product without a GTIN."""
    return f"{OWN}serial:{_escaped(product)}:{_escaped(serial)}"


def own_party(code: str) -> str:
    """Write an organisation without a GLN."""
    return f"{OWN}party:{_escaped(code)}"


def own_site(party: str, site: str) -> str:
    """Write a site of an organisation without a GLN."""
    return f"{OWN}site:{_escaped(party)}:{_escaped(site)}"


def own_document(party: str, number: str) -> str:
    """Write a document by the number that an organisation gave it."""
    return f"{OWN}document:{_escaped(party)}:{_escaped(number)}"


def lot_link(gtin: str, lot: str) -> str:
    """Write a lot of an article as a Digital Link."""
    return f"{_LINK}/01/{gtin}/10/{_escaped(lot)}"


def serial_link(gtin: str, serial: str) -> str:
    """Write a piece of an article as a Digital Link."""
    return f"{_LINK}/01/{gtin}/21/{_escaped(serial)}"


def fits_link(text: str) -> bool:
    """Whether a lot or serial number may stand in a GS1 identifier: 20 characters of GS1's set 82."""
    return re.fullmatch(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""", text) is not None


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")


def _unfit(text: str, what: str) -> IdentifierUnfit:
    return IdentifierUnfit(text=text[:120], what=what)


def _own(text: str) -> Named:
    kind, *parts = text[len(OWN) :].split(":")
    said = [unquote(one) for one in parts]
    if any(not one or "\x00" in one or "\ufffd" in one for one in said):
        raise _unfit(text, OWN)
    uri = ":".join((f"{OWN}{kind}", *(_escaped(one) for one in said)))
    if len(uri) > _LONGEST_URI or any(len(one) > _LONGEST_PART for one in said):
        raise _unfit(text, OWN)
    match kind, said:
        case "lot", [product, lot]:
            return Named(key=Key.LOT, uri=uri, written=text, device=product, lot=lot, own=True)
        case "serial", [product, serial]:
            return Named(key=Key.SERIAL, uri=uri, written=text, device=product, serial=serial, own=True)
        case "class", [product]:
            return Named(key=Key.CLASS, uri=uri, written=text, device=product, own=True)
        case "party", [code]:
            return Named(key=Key.PARTY, uri=uri, written=text, code=code, own=True)
        case "site", [code, site]:
            return Named(key=Key.PLACE, uri=uri, written=text, code=code, serial=site, own=True)
        case "document", [party, number]:
            return Named(key=Key.OTHER, uri=uri, written=text, code=party, serial=number, own=True)
        case (("unit" | "asset"), [code]):
            key = Key.CARRIER if kind == "unit" else Key.ASSET
            return Named(key=key, uri=uri, written=text, code=code, own=True)
    raise _unfit(text, OWN)


def _urn(text: str, form: str, scheme: str, rest: str) -> Named:  # noqa: PLR0911  one line per scheme
    parts = rest.split(".", 2)
    three = 3
    match form, scheme:
        case "id", "sgtin" if len(parts) == three:
            return _serial(text, _gtin(text, parts[0], parts[1]), unquote(parts[2]))
        case "class", "lgtin" if len(parts) == three:
            return _lot(text, _gtin(text, parts[0], parts[1]), unquote(parts[2]))
        case "idpat", "sgtin" if len(parts) == three and parts[2] == "*":
            return _class(text, _gtin(text, parts[0], parts[1]))
        case "id", "sscc" if len(parts) == 2:  # noqa: PLR2004
            return _carrier(text, _checked(text, parts[0], parts[1], 17, "SSCC"))
        case "id", "sgln" if len(parts) == three:
            return _place(text, _gln(text, parts), unquote(parts[2]))
        case "id", "pgln" if len(parts) == 2:  # noqa: PLR2004
            return _party(text, _gln(text, parts))
        case "id", "giai" if len(parts) > 1:
            return _asset(text, "8004", parts[0] + unquote(rest.partition(".")[2]))
        case "id", "grai" if len(parts) == three:
            gln = _gln(text, parts)
            return _asset(text, "8003", f"0{gln}{unquote(parts[2])}")
        case _, ("sgtin" | "lgtin" | "sscc" | "sgln" | "pgln" | "giai" | "grai"):
            raise _unfit(text, scheme.upper())
    return Named(key=Key.OTHER, uri=text, written=text, code=text)


def _digits(text: str, company: str, rest: str, length: int, what: str) -> None:
    whole = company + rest
    if not (whole.isascii() and whole.isdigit() and len(whole) == length and len(company) in _PREFIX):
        raise _unfit(text, what)


def _with_check(digits: str) -> str:
    return next(f"{digits}{last}" for last in "0123456789" if digits_hold(f"{digits}{last}"))


def _gtin(text: str, company: str, item: str) -> str:
    _digits(text, company, item, 13, "GTIN")
    return _with_check(item[:1] + company + item[1:]) if item else _checked(text, company, item, 13, "GTIN")


def _checked(text: str, company: str, reference: str, length: int, what: str) -> str:
    _digits(text, company, reference, length, what)
    if not reference:
        raise _unfit(text, what)
    return _with_check(reference[:1] + company + reference[1:])


def _gln(text: str, parts: list[str]) -> str:
    _digits(text, parts[0], parts[1], 12, "GLN")
    return _with_check(parts[0] + parts[1])


def _value(text: str, value: str, what: str, longest: int) -> str:
    if _TEXT.fullmatch(value) is None or len(value) > longest:
        raise _unfit(text, what)
    return value


def _serial(text: str, gtin: str, serial: str) -> Named:
    value = _value(text, serial, "SGTIN", _LONGEST["serial"])
    return Named(key=Key.SERIAL, uri=serial_link(gtin, value), written=text, device=gtin, serial=value)


def _lot(text: str, gtin: str, lot: str) -> Named:
    value = _value(text, lot, "LGTIN", _LONGEST["lot"])
    return Named(key=Key.LOT, uri=lot_link(gtin, value), written=text, device=gtin, lot=value)


def _class(text: str, gtin: str) -> Named:
    return Named(key=Key.CLASS, uri=class_link(gtin), written=text, device=gtin)


def _carrier(text: str, code: str) -> Named:
    return Named(key=Key.CARRIER, uri=f"{_LINK}/00/{code}", written=text, code=code)


def _place(text: str, gln: str, extension: str) -> Named:
    value = _value(text, extension or "0", "SGLN", _LONGEST["extension"])
    end = "" if value == "0" else f"/254/{_escaped(value)}"
    return Named(key=Key.PLACE, uri=f"{_LINK}/414/{gln}{end}", written=text, code=gln)


def _party(text: str, gln: str) -> Named:
    return Named(key=Key.PARTY, uri=f"{_LINK}/417/{gln}", written=text, code=gln)


def _asset(text: str, field: str, code: str) -> Named:
    value = _value(text, code, "GIAI", _LONGEST["asset"])
    return Named(key=Key.ASSET, uri=f"{_LINK}/{field}/{_escaped(value)}", written=text, code=value)


def _link(text: str) -> Named:
    """Read a Digital Link of any domain (uncompressed); another address stands for itself."""
    try:
        path = urlsplit(text).path.rstrip("/")
    except ValueError:
        raise _unfit(text, "URI") from None
    keyed = _KEYED.search(path)
    if keyed is None:
        return Named(key=Key.OTHER, uri=text, written=text, code=text)
    field, (code, *more) = keyed[1], [unquote(one) for one in keyed[2].split("/")]
    said = dict(zip(more[::2], more[1::2], strict=False))
    if len(more) % 2:
        raise _unfit(text, "GS1 Digital Link")
    if field in ("8003", "8004"):
        return _asset(text, field, code)
    lengths = {"00": (18,), "01": (8, 12, 13, 14), "414": (13,), "417": (13,)}[field]
    if not (len(code) in lengths and digits_hold(code)):
        raise _unfit(text, "GS1 Digital Link")
    match field:
        case "00":
            return _carrier(text, code)
        case "414":
            return _place(text, code, said.get("254", "0"))
        case "417":
            return _party(text, code)
    gtin = code.zfill(14)
    if "21" in said:
        named = _serial(text, gtin, said["21"])
        return named if "10" not in said else _with_lot(named, text, said["10"])
    return _lot(text, gtin, said["10"]) if "10" in said else _class(text, gtin)


def _with_lot(named: Named, text: str, lot: str) -> Named:
    return Named(
        key=named.key,
        uri=named.uri,
        written=text,
        device=named.device,
        serial=named.serial,
        lot=_value(text, lot, "LGTIN", _LONGEST["lot"]),
    )
