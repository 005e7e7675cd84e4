"""The numbers of lists, as letters and Roman numerals too."""

from __future__ import annotations

from collections.abc import Iterator


def figure(number: int, form: str) -> str:
    """``number`` in one of Word's forms: ``lowerLetter``, ``upperRoman`` ...; in figures where it is none of them."""
    if form in ("lowerLetter", "upperLetter"):
        letter = "abcdefghijklmnopqrstuvwxyzåäö"[(number - 1) % 29]
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = "".join(_roman(number))
        return roman.lower() if form == "lowerRoman" else roman
    return str(number)


def _roman(number: int) -> Iterator[str]:
    for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            yield sign
            number -= value
