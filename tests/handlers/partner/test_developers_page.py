"""The page for developers: each of its curl lines works against a sandbox, its lines of Python verify a message."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from core.sandbox import make_sandbox
from core.webhooks import signature
from tests.core.capa.test_whole_story import photo
from tests.handlers.partner.program import Answered, Program, Programs
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "partners-api.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def commands() -> list[list[str]]:
    """Every curl line of the page, as words."""
    lines = "".join(SHELL).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line.strip()]


async def curled(words: list[str], values: dict[str, str], folder: Path) -> Answered:
    """What a line asks, asked as it stands there."""

    def filled(text: str) -> str:
        for name, value in values.items():
            text = text.replace(f"${name}", value)
        return text

    assert words[:2] == ["curl", "-sS"]
    headers: dict[str, str] = {}
    body: bytes | None = None
    out, url, rest = "", "", [filled(one) for one in words[2:]]
    while rest:
        one = rest.pop(0)
        if one == "-H":
            name, _colon, value = rest.pop(0).partition(": ")
            headers[name] = value
        elif one == "-u":
            import base64

            headers["Authorization"] = "Basic " + base64.b64encode(rest.pop(0).encode()).decode()
        elif one == "-d":
            body = rest.pop(0).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif one == "--data-binary":
            body = (folder / rest.pop(0).removeprefix("@")).read_bytes()
        elif one == "-o":
            out = rest.pop(0)
        else:
            url = one
    program = Program(values["API"], "")
    program.headers = {}
    path = url.removeprefix(values["API"])
    answer = await program.ask("GET" if body is None else "POST", path, headers=headers, data=body)
    if out:
        (folder / out).write_bytes(answer.body)
    return answer


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_every_curl_line_of_the_page_works_in_a_sandbox(programs: Programs, tmp_path: Path) -> None:
    """In their order, with the goods of the sandbox; the empty template is refused as having no rows, as it should."""
    await make_sandbox(await programs.plant.actor("administrator"), programs.plant.partners["supplier"])
    made = await programs.made("supplier", sandbox=True)
    values = {
        "API": programs.address,
        "CLIENT_ID": made.client.client_id,
        "CLIENT_SECRET": made.secret,
        "TOKEN": "",
        "STAGE": "",
        "PHOTO": "",
        "NUMBER": "",
    }
    (tmp_path / "defect.jpg").write_bytes(photo())
    lines = commands()
    assert len(lines) >= 9
    for words in lines:
        answer = await curled(words, values, tmp_path)
        line = " ".join(words)
        if "/token" in line:
            values["TOKEN"] = answer.body["access_token"]
        elif "/stages" in line and "-d" not in words:
            values["STAGE"] = str(answer.body["items"][0]["id"])
        elif line.endswith("/photos"):
            values["PHOTO"] = str(answer.body["id"])
        elif line.endswith("/anomalies"):
            values["NUMBER"] = answer.body["number"]
        if "dry_run" in line:
            assert (answer.status, answer.body["code"]) == (422, "NoRows"), answer.body
        else:
            assert answer.status in (200, 201), (line, answer.status, answer.body)
        if "/token" not in line:
            assert answer.headers["Bihuan-Sandbox"] == "true"


def test_the_lines_of_python_verify_a_message() -> None:
    """As they stand on the page: genuine is taken, a changed body or another secret is not."""
    names: dict[str, Any] = {}
    exec(PYTHON[0], names)  # noqa: S102  the page's own lines are what is tested
    secret = "whsec_" + "A" * 43 + "="
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1790000000",
        "webhook-signature": "v1,AAAA " + signature(secret, "msg_1", 1790000000, '{"a":1}'),
    }
    assert names["genuine"](secret, headers, b'{"a":1}')
    assert not names["genuine"](secret, headers, b'{"a":2}')
    assert not names["genuine"]("whsec_" + "B" * 43 + "=", headers, b'{"a":1}')
