"""The table of verbs with their rights and ledger kinds: ``docs/validation/verbs.md``, made from the code."""

from __future__ import annotations

import sys

from core.kit import REGISTERED
from handlers.cli import texts

PAGE = texts.ROOT / "docs" / "validation" / "verbs.md"


def table() -> str:
    """The page, the same for the same code."""
    texts.msgids()
    lines = [
        "# Verbs, rights and ledger kinds",
        "",
        "Made from the code by `make docs`; a house test compares it. “–” in the right column means another proof",
        "than a role: a token, or that the thing is the person's own.",
        "",
        "| verb | right | ledger kinds | what it does |",
        "|---|---|---|---|",
    ]
    for name, facts in sorted(REGISTERED.items()):
        if name.startswith("core."):
            right = facts.permission.code if facts.permission else "–"
            kinds = ", ".join(f"`{kind}`" for kind in sorted(str(one) for one in facts.kinds))
            lines.append(f"| `{name.removeprefix('core.')}` | {right} | {kinds} | {facts.summary} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page; answers the exit code."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(table(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
