"""How the inspections room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class MethodUnknown(Refusal):
    """No such method, or none of that version, or none yet at that time."""

    says = "Inspection method {code} was not found for this time. Please check its code and version."


class NoCharacteristics(Refusal):
    """A method that measures nothing."""

    says = "Please name at least one characteristic that the method measures."


class CharacteristicTwice(Refusal):
    """A method names a characteristic twice."""

    says = "Characteristic {key} is named twice. Please keep one."


class CharacteristicUnknown(Refusal):
    """A value of something that the method does not measure."""

    says = "Method {code} does not measure {key}. Please check the name of the characteristic."


class ValueTwice(Refusal):
    """Two values of one characteristic for one piece."""

    says = "There are two values of {key} for piece {piece}. Please keep one, or number the pieces."


class NumberWanted(Refusal):
    """A measured characteristic without a number, or a judged one with one."""

    says = "{key} takes a number with a unit. Please send the measured value."


class JudgementWanted(Refusal):
    """A characteristic that is judged good or bad."""

    says = "{key} is judged good or bad. Please send one of the two."


class CoverageTooFine(Refusal):
    """A coverage factor with more decimals than are kept."""

    says = "The coverage factor is kept with two decimals. Please round {text} to two and send it again."


class UncertaintyMalformed(Refusal):
    """An uncertainty that is none."""

    says = "The uncertainty must be above zero, and its coverage factor from 1 to 4. Please check them."


class MeasuredLater(Refusal):
    """A result from the future."""

    says = "This was measured in the future by its date. Please check date and time zone."


class SampledLater(Refusal):
    """A result of a sample that was not taken yet."""

    says = "The sample was taken after it was tested, by these times. Please check both."


class CorrectsAnother(Refusal):
    """A correction of something that is not the same lot and method."""

    says = (
        "A correction belongs to the same lot and method as the result it corrects. Please check its number."
    )


class CorrectedAlready(Refusal):
    """A result is corrected once; a further correction corrects the newest one."""

    says = "This result was corrected already. Please correct the newest one."


class NoFindings(Refusal):
    """A test report that says nothing."""

    says = "The document holds no results. Please ask its sender for the one with the values."


class LimitsCross(Refusal):
    """A lower limit above the upper one: nothing could be within them."""

    says = (
        "The lower limit of {name} lies above its upper one. Please ask the sender for a corrected document."
    )


class PictureWanted(Refusal):
    """A reference sample without a picture."""

    says = "A golden or limit sample needs at least one picture."


class SampleSigned(Refusal):
    """A signed version stays as it is."""

    says = "This sample is signed already. A change makes a new version."


class SampleOwn(Refusal):
    """Who made a sample does not sign it."""

    says = "You made this sample yourself; another person has to sign it."
