"""Check digits and characters of the schemes. Pure."""

from __future__ import annotations

from typing import Final

from biip.checksums import gs1_standard_check_digit

CODE_39: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
"""The alphabet of HIBC; a character's value is its place."""
_SET_32: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SET_82: Final = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_MODULUS: Final = 1021
_PAIR: Final = 2


def digits_hold(digits: str) -> bool:
    """Whether the last digit is the GS1 check digit of the others (modulo 10)."""
    return (
        len(digits) > 1
        and digits.isascii()
        and digits.isdigit()
        and gs1_standard_check_digit(digits[:-1]) == int(digits[-1])
    )


def pair(model: str) -> str:
    """Answer the check character pair of a Global Model Number without it (GenSpecs 7.9.5, modulo 1021)."""
    weighed = zip(reversed(model), _PRIMES, strict=False)
    rest = sum(_SET_82.index(char) * prime for char, prime in weighed) % _MODULUS
    return _SET_32[rest // 32] + _SET_32[rest % 32]


def pair_holds(model: str) -> bool:
    """Whether a Global Model Number ends with its check character pair."""
    body, given = model[:-_PAIR], model[-_PAIR:]
    fits = 0 < len(body) <= len(_PRIMES) and all(char in _SET_82 for char in body)
    return fits and pair(body) == given


def modulo_43(text: str) -> str:
    """Answer the check character of an HIBC text without it; every character is one of ``CODE_39``."""
    return CODE_39[sum(CODE_39.index(char) for char in text) % len(CODE_39)]
