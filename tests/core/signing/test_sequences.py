"""Whatever several people do in whatever order: a signature comes about exactly when every rule allows it."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from core import signing
from core.kit import Refusal, clock
from core.signing import CeremonyFacts, totp
from core.signing.models import Signature
from tests.core.signing import papers
from tests.core.signing.conftest import Cast
from tests.core.signing.signers import Signer

MOVES = 120
PAPERS = ("P-1", "P-2")
CHATS = ("one", "two")
ENDED = (signing.Expired, signing.AlreadySigned)


@dataclass
class Known:
    """What the rules know of a person, kept apart from the room that is tested."""

    last_step: int = -1
    failures: int = 0
    locked_until: dt.datetime | None = None
    enrolled: bool = True

    def locked(self) -> bool:
        """Whether wrong answers keep the person from signing now."""
        return self.locked_until is not None and clock.now() < self.locked_until


@dataclass
class Shown:
    """A ceremony as the rules see it."""

    facts: CeremonyFacts
    owner: int
    open: bool = True
    replaced: bool = False


@dataclass
class World:
    """The people, what was shown to them, and the dice."""

    signers: list[Signer]
    dice: random.Random
    known: dict[int, Known] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    async def begin(self) -> None:
        """Somebody taps a button: shown only to the enrolled and unlocked; the chat's older card goes."""
        signer, chat = self.dice.choice(self.signers), self.dice.choice(CHATS)
        owner = signer.actor.identity
        try:
            facts = await signer.begin(self.dice.choice(PAPERS), chat=chat)
        except (signing.NotEnrolled, signing.Locked):
            assert not self.known[owner].enrolled or self.known[owner].locked()
            return
        assert self.known[owner].enrolled
        assert not self.known[owner].locked()
        for older in self.shown:
            if older.owner == owner and older.facts.chat_ref == chat:
                older.replaced = older.replaced or older.open
                older.open = False
        self.shown.append(Shown(facts, owner))

    async def complete(self) -> None:
        """Somebody answers some card with some code and some word."""
        if not self.shown:
            return
        target = self.dice.choice(self.shown[-4:])
        owner = next(signer for signer in self.signers if signer.actor.identity == target.owner)
        answers = self.dice.choices([owner, self.dice.choice(self.signers)], weights=[4, 1])[0]
        ago = self.dice.choice((0, 0, 0, 1, 2))
        held = self.dice.choices([answers, self.dice.choice(self.signers)], weights=[5, 1])[0]
        code = held.wrong_code() if self.dice.random() < 0.3 else held.code(ago=ago)
        word = self.dice.choices([target.facts.check_word, "ABCD"], weights=[6, 1])[0]
        expected = self.judge(target, answers, code, word)
        before = await Signature.all().count()
        try:
            await answers.answer(target.facts, code=code, word=word)
            met = "signed"
        except Refusal as refusal:
            met = "ended" if isinstance(refusal, ENDED) else refusal.code
        assert met == expected
        assert await Signature.all().count() - before == (met == "signed")
        self.met[met] += 1

    def judge(self, target: Shown, signer: Signer, code: str, word: str) -> str:
        """Answer, from the written rules alone, what must come of an answer."""
        facts, known = target.facts, self.known[signer.actor.identity]
        if target.owner != signer.actor.identity:
            return "NotYours"
        if target.replaced:
            return "Superseded"
        if not target.open or clock.now() >= facts.expires_at:
            target.open = False
            return "ended"
        if not known.enrolled:
            return "NotEnrolled"
        if known.locked():
            return "Locked"
        now = totp.step_of(clock.now())
        steps = [step for step in (now, now - 1) if totp.code_at(signer.secret, step) == code]
        if not steps or word != facts.check_word:
            known.failures += 1
            if known.failures % 3:
                return "WrongCode"
            known.locked_until = clock.now() + dt.timedelta(minutes=15)
            target.open = False
            return "Locked"
        if steps[0] <= known.last_step:
            return "UsedCode"
        known.last_step, known.failures, known.locked_until = steps[0], 0, None
        target.open = False
        paper = papers.PAPERS[facts.shown.subject_number]
        if paper.revision != facts.shown.revision:
            target.replaced = True
            return "Superseded"
        return "signed" if paper.allowed else "NoLonger"

    async def disturb(self) -> None:
        """The world moves on: time, papers, lost phones."""
        move = self.dice.choice(("time", "time", "time", "long", "paper", "rule", "decline", "lost"))
        if move == "time":
            clock.shift(dt.timedelta(seconds=self.dice.choice((1, 29, 30, 61))))
        elif move == "long":
            clock.shift(dt.timedelta(minutes=self.dice.choice((4, 5, 15))))
        elif move == "paper":
            papers.PAPERS[self.dice.choice(PAPERS)].revision += 1
        elif move == "rule":
            paper = papers.PAPERS[self.dice.choice(PAPERS)]
            paper.allowed = not paper.allowed
        elif move == "decline" and self.shown:
            target = self.dice.choice(self.shown)
            owner = next(signer for signer in self.signers if signer.actor.identity == target.owner)
            await signing.drop(owner.actor, target.facts.id)
            target.open = False
        elif move == "lost" and self.dice.random() < 0.1:
            owner = self.dice.choice(self.signers)
            await signing.suspend(owner.actor, owner.actor.identity, "lost")
            self.known[owner.actor.identity].enrolled = False
            for one in self.shown:
                one.open = one.open and one.owner != owner.actor.identity


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.req("P-10f")
async def test_no_sequence_of_moves_yields_a_signature_against_the_rules(cast: Cast, seed: int) -> None:
    """Random moves of three people: each answer comes to what the rules say, and many ends are met."""
    papers.paper("P-2")
    dice = random.Random(seed)
    world = World([cast.li, cast.wang, cast.chen], dice)
    world.known = {signer.actor.identity: Known() for signer in world.signers}
    for _ in range(MOVES):
        await dice.choices([world.begin, world.complete, world.disturb], weights=[3, 5, 2])[0]()
    assert world.met["signed"] >= 1
    assert len(world.met) >= 4
    signatures = await Signature.all()
    steps = [(signature.factor_id, signature.time_step) for signature in signatures]
    assert len(steps) == len(set(steps)) == world.met["signed"]
