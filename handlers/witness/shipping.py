"""The stand-alone witness script as one file: its parts behind one another, without the imports between them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

NAME: Final = "witness.py"
_FOLDER: Final = Path(__file__).parent / "script"
_PARTS: Final = ("curve.py", "notes.py", "witness.py")
_OWN: Final = ("__future__", "handlers.witness.script")


@cache
def script() -> str:
    """Answer the text of the script: Python's standard library is all that it needs."""
    sources = [(_FOLDER / name).read_text(encoding="utf-8") for name in _PARTS]
    docstring = ast.get_docstring(ast.parse(sources[-1]), clean=False)
    parts = "\n\n".join(_body(source) for source in sources)
    return f'#!/usr/bin/env python3\n"""{docstring}"""\n\nfrom __future__ import annotations\n\n{parts}\n'


def _body(source: str) -> str:
    """A part without its docstring and without imports of the other parts."""
    tree = ast.parse(source)
    lines = source.splitlines()
    left_out = [tree.body[0]] + [
        node
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_OWN)
    ]
    gone = {at for node in left_out for at in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    return "\n".join(line for at, line in enumerate(lines, 1) if at not in gone).strip("\n")
