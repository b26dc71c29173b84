"""What the demo prints at its start: addresses, one sign-in link per role, secrets as text and QR."""

from __future__ import annotations

import datetime as dt
import io

import pyotp
import segno

from core import people
from core.kit import system
from core.people import Role
from handlers import text
from handlers.demo import content
from handlers.demo.loading import DemoFacts

LASTS = dt.timedelta(hours=12)


async def welcome(demo: DemoFacts, address: str, locale: str, *, qr: bool = True) -> str:
    """The whole printout; every link works once and for twelve hours, so that the whole story can be played."""
    _ = text.translator(locale)
    root = system(demo.plant_id, channel="cli")
    lines = ["", f"  闭环 Bihuan · {_('the demo plant is running at')} {address}", ""]
    for key in content.SIGNS_IN:
        person = await people.person(demo.persons[key])
        roles = ", ".join(_(Role(one).says) for one in sorted(person.roles))
        lines.append(f"  {person.printed_name} · {roles}")
        token = await people.one_time_link(root, person.id, "chat", lasts=LASTS)
        lines.append(f"    {_('phone page')}  {address}/chat#{token}")
        if key in content.ADMIN_PAGE:
            token = await people.one_time_link(root, person.id, "admin", lasts=LASTS)
            lines.append(f"    {_('admin page')}  {address}/admin/enter#{token}")
        secret = demo.secrets.get(key)
        if secret:
            lines.append(
                f"    {_('authenticator secret')}  {secret}   ({_('code now')}: {pyotp.TOTP(secret).now()})"
            )
            lines.append(f"    {_('PIN')}  {content.PIN}   ({_('closing a case asks for it')})")
            if qr and key in ("manager", "responsible"):
                lines.append(_qr(secret, person.printed_name))
        lines.append("")
    lines.append(f"  {_('No authenticator app? This prints the present codes:')} .venv/bin/bihuan demo codes")
    lines.append(
        f"  {_('Each link works once, within twelve hours; start again for new ones. Stop with Ctrl+C.')}"
    )
    return "\n".join(lines) + "\n"


def _qr(secret: str, name: str) -> str:
    """The authenticator's QR code for a terminal."""
    kept = io.StringIO()
    segno.make(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Bihuan demo"), error="l").terminal(
        kept, compact=True, border=1
    )
    return "\n".join(f"    {line}" for line in kept.getvalue().splitlines())
