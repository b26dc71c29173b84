"""The rules of the house, each with what to do when it fails."""

from __future__ import annotations

import ast
import importlib
import json
import re
import socket
import subprocess
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from bot.settings import Settings
from core import kit, ledger, tables
from core.exchange.terms import CASE_TABLES, LEFT_OUT, PLANT_TABLES
from core.kit import REGISTERED
from core.kit.regulated import REGULATED
from core.ledger import guards
from handlers.chat import wording
from handlers.cli import texts
from tests.paths import ROOT

CODE = [path for folder in ("bot", "core", "handlers") for path in sorted((ROOT / folder).rglob("*.py"))]
TRACKED = subprocess.run(
    ["git", "-c", "safe.directory=*", "-c", "core.quotepath=off", "ls-files"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.splitlines()
SPEAKS = ("handlers/cli/", "bot/__main__.py", "handlers/demo/welcome.py")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_passes_400_lines() -> None:
    """Look for a seam: a file this long holds two things."""
    long = {named(path): n for path in CODE if (n := len(path.read_text().splitlines())) > 400}
    assert not long


@pytest.mark.req("D-21")
def test_time_comes_from_the_clock() -> None:
    """Ask core.kit.clock, so that rehearsals and tests can move time."""
    pattern = re.compile(r"datetime\.now\(|datetime\.utcnow|date\.today\(|time\.time\(")
    wrong = [named(path) for path in CODE if path.name != "clock.py" and pattern.search(path.read_text())]
    assert not wrong


def test_only_the_command_line_prints() -> None:
    """Rooms and doors answer; the command line speaks."""
    wrong = [
        named(path)
        for path in CODE
        if not named(path).startswith(SPEAKS)
        and any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
            for node in ast.walk(ast.parse(path.read_text()))
        )
    ]
    assert not wrong


def test_every_table_is_known() -> None:
    """Add the module to core/tables.py, and its regulated tables to core/ledger/guards.py."""
    rooms = {f"core.{path.parent.name}.models" for path in (ROOT / "core").glob("*/models.py")}
    assert rooms == set(tables.MODULES)
    for name in tables.MODULES:
        importlib.import_module(name)
    kept = {model.table() for model in REGULATED.values() if model.__module__.startswith("core.")}
    assert kept == {*guards.GUARDED, *guards.KEPT}


# Verbs that check another proof than a role: whose own thing it is, a token, or the messenger's own word.
OWN_PROOF = {
    "core.webhooks.subscribing.unsubscribe",
    "core.webhooks.subscribing.switch_on",
    "core.webhooks.subscribing.subscribe",
    "core.webhooks.subscribing.send_test",
    "core.webhooks.subscribing.rotate",
    "core.webhooks.carrying._switch_off",
    "core.clients.tokens._give",
    "core.people.access_log.log_access",
    "core.people.contacting.set_contact",
    "core.people.joining._accept",
    "core.people.links._open",
    "core.people.moving._move",
    "core.people.links.one_time_link",
    "core.people.organisations._found",
    "core.people.persons._first",
    "core.people.persons.choose_locale",
    "core.people.sessions._end",
    "core.people.sessions._open",
    "core.people.signed_in.end_session",
    "core.people.signed_in.end_sessions",
    "core.people.signed_in.shut_out",
    "core.witness.acknowledging.acknowledge",
    "core.witness.acknowledging.look",
    "core.witness.comparing.hold_against",
    "core.witness.cosigning.cosign",
    "core.witness.moving._move",
}


@pytest.mark.req("D-22d", "P-10g")
def test_every_verb_names_its_right_and_its_ledger_kinds() -> None:
    """@verb(Module.X, Level.Y, Kind.Z): the matrix of docs/validation is made of these."""
    texts._modules()
    nameless = {
        name
        for name, facts in REGISTERED.items()
        if facts.permission is None and name.startswith("core.") and not name.startswith("core.signing.")
    }
    assert nameless <= OWN_PROOF, nameless - OWN_PROOF
    silent = [name for name, facts in REGISTERED.items() if not facts.kinds and name.startswith("core.")]
    assert not silent


@pytest.mark.req("G-77")
def test_the_verb_table_is_up_to_date() -> None:
    """Run make docs."""
    from handlers.cli import verb_table

    assert (ROOT / "docs" / "validation" / "verbs.md").read_text(encoding="utf-8") == verb_table.table()


def test_every_kind_refusal_and_notice_has_words() -> None:
    """Put the missing text into locales/parts/*.json and run make catalogue."""
    said = texts.translations()
    assert not [kind.value for kind in ledger.Kind if kind.says not in said]
    texts._modules()
    refusals = {one.says for one in texts._refusals() if one.__module__.startswith(("core.", "handlers."))}
    assert not [one for one in refusals if one not in said]
    told = re.compile(
        r"tell\(\s*actor,\s*\"([a-z_:]+)\"|\"((?:capa|escalation|anomalies|signing):[a-z_]+)\" if "
    )
    kinds = {
        kind
        for path in CODE
        if named(path).startswith("core/")
        for found in told.finditer(path.read_text())
        for kind in found.groups()
        if kind
    }
    assert {*kinds, "signing:locked", "signing:suspended"} - wording.known_kinds() == set()
    assert "escalation:alert" in kinds


def test_every_setting_is_described() -> None:
    """Describe the new name in docs/operating/settings.md."""
    page = (ROOT / "docs" / "operating" / "settings.md").read_text(encoding="utf-8")
    names = ["PORT" if one == "port" else f"BIHUAN_{one.upper()}" for one in Settings.model_fields]
    assert not [name for name in names if f"`{name}`" not in page]


def test_the_example_settings_are_the_settings() -> None:
    """Add the new name to .env.example, or take the old one out."""
    page = (ROOT / ".env.example").read_text(encoding="utf-8")
    offered = {found[1] for found in re.finditer(r"^#?((?:BIHUAN_[A-Z0-9_]+|PORT))=", page, re.MULTILINE)}
    assert offered == {"PORT" if one == "port" else f"BIHUAN_{one.upper()}" for one in Settings.model_fields}


def test_locks_name_no_registry() -> None:
    """Make the locks with make lock."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text()
        assert "://" not in lock
        assert "--hash=sha256:" in lock


def test_what_tests_install_includes_all_that_runs() -> None:
    """Make both locks at once with make lock: ``make run`` after ``make test`` counts on it."""
    pins = [
        set(re.findall(r"^[A-Za-z0-9].*?==[^\s;]+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0]
    assert pins[0] <= pins[1]


def test_the_internet_is_closed_to_tests() -> None:
    """A test that needs a server starts one on loopback (tests/servers)."""
    refused = (SocketConnectBlockedError, UserWarning)  # it warns first, and warnings are errors here
    with pytest.raises(refused, match="tried to use socket"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)  # an address kept for documentation


# Written in pieces so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        [
            "/" + "work/",
            "/" + "root/",
            "python" + "hosted",
            "pypi" + r"\.org",
            "registry" + r"\.npmjs",
        ]
    )
)


def test_no_path_of_a_machine_is_committed() -> None:
    """Paths are computed from __file__, packages are named without their host."""
    wrong = []
    for name in TRACKED:
        path = ROOT / name
        if path.suffix in (".png", ".ico", ".jpg") or not path.is_file():
            continue
        if FOREIGN.search(path.read_text(encoding="utf-8", errors="ignore")):
            wrong.append(name)
    assert not wrong


@pytest.mark.parametrize("folder", ["tests"])
def test_test_packages_are_packages(folder: str) -> None:
    """Without __init__.py at every level, tests/core would shadow core."""
    folders = {
        Path(name).parent for name in TRACKED if name.startswith(f"{folder}/") and name.endswith(".py")
    }
    missing = [str(one) for one in folders if not (ROOT / one / "__init__.py").exists()]
    assert not missing


def test_msgids_are_constants() -> None:
    """Translate first, then fill in: _("… {n}").format(n=…), never _(f"…")."""
    wrong = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            named_call = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
            )
            if named_call and node.args and isinstance(node.args[0], ast.JoinedStr):
                wrong += [f"{named(path)}:{node.lineno}"]
    assert not wrong


def test_every_room_has_a_front_door() -> None:
    """A room's __init__ says in one paragraph what it keeps and names its verbs."""
    for room in sorted((ROOT / "core").iterdir()):
        if room.is_dir() and (room / "models.py").exists():
            tree = ast.parse((room / "__init__.py").read_text())
            assert ast.get_docstring(tree), room.name
    assert kit.__doc__


def test_every_regulated_table_is_exported_or_left_out_for_a_reason() -> None:
    """Decide in core/exchange/terms.py whether rows of the new table leave in bundles, and if not, why."""
    for name in tables.MODULES:
        importlib.import_module(name)
    kept = {model.table() for model in REGULATED.values() if model.__module__.startswith("core.")}
    assert kept == {*CASE_TABLES, *PLANT_TABLES, *LEFT_OUT}
    assert not {*CASE_TABLES, *PLANT_TABLES} & LEFT_OUT.keys()


def test_chinese_texts_use_chinese_punctuation() -> None:
    """A half-width mark after a Chinese character: write ，：；！？ in ``locales/parts``."""
    half = re.compile("[\u4e00-\u9fff”）][,;:!?]")
    wrong = [
        (path.name, said)
        for path in sorted((ROOT / "locales" / "parts").glob("*.json"))
        for said in json.loads(path.read_text(encoding="utf-8")).values()
        if half.search(said)
    ]
    assert not wrong
