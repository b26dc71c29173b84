"""The command line as an operator meets it: real processes, real files, real exit codes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from core.exchange import verify_bundle
from tests import processes
from tests.paths import ROOT

pytestmark = pytest.mark.enable_socket


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BIHUAN_")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def bihuan(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in an installation's folder."""
    return processes.run("bot", *arguments, folder=folder, environment=environment(folder, **more))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated installation with the demo plant, in a folder with a space and Chinese characters."""
    folder = tmp_path_factory.mktemp("installation") / "闭环 demo"
    folder.mkdir()
    assert bihuan(folder, "migrate").returncode == 0
    loaded = bihuan(folder, "demo", "load")
    assert loaded.returncode == 0, loaded.stderr
    assert "/chat#" in loaded.stdout
    return folder


def copied(demo: Path, tmp_path: Path) -> Path:
    """A copy of the installation to break."""
    import shutil

    folder = tmp_path / "broken"
    shutil.copytree(demo, folder)
    return folder


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    """A typing slip in a name is said at once."""
    answer = bihuan(tmp_path, "doctor", BIHUAN_DATABSE_URL="sqlite://x")
    assert answer.returncode == 1
    assert "BIHUAN_DATABSE_URL" in answer.stderr


def test_migrate_check_says_what_is_pending(tmp_path: Path) -> None:
    """Exit 1 and the command that mends it; then up to date."""
    answer = bihuan(tmp_path, "migrate", "--check")
    assert answer.returncode == 1
    assert "bihuan migrate" in answer.stderr
    assert bihuan(tmp_path, "migrate").returncode == 0
    assert "up to date" in bihuan(tmp_path, "migrate", "--check").stdout


def test_the_demo_shows_a_sensor_and_a_certificate(demo: Path) -> None:
    """Whoever opens a page of the demo finds something on it, and nothing that opened a case by silence."""
    with sqlite3.connect(demo / "var" / "bihuan.db") as shown:
        assert shown.execute("SELECT code FROM sensors_sensor").fetchall() == [("WH-T1",)]
        assert shown.execute("SELECT COUNT(*) FROM sensors_arrival WHERE done_at IS NULL").fetchone() == (0,)
        assert shown.execute("SELECT COUNT(*) FROM sensors_aside").fetchone() == (0,), "every reading is one"
        assert shown.execute("SELECT COUNT(*) FROM sensors_fresh").fetchone() > (100,)
        assert shown.execute("SELECT number, verdict FROM inspections_report").fetchall() == [
            ("MC-26-1107", "conforming")
        ]


def test_the_demo_loads_once(demo: Path) -> None:
    """A second load changes nothing and prints fresh links."""
    before = (
        sqlite3.connect(demo / "var" / "bihuan.db").execute("SELECT COUNT(*) FROM people_person").fetchone()
    )
    again = bihuan(demo, "demo", "load")
    assert again.returncode == 0, again.stderr
    after = (
        sqlite3.connect(demo / "var" / "bihuan.db").execute("SELECT COUNT(*) FROM people_person").fetchone()
    )
    assert before == after
    lots = sqlite3.connect(demo / "var" / "bihuan.db").execute("SELECT COUNT(*) FROM lots_lot").fetchone()[0]
    assert lots >= 180


def test_a_genealogy_as_epcis_comes_in_elsewhere(demo: Path, tmp_path: Path) -> None:
    """Written for a lot of the demo plant, taken in by the same one as known lots are: with every fault named."""
    file = tmp_path / "trace.json"
    assert bihuan(demo, "trace", "CT-042", "--epcis", str(file)).returncode == 0
    said = json.loads(file.read_text(encoding="utf-8"))
    assert said["type"] == "EPCISDocument"
    printed = bihuan(demo, "trace", "CT-042", "--epcis", "-")
    assert len(json.loads(printed.stdout)["epcisBody"]["eventList"]) == len(said["epcisBody"]["eventList"])
    again = bihuan(demo, "import", str(file))
    assert again.returncode == 1
    assert "$.eventList[0]" in again.stderr
    assert bihuan(demo, "place", "urn:epc:id:sgln:690123456.001.0", "--name", "Dock 3").returncode == 0
    assert (
        bihuan(demo, "place", "urn:epc:id:sgln:690123456.001.0", "--organisation", "NOBODY").returncode == 1
    )
    assert bihuan(demo, "place").stdout.startswith("https://id.gs1.org/414/6901234560015\t")


def test_trace_answers_list_json_and_picture(demo: Path, tmp_path: Path) -> None:
    """One JSON document on stdout, nothing else; an unknown lot is refused with names that are near."""
    answer = bihuan(demo, "trace", "CT-042", "--json", "--png", str(tmp_path / "lot.png"))
    assert answer.returncode == 0, answer.stderr
    rows = json.loads(answer.stdout)
    assert {"TI64-004", "MC-042", "ST-042"} <= {row["lot"] for row in rows}
    assert (tmp_path / "lot.png").read_bytes().startswith(b"\x89PNG")
    wrong = bihuan(demo, "trace", "CT-O42")
    assert wrong.returncode == 1
    assert "CT-042" in wrong.stderr
    assert bihuan(demo, "trace").returncode == 2


def test_a_filled_template_is_imported_and_faults_are_told_by_line(demo: Path, tmp_path: Path) -> None:
    """Without a mapping, from a workbook; a faulty one is told cell by cell and changes nothing."""
    import openpyxl

    out = tmp_path / "批次.xlsx"
    assert bihuan(demo, "export", "lots", "--out", str(out), "--lang", "zh").returncode == 0
    book = openpyxl.load_workbook(out)
    sheet = book.worksheets[0]
    code = (
        sqlite3.connect(demo / "var" / "bihuan.db").execute("SELECT code FROM products_product").fetchone()[0]
    )
    filled = {"批号": "XL-1", "产品编码": code, "数量": 12, "生产时间": "2026-11-02", "状态": "已放行"}
    for place, head in enumerate(sheet[1], 1):
        sheet.cell(2, place, filled.get(head.value))
        sheet.cell(3, place, {**filled, "批号": "XL-2"}.get(head.value))
    sheet["E3"] = "=E2*2"
    book.save(out)
    wrong = bihuan(demo, "import", str(out))
    assert wrong.returncode == 1
    assert "E3" in wrong.stderr
    assert bihuan(demo, "trace", "XL-1").returncode == 1, "all rows or none"
    sheet["E3"] = 24
    book.save(out)
    done = bihuan(demo, "import", str(out), "--json")
    assert done.returncode == 0, done.stderr
    assert (json.loads(done.stdout)["rows"], json.loads(done.stdout)["encoding"]) == (2, "xlsx")
    assert json.loads(bihuan(demo, "import", str(out), "--json").stdout)["before"]
    assert bihuan(demo, "trace", "XL-2").returncode == 0


def test_a_loggers_file_is_handed_in_on_the_command_line(demo: Path, tmp_path: Path) -> None:
    """The template's heads, what the record says in a line, the same file once; NaN by its line."""
    out = tmp_path / "记录仪.csv"
    assert bihuan(demo, "export", "series", "--out", str(out), "--lang", "en").returncode == 0
    head = next(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    said = {"Lot": "CT-101", "Logger": "SD-1", "Time zone": "UTC", "Temperature at most (°C)": "25"}
    samples = (("2026-11-02 08:00", "20"), ("2026-11-02 08:15", "26"), ("2026-11-02 09:30", "20"))
    with out.open("w", encoding="gb18030", newline="") as opened:
        rows = csv.DictWriter(opened, head)
        rows.writeheader()
        for at, temperature in samples:
            rows.writerow(
                {**said, "Sampled at": at, "Temperature (°C)": temperature, "Interval (minutes)": "15"}
            )
    done = bihuan(demo, "import", str(out), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["rows"], found["encoding"]) == (3, "gb18030")
    assert (found["series"]["excursions"], found["series"]["gaps"]) == (1, 1)
    assert json.loads(bihuan(demo, "import", str(out), "--json").stdout)["before"]
    cases = sqlite3.connect(demo / "var" / "bihuan.db").execute(
        "SELECT description FROM anomalies_anomaly WHERE reporter_id = -1"
    )
    assert sum("26 °C > 25" in description for (description,) in cases.fetchall()) == 1
    out.write_text(
        out.read_text(encoding="gb18030").replace("26", "NaN").replace("20NaN", "2026"), encoding="utf-8"
    )
    wrong = bihuan(demo, "import", str(out))
    assert (wrong.returncode, "NaN" in wrong.stderr) == (1, True)


def test_doctor_and_roles(demo: Path) -> None:
    """Every check has a line; roles are listed."""
    answer = bihuan(demo, "doctor")
    assert answer.returncode == 0, answer.stdout
    assert "database" in answer.stdout
    assert "administrator" in bihuan(demo, "person", "roles").stdout


def test_the_command_line_gives_no_deciding_role_where_two_people_can(demo: Path, tmp_path: Path) -> None:
    """Whoever runs the server records people and no more; a plant that is being founded gets its first head."""
    folder = copied(demo, tmp_path)
    for wanted in (
        ("person", "roles", "刘洋", "--grant", "manager", "--reason", "short of people"),
        ("person", "roles", "王芳", "--withdraw", "manager", "--reason", "away"),
        ("person", "add", "新人", "--role", "manager"),
    ):
        refused = bihuan(folder, *wanted)
        assert (refused.returncode, "Two people can change roles here" in refused.stderr) == (1, True), wanted
    link = bihuan(folder, "person", "invite", "刘洋", "--for", "enrol")
    assert (link.returncode, link.stdout, "takes two people" in link.stderr) == (1, "", True)
    assert bihuan(folder, "person", "add", "新人", "--role", "operator").returncode == 0
    assert "/enrol#" in bihuan(folder, "person", "invite", "新人", "--for", "enrol").stdout
    assert bihuan(folder, "person", "add", "周欣").returncode == 0
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert bihuan(fresh, "migrate").returncode == 0
    founded = (
        "person",
        "add",
        "吴昊",
        "--role",
        "administrator",
        "--plant",
        "KG",
        "--found",
        "康固",
        "Kanggu",
    )
    assert bihuan(fresh, *founded).returncode == 0
    assert bihuan(fresh, "person", "add", "王芳", "--role", "manager").returncode == 0


def test_the_launcher_works_from_anywhere(tmp_path: Path) -> None:
    """``.venv/bin/bihuan`` as scripts/environment writes it: this project, this environment, arguments as given."""
    script = (ROOT / "scripts" / "environment").read_text(encoding="utf-8")
    launcher = script[script.index("launcher() {") : script.index("digest() {")]
    root = tmp_path / "a project 闭环"
    (root / ".venv" / "bin").mkdir(parents=True)
    python = root / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf "%s|" "$PYTHONPATH" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    made = f"venv=.venv\n{launcher}\nlauncher"
    subprocess.run(["bash", "-c", made], cwd=root, check=True, timeout=20)
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    said = subprocess.run(
        [root / ".venv" / "bin" / "bihuan", "ledger", "verify", "a b"],
        cwd=tmp_path,
        env=kept,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert said.stdout == f"{root}|-m|bot|ledger|verify|a b|"


def test_the_demo_prints_present_codes_and_no_other_installation_does(demo: Path, tmp_path: Path) -> None:
    """Six digits and a name per line; they sign people in, so only a demo gives them out."""
    answer = bihuan(demo, "demo", "codes")
    assert answer.returncode == 0, answer.stderr
    lines = dict(reversed(line.split()) for line in answer.stdout.splitlines())
    assert {"刘洋", "王芳", "周洁"} <= lines.keys()
    assert all(len(code) == 6 and code.isdecimal() for code in lines.values())
    assert bihuan(tmp_path, "demo", "codes").returncode == 1


def test_an_auditor_is_let_in_and_out_from_the_server(demo: Path, tmp_path: Path) -> None:
    """One at a time, with a reason, for cases that exist; a refusal is a sentence and exit 1."""
    folder = copied(demo, tmp_path)
    wanted = ("person", "engage", "周洁", "--to", f"{dt.date.today() + dt.timedelta(days=5)}")  # noqa: DTZ011
    refused = bihuan(folder, *wanted, "--reason", "customer audit")
    assert (refused.returncode, "End it first" in refused.stderr) == (1, True)
    assert bihuan(folder, "person", "disengage", "1", "--reason", "over").returncode == 0
    wrong = bihuan(folder, *wanted, "--reason", "customer audit", "--case", "AN-1999-000001")
    assert (wrong.returncode, "AN-1999-000001" in wrong.stderr) == (1, True)
    made = bihuan(folder, *wanted, "--reason", "customer audit", "--partner", "CHENGUANG")
    assert (made.returncode, made.stdout.strip()) == (0, "2"), made.stderr
    assert bihuan(folder, "ledger", "verify").returncode == 0


def test_ledger_verify_says_ok(demo: Path) -> None:
    """An untouched installation is sound."""
    answer = bihuan(demo, "ledger", "verify")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("OK")


def test_an_export_is_checked_without_us(demo: Path, tmp_path: Path) -> None:
    """Made once, never overwritten; verified by the command and by the file inside; a changed byte is named, exit 1."""
    out = tmp_path / "审计 包.zip"
    period = ("ledger", "export", "--from", "2020-01-01", "--to", "2099-12-31", "--out", str(out))
    made = bihuan(demo, *period, "--json")
    assert made.returncode == 0, made.stderr
    said = json.loads(made.stdout)
    assert said["bytes"] == out.stat().st_size
    assert len(said["cases"]) >= 3
    again = bihuan(demo, *period)
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    spoiled = bytearray(out.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    (tmp_path / "spoiled.zip").write_bytes(spoiled)
    checked = bihuan(tmp_path, "ledger", "verify-bundle", "spoiled.zip")
    assert (checked.returncode, checked.stdout[:5]) == (1, "FAULT")
    assert verify_bundle([str(out)]) == 0
    assert not (tmp_path / "var").exists(), "neither database nor keys are touched"
    for arguments, code in (
        (("--from", "2026-02-01", "--to", "2026-01-01"), 1),
        ((), 2),
    ):
        refused = bihuan(demo, "ledger", "export", *arguments, "--out", str(tmp_path / "no.zip"))
        assert refused.returncode == code
        assert "Traceback" not in refused.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["spoiled.zip", out.name]


def unguarded(folder: Path, *statements: str) -> None:
    """What an insider with the file does: triggers dropped, then raw SQL."""
    connection = sqlite3.connect(folder / "var" / "bihuan.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def change_entry(folder: Path) -> str:
    unguarded(folder, "UPDATE ledger_entry SET body = REPLACE(body, '王芳', '王方') WHERE id = 60")
    return "60"


def delete_entry(folder: Path) -> str:
    unguarded(folder, "DELETE FROM ledger_entry WHERE id = 55")
    return "55"


def change_case(folder: Path) -> str:
    unguarded(folder, "UPDATE anomalies_anomaly SET quantity = '3' WHERE id = 1")
    return "AN-"


def change_signature(folder: Path) -> str:
    unguarded(folder, "UPDATE signing_signature SET printed_name = '张三'")
    return "signing_signature"


def replace_photo(folder: Path) -> str:
    photos = sorted((folder / "var" / "blobs").rglob("*/original/**/*"))
    files = [path for path in photos if path.is_file()] or [
        path for path in sorted((folder / "var" / "blobs").rglob("*")) if path.is_file()
    ]
    files[0].chmod(0o600)
    files[0].write_bytes(files[1].read_bytes())
    return "evidence"


def truncate_tail(folder: Path) -> str:
    unguarded(
        folder,
        "DELETE FROM ledger_checkpoint WHERE size > 50",
        "DELETE FROM ledger_leaf WHERE position >= 50",
        "DELETE FROM ledger_entry WHERE id > 50",
        "DELETE FROM ledger_pending",
    )
    return ""


@pytest.mark.parametrize(
    "attack", [change_entry, delete_entry, change_case, change_signature, replace_photo, truncate_tail]
)
@pytest.mark.req("G-46b")
def test_ledger_verify_names_what_was_tampered_with(
    demo: Path, tmp_path: Path, attack: Callable[[Path], str]
) -> None:
    """Exit 1 and the first wrong record, whatever was changed behind the application's back."""
    folder = copied(demo, tmp_path)
    named = attack(folder)
    answer = bihuan(folder, "ledger", "verify")
    print(attack.__name__, "→", answer.stderr.strip()[:200])
    assert answer.returncode == 1, answer.stdout
    assert named in answer.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ready(port: int, process: subprocess.Popen[str]) -> dict[str, object]:
    """Wait until the server says it is ready."""
    for _turn in range(600):
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("never ready")


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    """No traceback: which port, and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = bihuan(tmp_path, "serve", PORT=str(port))
    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be listened on" in done.stderr
    assert "PORT=9000" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_demo_twice(tmp_path: Path) -> None:
    """The first start loads the plant and prints links; the second keeps its data; both stop cleanly."""
    for start in range(2):
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--demo"],
            cwd=tmp_path,
            text=True,
            env=environment(tmp_path, PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert ready(port, process) == {"ready": True, "missing": []}
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert json.load(answer)["status"] == "alive"
        time.sleep(1.0)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        assert f"http://localhost:{port}/chat#" in out
        assert "127.0.0.1" not in out, "one address, one cookie jar"
        assert "Traceback" not in err
        assert "maximum number of running instances" not in err
        assert "/admin/enter#" in out
        people = sqlite3.connect(tmp_path / "var" / "bihuan.db").execute("SELECT COUNT(*) FROM people_person")
        assert people.fetchone()[0] == 16, start


@pytest.mark.req("G-77")
def test_without_a_guard_nothing_starts(demo: Path, tmp_path: Path) -> None:
    """A dropped trigger is said at the start and by doctor, with its name; verification may still look."""
    folder = copied(demo, tmp_path)
    with sqlite3.connect(folder / "var" / "bihuan.db") as db:
        db.execute("DROP TRIGGER guard_signing_signature_delete")
    for arguments in (("serve",), ("doctor",)):
        answer = bihuan(folder, *arguments)
        assert answer.returncode == 1
        assert "guard guard_signing_signature_delete is missing" in answer.stdout + answer.stderr
    assert bihuan(folder, "ledger", "verify").returncode == 0


def test_a_new_master_key_is_on_the_record_and_old_photos_open(demo: Path, tmp_path: Path) -> None:
    """The ledger names both keys and still verifies, with every photo that the earlier key sealed."""
    folder = copied(demo, tmp_path)
    keys = folder / "var" / "keys" / "master.key"
    before = keys.read_text().split()[0]
    rotated = bihuan(folder, "key", "rotate")
    assert rotated.returncode == 0, rotated.stderr
    lines = keys.read_text().splitlines()
    now = lines[0].split()[0]
    assert [one.split()[0] for one in lines] == [now, before]
    assert now in rotated.stdout
    verified = bihuan(folder, "ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with sqlite3.connect(folder / "var" / "bihuan.db") as database:
        [(body,)] = database.execute("select body from ledger_entry where kind = 'kit:key:rotate'").fetchall()
    assert before in body.decode()
    assert now in body.decode()


def test_a_ledger_key_is_made_and_waits_and_a_swapped_file_is_named(demo: Path, tmp_path: Path) -> None:
    """The new line is printed and changes nothing yet; without the old line verification says what happened."""
    folder = copied(demo, tmp_path)
    keys = folder / "var" / "keys" / "ledger.key"
    before = keys.read_text()
    made = bihuan(folder, "key", "ledger-new")
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"\S+\+[0-9a-f]{8}\+\S{44}\n", made.stdout)
    assert keys.read_text().startswith(before)
    verified = bihuan(folder, "ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    keys.write_text(keys.read_text().removeprefix(before))
    swapped = bihuan(folder, "ledger", "verify")
    assert swapped.returncode == 1
    assert "the key or its file was swapped" in swapped.stderr


def test_a_key_file_open_to_others_is_not_rotated(demo: Path, tmp_path: Path) -> None:
    """The reason is a sentence, and the file stays as it was."""
    folder = copied(demo, tmp_path)
    keys = folder / "var" / "keys" / "master.key"
    keys.chmod(0o644)
    before = keys.read_bytes()
    refused = bihuan(folder, "key", "rotate")
    assert refused.returncode == 1
    assert "chmod 600" in refused.stderr
    assert keys.read_bytes() == before
