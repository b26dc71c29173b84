"""A loopback S3: path-style objects, create-only puts, listing by pages; every request's signature is checked.

The signature is computed from the description of AWS Signature Version 4 ("Create a signed AWS API request"), without
any client's code, so that a client that signs wrongly is refused here as it would be there.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote
from xml.sax.saxutils import escape, unescape

from aiohttp import web

ACCESS, SECRET, REGION, BUCKET = "AKIDTEST", "a secret of the test", "cn-north-1", "evidence"
PAGE = 3
"""Keys a page of a listing holds here, so that three blobs make a second page necessary."""


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _signature(request: web.Request, body: bytes) -> str:
    """What the Authorization header must hold for this request, or why it cannot be judged."""
    given = dict(
        part.strip().split("=", 1)
        for part in request.headers["Authorization"].removeprefix("AWS4-HMAC-SHA256").split(",")
    )
    _access, day, region, service, end = given["Credential"].split("/")
    digest = request.headers["x-amz-content-sha256"]
    if digest not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
        return "the body is not what was signed"
    path, _, query = request.raw_path.partition("?")
    pairs = sorted(
        (quote(k, safe=""), quote(v, safe="")) for k, v in parse_qsl(query, keep_blank_values=True)
    )
    names = given["SignedHeaders"].split(";")
    canonical = "\n".join(
        (
            request.method,
            quote(unquote(path), safe="/"),
            "&".join(f"{k}={v}" for k, v in pairs),
            *(f"{name}:{' '.join(request.headers[name].split())}" for name in names),
            "",
            ";".join(names),
            digest,
        )
    )
    scope = f"{day}/{region}/{service}/{end}"
    text = "\n".join(
        (
            "AWS4-HMAC-SHA256",
            request.headers["x-amz-date"],
            scope,
            hashlib.sha256(canonical.encode()).hexdigest(),
        )
    )
    key = _hmac(_hmac(_hmac(_hmac(f"AWS4{SECRET}".encode(), day), region), service), end)
    right = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return "" if hmac.compare_digest(right, given["Signature"]) else "the signature does not match"


def _fault(status: int, code: str) -> web.Response:
    return web.Response(
        status=status,
        text=f"<Error><Code>{code}</Code><Message>{code}</Message></Error>",
        content_type="application/xml",
    )


@dataclass
class S3Server:
    """Objects by key, requests seen, and faults to answer the next requests with."""

    objects: dict[str, bytes] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    faults: deque[int | str | None] = field(default_factory=deque)
    """For the next requests: a status to answer, ``drop`` (line cut) or ``lost`` (done, but the answer is lost), ``None`` for none."""
    address: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        application = web.Application(client_max_size=64 << 20)
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.seen.append(f"{request.method} {request.path}")
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, int):
            return _fault(fault, "SlowDown" if fault == 503 else "AccessDenied")
        if fault == "drop":
            return self._cut(request)
        if "Authorization" not in request.headers:
            return _fault(403, "AccessDenied")
        if _signature(request, body):
            return _fault(403, "SignatureDoesNotMatch")
        answer = self._do(request, body)
        return self._cut(request) if fault == "lost" else answer

    @staticmethod
    def _cut(request: web.Request) -> web.Response:
        if isinstance(request.transport, asyncio.Transport):
            request.transport.abort()
        return web.Response()

    def _do(self, request: web.Request, body: bytes) -> web.Response:
        bucket, _, key = request.path.lstrip("/").partition("/")
        if bucket != BUCKET:
            return _fault(404, "NoSuchBucket")
        if request.method == "PUT":
            if request.headers.get("If-None-Match") == "*" and key in self.objects:
                return _fault(412, "PreconditionFailed")
            self.objects[key] = body
            return web.Response(headers={"ETag": f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'})
        if request.method == "GET" and "list-type" in request.query:
            return self._listed(request.query.get("prefix", ""), request.query.get("continuation-token", ""))
        if request.method == "POST" and "delete" in request.query:
            return self._deleted(request, body)
        if key not in self.objects:
            return _fault(404, "NoSuchKey")
        headers = {"ETag": '"x"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
        return web.Response(body=self.objects[key], headers=headers)

    def _deleted(self, request: web.Request, body: bytes) -> web.Response:
        """DeleteObjects: many keys in one request, whose body must carry a sum."""
        if not {"Content-MD5", "x-amz-checksum-sha256"} & {*request.headers}:
            return _fault(400, "InvalidRequest")
        keys = [unescape(key) for key in re.findall(r"<Key>(.*?)</Key>", body.decode())]
        for key in keys:
            self.objects.pop(key, None)
        gone = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        return web.Response(text=f"<DeleteResult>{gone}</DeleteResult>", content_type="application/xml")

    def _listed(self, prefix: str, after: str) -> web.Response:
        found = [key for key in sorted(self.objects) if key.startswith(prefix) and key > after]
        page, more = found[:PAGE], len(found) > PAGE
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f'<ETag>"x"</ETag><Size>{len(self.objects[key])}</Size></Contents>'
            for key in page
        )
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        return web.Response(
            text=f"<ListBucketResult><Name>{BUCKET}</Name><KeyCount>{len(page)}</KeyCount>"
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{contents}</ListBucketResult>",
            content_type="application/xml",
        )
