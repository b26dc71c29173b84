"""How EPCIS capture says no."""

from __future__ import annotations

from collections.abc import Sequence

from core.epcis.terms import Fault
from core.kit.refusal import Refusal


class CaptureRefused(Refusal):
    """Events of a document cannot be taken; none of it was."""

    says = "{count} faults in the EPCIS document; nothing was taken. First: event {index}, {path} ({code})"

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the sentence names the place of the first one."""
        first = faults[0]
        super().__init__(
            count=len(faults),
            index="–" if first.index is None else first.index,
            path=first.path or "/",
            code=first.why.code,
        )
        self.faults = tuple(faults)


class NotJson(Refusal):
    """The text is no JSON (RFC 8259)."""

    says = "This is not sound JSON (line {line}). Please send the document as your program wrote it."


class TooDeep(Refusal):
    """Nested beyond what any event needs."""

    says = "The document is nested more than {most} levels deep. Please send plain EPCIS events."


class DocumentTooLarge(Refusal):
    """More than one capture takes."""

    says = "The document holds more than {most} {what}. Please split it into several."


class NameTwice(Refusal):
    """An object names a property twice: readers would disagree about it."""

    says = "“{name}” stands twice in one object. Please send it once."


class NumberUnfit(Refusal):
    """A number that no record keeps."""

    says = "The number {text} is too large or too fine. Please send plain decimals."


class CharacterUnfit(Refusal):
    """A text with a character that is none."""

    says = "A text holds a character that cannot be recorded (NUL or half of a pair). Please correct it."


class PropertyMissing(Refusal):
    """Something that the standard asks for."""

    says = "“{name}” is missing."


class PropertyUnknown(Refusal):
    """A property without a namespace that the standard does not have there."""

    says = "“{name}” is no property of {of}. Extensions carry a prefix, such as example:{name}."


class WrongShape(Refusal):
    """Another kind of value than the standard asks for."""

    says = "Here stands no {wanted}."


class NotAnEventTime(Refusal):
    """A time that is none, or without its offset."""

    says = "“{text}” is no time with an offset. Please write it like 2026-11-23T08:30:00.000+08:00."


class NotAnOffset(Refusal):
    """A time zone offset that is none."""

    says = "“{text}” is no time zone offset. Please write it like +08:00."


class NotAUri(Refusal):
    """An identifier that is no URI (RFC 3986)."""

    says = "“{text}” is no URI. Please write it as a URN or as a GS1 Digital Link."


class NotInVocabulary(Refusal):
    """A word that CBV 2.0 does not have."""

    says = "“{text}” is not in the Core Business Vocabulary. Own words are URIs of your own."


class EventIsEmpty(Refusal):
    """An event that names nothing it is about."""

    says = "The event names nothing that it is about: {wanted}."


class IlmdOutOfPlace(Refusal):
    """Master data of a lot stand where the lot is made (EPCIS 2.0 §7.3.8)."""

    says = "“ilmd” stands in events that make something: action ADD, or a transformation."


class IdentifierUnfit(Refusal):
    """An EPC that does not follow the Tag Data Standard, or whose check digit is wrong."""

    says = "“{text}” is no sound {what}. Please check its digits."


class EventTimeAhead(Refusal):
    """It happened in the future."""

    says = "The event lies in the future. Please check the clock and the offset of its time."


class EventIdTaken(Refusal):
    """An event of that id is known, with another content."""

    says = "Event {event_id} is known here with another content. A wrong event is declared, not sent anew."


class EventUnknown(Refusal):
    """Nothing of that id from this sender."""

    says = "Event {event_id} is not known here. Please check its id."


class DeclaredDiffers(Refusal):
    """An error declaration repeats the event that it is about, nothing else."""

    says = "The declaration does not repeat event {event_id} as it was sent. Please send the same content."


class DeclaredAlready(Refusal):
    """An event is declared wrong once."""

    says = "Event {event_id} was declared wrong before."


class CorrectionUnknown(Refusal):
    """The events that stand in its place come first."""

    says = "The correcting event {event_id} is not known here. Send it first, or in the same document."


class StaysDone(Refusal):
    """What the event did cannot be taken back by a message."""

    says = (
        "“{deed}” of event {event_id} cannot be taken back by a declaration. Please call the plant: a person "
        "corrects it there."
    )


class PlaceNamed(Refusal):
    """The place is recorded already and keeps the name that it was recorded with."""

    says = "{uri} is recorded already, as “{name}”. It keeps that name."


class SiteElsewhere(Refusal):
    """The site belongs to another organisation than the place."""

    says = "That site belongs to another organisation. Please choose one of this organisation, or none."


class ToldHere(Refusal):
    """An event that tells what people or programs did here by other doors is declared wrong by a message."""

    says = (
        "Event {event_id} tells what was done in Bihuan; nobody sent it. Please have it put right there, on the lot’s "
        "page or in the chat."
    )


class LotOfIdWanted(Refusal):
    """A class or serial number that leads to no lot."""

    says = "“{text}” names no lot. Please send the class with its lot (LGTIN), or the lot number in “ilmd”."


class SerialUnknown(Refusal):
    """Nobody recorded this serial number."""

    says = "Serial number {serial} is not recorded. Its commissioning event comes first."


class ArticleUnknown(Refusal):
    """No product has this identifier."""

    says = "No product here has the identifier {code}. Please have the plant record it first."


class OtherArticle(Refusal):
    """The lot number exists, for another product."""

    says = "Lot {number} is of product {product}, not of {other}. Please check identifier and lot."


class AmountWanted(Refusal):
    """How much is not said."""

    says = "How much of “{text}”? Please send its quantity."


class AmountUnclear(Refusal):
    """A quantity whose unit cannot be told."""

    says = (
        "{quantity} of “{text}” has no unit that compares with {unit}. Please send “uom” by UN/ECE Rec. 20."
    )


class UomUnknown(Refusal):
    """Not a unit that we know."""

    says = "“{uom}” is no unit of UN/ECE Rec. 20 that is known here. Please use another, such as KGM or H87."


class PlaceUnknown(Refusal):
    """A location or party that nobody told us."""

    says = "The plant does not know the place or party {uri}. Please have it recorded first."


class NotAtYou(Refusal):
    """An organisation records what happens to the lots that it has."""

    says = "Lot {number} is not at your organisation. Only who has a lot reports what is done to it."


class ReceiverWanted(Refusal):
    """A shipment without a destination."""

    says = "Where to? Please name the receiver of the shipment in “destinationList”."


class NotUnderWay(Refusal):
    """Nothing was sent that could arrive."""

    says = "No shipment of lot {number} is on its way to you. Its shipping event comes first."


class ArrivedOtherwise(Refusal):
    """Several parts are on their way, and the quantity is that of none."""

    says = "Several parts of lot {number} are on their way. Please send the quantity of the one that arrived."


class NothingInside(Refusal):
    """A logistic unit that nothing was packed into."""

    says = "Nothing is packed in {code}. Its aggregation event comes first."


class PackedTooMuch(Refusal):
    """More is packed than is left of the lot."""

    says = "{packed} {unit} of lot {number} would be packed, but only {left} {unit} are left of it."


class PackedElsewhere(Refusal):
    """A piece is in one parent at a time."""

    says = "“{child}” is in {parent} already. Unpack it first (action DELETE)."


class UnitElsewhere(Refusal):
    """Who packs a logistic unit has all that is in it."""

    says = "Logistic unit {code} holds goods that are not at your organisation. Only who has them all packs it further."


class InsideItself(Refusal):
    """A unit is never inside itself, through others neither."""

    says = "“{child}” would lie inside itself. Please check which unit is packed into which."


class NotInside(Refusal):
    """What is unpacked was packed there before."""

    says = "“{child}” is not in {parent}."


class OneProductOut(Refusal):
    """A transformation makes lots of one product."""

    says = "One transformation makes lots of one product. Please send {other} in an event of its own."


class NoInputs(Refusal):
    """Outputs of a transformation for which no input is known, or is left."""

    says = (
        "Nothing is left that could have gone into this output: nothing was told, or earlier outputs took it. Please "
        "send its inputs first, or in the same event."
    )


class SeveralOut(Refusal):
    """Inputs are told after several lots came out, and nothing waits for another output."""

    says = (
        "{count} lots came out of this transformation already, and nothing waits for another. Please send these inputs "
        "with the output that they went into; an output without a quantity is a lot that is there already."
    )


class PlaceTaken(Refusal):
    """The place belongs to another organisation already."""

    says = "{uri} is recorded as another place already."
