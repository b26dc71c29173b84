"""How the evidence room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class EmptyFile(Refusal):
    """The file holds no bytes."""

    says = "This file is empty. Please send it again."


class TooLarge(Refusal):
    """The file has more bytes than are taken in; it was not opened."""

    says = "This file is larger than {limit} MB. Please send a smaller one; a normal phone photo is fine."


class TooManyPixels(Refusal):
    """The picture unfolds to more pixels than are decoded; decompression bombs end here."""

    says = "This picture has more than {limit} million pixels. Please send it in a smaller resolution."


class NotAPicture(Refusal):
    """A photo is due and something else was sent."""

    says = "This is not a photo. Please take a picture of the defect and send it here."


class DeclaredOtherwise(Refusal):
    """A program said another type than the content has; nothing was kept."""

    says = "This file is {found}, not {declared}. Please send it as what it is."


class UnsupportedKind(Refusal):
    """The content is of a kind that is not kept as evidence."""

    says = "This kind of file cannot be kept. Please send a photo, a PDF, an Excel or a text file."


class Damaged(Refusal):
    """The file begins as its kind should but cannot be read to the end."""

    says = "This picture arrived damaged and cannot be opened. Please send it once more."


class NoPreview(Refusal):
    """The evidence is a document; there is no picture of it to show."""

    says = "This is a document without a preview. Please open the file itself."


class SourceTaken(Refusal):
    """Another content was already kept for the same message."""

    says = "Another file was already kept for this message. Please send yours in a new message."


class Unavailable(Refusal):
    """The stored content is missing or cannot be unsealed; the check of the ledger reports it too."""

    says = "Evidence {number} cannot be opened now. Please tell your administrator."
