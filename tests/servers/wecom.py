"""A WeCom server on the loopback for tests: speaks, checks and refuses what the real one does.

Written after ``wecom_protocol.md`` and ``messengers.md``; nothing here was tried against the live service, and where
the description is silent the module says "guess". A call that a correct client never makes is kept in
``violations``; what was over a member's rate in ``dropped``; texts that were cut in ``truncated``.
Run on its own: ``python -m tests.servers.wecom --port N`` (control: see wecom_control).
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from core.kit import clock
from tests.servers import wecom_access, wecom_http, wecom_replies
from tests.servers.wecom_courier import Callback, Courier
from tests.servers.wecom_crypto import Seal, Sealed, sealed
from tests.servers.wecom_faults import HTTP_STATUS, Fault
from tests.servers.wecom_limits import Rates, RefusedError, Sizes
from tests.servers.wecom_media import MediaStore
from tests.servers.wecom_people import Member
from tests.servers.wecom_screen import Account, World
from tests.servers.wecom_state import App, Call, Dropped, State

CORP = "ww1234567890abcdef"
AGENT = 1000002
SECRET = "TEST-loopback-only_not-a-secret-of-any-corp"
TOKEN = "tok3nForTests"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
LARGEST_REQUEST = 64 << 20
SLOW_MACHINE = 30.0
"""WeCom waits 1 s for the check of an address and 5 s for a callback. A busy test machine is no fault of the product,
so both are waited for longer here; how soon the product answers is measured by ``bihuan bench delivery``."""


class WeComServer:
    """One corporation with one app, as an async context manager; the product's clock is its clock."""

    def __init__(
        self,
        *,
        port: int = 0,
        rates: Rates | None = None,
        sizes: Sizes | None = None,
        wall: Callable[[], float] = lambda: clock.now().timestamp(),
        deadline: float = SLOW_MACHINE,
        backoff: tuple[float, ...] = (0.02, 0.05, 0.1),
    ) -> None:
        self.corp_id, self.agent_id, self.secret = CORP, AGENT, SECRET
        self.token, self.aes_key = TOKEN, AES_KEY
        self.port = port
        self.violations: list[str] = []
        self.calls: list[Call] = []
        kept, seal = sizes or Sizes(), Seal(TOKEN, AES_KEY, CORP)
        self.state = State(
            corp_id=CORP,
            wall=wall,
            rates=rates or Rates(),
            sizes=kept,
            seal=seal,
            world=World(),
            media=MediaStore(kept, wall),
            courier=Courier(seal, wall, deadline, backoff),
            violations=self.violations,
        )
        self.state.courier.answered = lambda callback, body: wecom_replies.perform(self.state, callback, body)
        self.app = self.add_app(AGENT, SECRET)
        self._members: dict[str, Member] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=LARGEST_REQUEST)
        application.router.add_route("*", "/cgi-bin/{api:.+}", self._answer)
        application.router.add_get(wecom_access.AUTHORIZE, self._authorize)
        application.router.add_get(wecom_access.DESKTOP, self._authorize)
        self.add_routes(application)
        self._runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        # The door first: a call that comes in while the courier ends would make it deliver again.
        if self._runner is not None:
            await self._runner.cleanup()
        await self.state.courier.stop()

    def add_routes(self, application: web.Application) -> None:
        """Room for further addresses (the control addresses of the own process)."""

    @property
    def api_url(self) -> str:
        """For ``BIHUAN_WECOM_API_URL``."""
        return f"http://127.0.0.1:{self.port}"

    def add_app(self, agent: int, secret: str) -> App:
        """A further app of the corporation."""
        self.state.apps[secret] = App(agent, secret)
        return self.state.apps[secret]

    def member(self, userid: str, name: str = "", *, is_licensed: bool = True) -> Member:
        """The member of this id, made when new."""
        if userid not in self._members:
            account = Account(userid, name or userid, is_licensed)
            self.state.world.accounts[userid.lower()] = account
            self._members[userid] = Member(self.state, account, self.app)
        return self._members[userid]

    # callbacks

    async def sets_callback(self, url: str) -> None:
        """What an administrator does when saving the address: it must pass the check first.

        Raises:
            AssertionError: the check of the address failed; the text says how.
        """
        self.state.courier.url = url
        flaw = await self.checks_url()
        assert not flaw, flaw

    async def checks_url(self, **wrong: Any) -> str:
        """The check of the address by GET; answers what is wrong with the app's answer, empty if nothing."""
        said = str(10**18 + secrets.randbelow(10**18))
        made = self.seals(said, **wrong)
        echo = made.body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        loop = asyncio.get_running_loop()
        started = loop.time()
        status, body = await self.state.courier.post(Sealed({**made.query, "echostr": echo}, ""), "GET")
        if status != 200:
            return f"the check was answered {status}"
        if loop.time() - started > SLOW_MACHINE:
            return "the check was answered too late"
        return "" if body == said else f"the check was answered {body!r} instead of {said!r}"

    def seals(self, words: str, *, timestamp: int | None = None, **wrong: Any) -> Sealed:
        """Any words sealed as a callback; ``wrong`` (receive_id, signature, nonce, padding, length) spoils it."""
        stamp = int(self.state.wall()) if timestamp is None else timestamp
        return sealed(self.state.seal, words, timestamp=stamp, agent=self.agent_id, **wrong)

    async def posts(self, made: Sealed) -> int:
        """Posts a callback once, past all order; answers the HTTP status."""
        return (await self.state.courier.post(made))[0]

    @property
    def callbacks(self) -> list[Callback]:
        """Every callback so far."""
        return self.state.courier.made

    @property
    def lost(self) -> list[Callback]:
        """Callbacks that nobody took in all their attempts."""
        return self.state.courier.lost

    async def settled(self, timeout: float = 20.0) -> None:
        """Waits until every callback was taken or is lost."""
        await self.state.courier.settled(timeout)

    def repeat_callbacks(self, times: int) -> None:
        """Every callback comes so many times, though it was taken."""
        self.state.courier.copies = times

    def reorder(self, window: int, seed: int = 0) -> None:
        """Callbacks come in random order within windows of this many; 1 ends that."""
        self.state.courier.window = window
        self.state.courier.dice = random.Random(seed)

    # faults

    def delay(self, api: str, seconds: float) -> None:
        """Every call of the API (``*``: of any) waits; 0 ends that."""
        self.state.faults.delays[api] = seconds

    def fail(self, api: str, fault: Fault, times: int = 1) -> None:
        """The next calls fail; see ``wecom_faults.Fault``."""
        self.state.faults.failures.setdefault(api, []).extend([fault] * times)

    def kill_tokens(self, code: int = 40014) -> None:
        """Every token ends now, before its time."""
        for one in self.state.tokens.values():
            one.dead = code

    def trust(self, is_trusted: bool) -> None:
        """Whether our address is among the trusted ones; else every call but gettoken gets 60020."""
        self.state.faults.is_trusted = is_trusted

    # knowing

    @property
    def dropped(self) -> list[Dropped]:
        """Messages over a member's rate: gone without a word."""
        return self.state.dropped

    @property
    def truncated(self) -> list[str]:
        """Texts of which only the first 2048 bytes were shown."""
        return self.state.truncated

    def calls_of(self, api: str) -> list[Call]:
        """Every call of an API so far, refused ones included."""
        return [one for one in self.calls if one.api == api]

    # the HTTP side

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        api = request.match_info["api"]
        if api not in wecom_http.APIS:
            self.violations.append(f"unknown API {api!r}")
            return web.Response(status=404)
        call = await wecom_http.read(request, api)
        self.calls.append(call)
        await asyncio.sleep(self.state.faults.delay(api))
        fault = self.state.faults.failure(api)
        if fault == "drop":
            return wecom_http.cut(request)
        if isinstance(fault, int):
            if fault in HTTP_STATUS:
                return web.Response(status=fault, text="<html>Bad Gateway</html>", content_type="text/html")
            return wecom_http.refused(call, RefusedError(fault, "ordered by the test"))
        try:
            response = wecom_http.perform(self.state, call, request.method)
        except RefusedError as refused:
            if refused.ours:
                self.violations.append(f"{api}: {refused}")
            response = wecom_http.refused(call, refused)
        if fault == "half":
            return await wecom_http.half(request, response)
        return wecom_http.cut(request) if fault == "timeout_after_effect" else response

    async def _authorize(self, request: web.Request) -> web.Response:
        """The sign-in page for a browser; the cookie ``wecom_member`` says who holds the phone."""
        url = str(request.url)
        try:
            target = wecom_access.authorize(self.state, url, request.cookies.get("wecom_member", ""))
        except RefusedError as refused:
            return web.Response(status=200, text=f"{refused.code} {refused.words}")
        raise web.HTTPFound(target)


if __name__ == "__main__":
    from tests.servers import wecom_control

    wecom_control.main()
