"""Joining the parts of the verifier to the one file that every bundle carries."""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from typing import Final

PARTS: Final = ("curve", "devices", "proofs", "passkeys", "places", "outside", "bundle", "command")
_HERE: Final = Path(__file__).parent / "verifier"
_HEAD: Final = '''"""Checks an export bundle of Bihuan 闭环, offline: ``python3 -I verify.py [FOLDER or ZIP]``.

Python 3.9 or newer, nothing to install, no network. Says OK (exit 0) or names the first fault (exit 1).
What is checked, and how, is written in docs/bundle-format.md: anyone can write another verifier from it.

--key LINE      the registrant's public key, as you got it by another way than this bundle
--witness FILE  checkpoints that somebody else kept: from a chat, a paper, a mail
"""

from __future__ import annotations

'''
_FOOT: Final = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


@functools.cache
def verifier() -> bytes:
    """The verifier as one file of plain Python: the parts one after the other, their imports at its top."""
    plain: set[str] = set()
    chosen: dict[str, set[str]] = {}
    bodies: list[str] = []
    for part in PARTS:
        text = (_HERE / f"{part}.py").read_text(encoding="utf-8")
        tree, end = ast.parse(text), 0
        for node in tree.body:
            if isinstance(node, ast.Import):
                plain.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                if node.module != "__future__" and not node.module.startswith("core."):
                    chosen.setdefault(node.module, set()).update(alias.name for alias in node.names)
            elif not (isinstance(node, ast.Expr) and end == 0):
                break
            end = node.end_lineno or 0
        title = (ast.get_docstring(tree) or part).split("\n", 1)[0]
        bodies.append(f"# ---- {title}\n" + "".join(text.splitlines(keepends=True)[end:]).strip("\n") + "\n")
    imports = [f"import {name}\n" for name in sorted(plain)]
    imports += [f"from {name} import {', '.join(sorted(chosen[name]))}\n" for name in sorted(chosen)]
    return (_HEAD + "".join(imports) + "\n" + "\n\n".join(bodies) + _FOOT).encode()
