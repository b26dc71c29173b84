"""Whoever runs the server signs in somebody else's name, by our own code and with every key of the house but one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from core import signing
from core.kit import system
from core.kit.keys import KeyRing
from core.kit.unit_of_work import unit_of_work
from core.signing import authenticators, completion, pages, passkeys
from core.signing.asserting import Asserted
from core.signing.models import Ceremony, Factor, Passkey
from core.signing.table import TABLE, ActRule
from core.signing.totp import new_secret
from tests.core.signing import papers, people_here
from tests.core.signing.papers import APPROVE
from tests.core.signing.signers import CHANNEL, Signer
from tests.fakes.authenticator import SoftKey

PIN, ADDRESS = "204816", "http://localhost:8080"


async def sign_as_somebody() -> None:
    """A manager has a passkey; the thief lets the house record a signature that another key made."""
    signing.use_keys(KeyRing.create(Path(tempfile.mkdtemp()) / "master.key"))
    signing.use_passkeys(ADDRESS)
    papers.paper()
    TABLE[APPROVE] = ActRule(says="Approve", meaning=signing.Meaning.APPROVED)
    try:
        victim = await people_here.hire("李明", "manager")
        root, secret = system(victim.plant_id), new_secret()
        await signing.set_level(root, APPROVE, "S4")
        await signing.load_demo_factor(root, victim.identity, secret, PIN)
        await signing.open_session(victim.identity, PIN, Signer(victim, secret, "c").code())
        offer = await signing.passkey_offer(victim.identity)
        await signing.add_passkey(victim.identity, "手机", SoftKey().create(offer.create))
        shown = await signing.begin(victim, APPROVE, {"number": "P-1"}, CHANNEL, "c")
        thief = SoftKey().get((await signing.page(shown.page_token)).options)
        async with unit_of_work():
            ceremony = await Ceremony.get(id=shown.id)
            leaf, _challenge = await pages.challenge_of(ceremony)
            asserted = Asserted(
                proven=passkeys.Proven(
                    passkey=await Passkey.get(), given=authenticators.read(thief), count=2
                ),
                site=passkeys.must_have_site(),
                record_leaf=leaf,
                ceremony=ceremony,
            )
            factor = await Factor.get(person_id=victim.identity)
            proof = completion.Proof(factor=factor, method="passkey", asserted=asserted)
            await completion.signed_whole(victim, ceremony, proof)
    finally:
        del TABLE[APPROVE]
        signing.use_passkeys("")
