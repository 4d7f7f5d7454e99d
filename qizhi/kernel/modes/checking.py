"""`mode check`: all proofs over one compiled pack."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from .checks import (
    bodies,
    burden,
    cases,
    classes,
    days,
    hands,
    inputs,
    names,
    places,
    promises,
    reaching,
    realisation,
    routing,
    rules,
    texts,
)
from .compiling import Compiled, compile_pack
from .errors import Finding
from .report import in_order

PROOFS: tuple[Callable[[Compiled], Iterator[Finding]], ...] = (
    names.prove,
    reaching.prove,
    hands.prove,
    promises.prove,
    rules.prove,
    inputs.prove,
    burden.prove,
    routing.prove,
    places.prove,
    bodies.prove,
    classes.prove,
    realisation.prove,
    days.prove,
    cases.prove,
    texts.prove,
)


def check(pack: Compiled) -> Compiled:
    """Return `pack` with the findings of every proof added to those of reading it."""
    found = [finding for prove in PROOFS for finding in prove(pack)]
    return replace(pack, findings=in_order([*pack.findings, *found]))


def check_pack(folder: Path) -> Compiled:
    """Read and prove the pack in `folder`; all errors and warnings of one run are its `findings`."""
    return check(compile_pack(folder))
