"""What is known of one code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """`example` shows the mistake, a piece of a file or a command; "" where none is short enough. `remedy`: what to do."""

    code: str
    meaning: str
    example: str
    remedy: str
