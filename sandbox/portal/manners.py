"""How the two families of REST methods, a person and a link method differ once values are canonical."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    """One of these four ways to write.

    `checks`: (stage-)required fields; `moves`: a deal may change its funnel; `skips`: nothing is saved when nothing
    changes; `clears`: a multiple dropdown can be emptied; `repeats`: a client makes the lead a repeat one.
    """

    checks: bool = True
    moves: bool = True
    skips: bool = True
    clears: bool = False
    repeats: bool = True


UNIVERSAL = Manner()
CLASSIC = Manner(checks=False, moves=False, skips=False, clears=True)
PERSON = Manner(clears=True)
LINKING = Manner(checks=False, clears=True, repeats=False)
