"""The bill of materials lists what the lock installs."""

from __future__ import annotations

from typing import Any

from handlers.cli import sbom


def test_every_locked_package_is_listed_with_its_version_and_nearly_all_with_a_licence() -> None:
    """By name, version and package address; packages of other systems are not installed and have no licence here."""
    made: dict[str, Any] = sbom.bill()
    listed = {one["name"]: one for one in made["components"]}
    lines = [line for line in sbom.LOCK.read_text(encoding="utf-8").splitlines() if "==" in line]
    assert len(listed) == len({line.partition("==")[0] for line in lines})
    assert listed["cryptography"]["purl"] == f"pkg:pypi/cryptography@{listed['cryptography']['version']}"
    assert sum("licenses" in one for one in listed.values()) > 0.9 * len(listed)
    assert made["metadata"]["component"]["name"] == "bihuan"
