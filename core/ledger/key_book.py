"""Which key could sign at which size of the log: judged while the log is walked, from its own entries. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from core.ledger.checkpoint import Unreadable, Verifier, opened, signature_of
from core.ledger.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable


class KeyChange(NamedTuple):
    """A sealed entry that takes a key up or retires one."""

    position: int
    entry_id: int
    kind: str
    facts: dict[str, Any]

    @property
    def line(self) -> str:
        """The key concerned."""
        return str(self.facts.get("line"))

    @property
    def lines(self) -> list[str]:
        """Every key that the entry names."""
        others = [self.facts.get(name) for name in ("beside", "left")]
        return [self.line, *(str(one) for named in others if isinstance(named, list) for one in named)]


class KeyBook:
    """The keys of a log: those of the first checkpoint, then those that two people took up, minus the retired."""

    def __init__(self, here: Iterable[Verifier], changes: Iterable[KeyChange] = ()) -> None:
        """Begin before the first entry; ``here`` are the key file's keys, ``changes`` in the order of the log."""
        self._here = tuple(here)
        self._changes = list(changes)
        named = [line for one in self._changes for line in one.lines]
        self.known = tuple(dict.fromkeys([*self._here, *_readable(named)]))
        self._force: set[str] = set()
        self._begun = False

    @property
    def unsigned(self) -> list[tuple[int, int, str]]:
        """Entry, position and fault of every change without a second person's signature."""
        return [
            (
                one.entry_id,
                one.position,
                f"it changes the ledger's key {_short([one.line])} without the signature of a second person",
            )
            for one in self._changes
            if not isinstance(one.facts.get("signature"), int)
        ]

    def _follow(self, size: int | None) -> None:
        """Take in every change below a size of the log; all of them without one."""
        while self._changes and (size is None or self._changes[0].position < size):
            one = self._changes.pop(0)
            if one.kind == Kind.LEDGER_KEY_ADOPT:
                self._force.add(one.line)
            else:
                self._force.discard(one.line)

    def judge(self, note: str, size: int) -> str | None:
        """Answer what is wrong with who signed a checkpoint whose signatures hold; None when nothing is."""
        under = {signature_of(line)[:2] for line in opened(note)[1]}
        signed = {str(one) for one in self.known if (one.name, one.hash) in under}
        if not self._begun:
            self._begun = True
            self._force |= signed
        self._follow(size)
        if signed & self._force:
            return None
        return f"only {_short(signed)} signed it, a key that no two people had taken up then: the key was swapped"

    def stranger(self, note: str) -> str:
        """Say whose signature stands under a checkpoint that no known key signed."""
        try:
            under = {f"{name}+{hashed.hex()}" for name, hashed, _ in map(signature_of, opened(note)[1])}
        except Unreadable as wrong:
            return str(wrong)
        return (
            f"{', '.join(sorted(under))} signed it, which is neither in the key file nor was taken up by two people: "
            "the key or its file was swapped"
        )

    def end(self) -> str | None:
        """Answer, after the whole log, whether the key file holds a key that signs it."""
        self._follow(None)
        here = {str(one) for one in self._here}
        if not self._begun or here & self._force:
            return None
        return f"it holds {_short(here)}, and none of these signs the log now: the file was swapped without a signed act"


def _short(lines: Iterable[str]) -> str:
    return ", ".join(sorted(line.rpartition("+")[0] for line in lines)) or "no key"


def _readable(lines: Iterable[object]) -> list[Verifier]:
    """Public keys that entries name; what is none is left out, for the entry's own check to find."""
    found = []
    for line in lines:
        try:
            found.append(Verifier.parse(str(line)))
        except Unreadable:
            continue
    return found
