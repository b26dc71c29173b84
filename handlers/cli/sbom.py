"""The bill of materials of a release (CycloneDX 1.5): every package of the lock with version and licence.

``python -m handlers.cli.sbom`` writes it to stdout, from ``requirements.lock`` and what is installed; no network.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib import metadata
from typing import Final

from handlers.cli import texts

LOCK: Final = texts.ROOT / "requirements.lock"
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_LONGEST: Final = 60
"""A licence field that is longer holds the whole text; its name is among the classifiers then."""


def locked() -> dict[str, str]:
    """Name and version of every package that a release installs."""
    return dict(_PINNED.findall(LOCK.read_text(encoding="utf-8")))


def licence(name: str) -> str | None:
    """What an installed package says of its licence; None when it is not installed or says nothing."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    plain = str((said.get_all("License-Expression") or said.get_all("License") or [""])[0])
    if plain and len(plain) <= _LONGEST and "\n" not in plain:
        return plain
    classed = [
        one.rpartition("::")[2].strip() for one in said.get_all("Classifier") or [] if "License ::" in one
    ]
    return ", ".join(classed) or None


def bill() -> dict[str, object]:
    """The document, the same for the same lock and environment."""
    project = tomllib.loads((texts.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = []
    for name, version in sorted(locked().items()):
        made: dict[str, object] = {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
        }
        stated = licence(name)
        if stated:
            made["licenses"] = [{"license": {"name": stated}}]
        components.append(made)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": project["name"], "version": project["version"]}
        },
        "components": components,
    }


def main() -> int:
    """Write it; answers the exit code."""
    sys.stdout.write(json.dumps(bill(), ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
