"""Who calls and who signs in: gettoken, access_token, web sign-in, the addresses that callbacks come from."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.servers.wecom_limits import RefusedError
from tests.servers.wecom_state import App, Call, SignInCode, State, Token


def get_token(state: State, call: Call) -> dict[str, Any]:
    """The token of an app: the same one until it ends.

    Raises:
        RefusedError: 41002, 41004 missing, 40013 corporation, 40001 secret, 45009 asked too often.
    """
    corp, secret = call.query.get("corpid"), call.query.get("corpsecret")
    if not corp:
        raise RefusedError.wrong(41002, "corpid missing")
    if not secret:
        raise RefusedError.wrong(41004, "corpsecret missing")
    if corp != state.corp_id:
        raise RefusedError(40013, "invalid corpid")
    app = state.apps.get(secret)
    if app is None:
        raise RefusedError(40001, "invalid credential")
    now = state.wall()
    if not state.rates.token.admits(secret, now):
        raise RefusedError.wrong(45009, "api freq out of limit: gettoken, keep the token")
    alive = (one for one in state.tokens.values() if one.app is app and not one.dead and now < one.until)
    token = next(alive, None)
    if token is None:
        # the description asks for room for 512 bytes at least
        token = Token(secrets.token_urlsafe(384), app, now + state.sizes.token_for)
        state.tokens[token.value] = token
    return {"access_token": token.value, "expires_in": int(token.until - now)}


def app_of(state: State, call: Call) -> App:
    """The app that a token belongs to.

    Raises:
        RefusedError: 41001 missing, 40014 unknown or ended early, 42001 too old.
    """
    value = call.query.get("access_token")
    if not value:
        raise RefusedError.wrong(41001, "access_token missing")
    token = state.tokens.get(value)
    if token is None:
        raise RefusedError(40014, "invalid access_token")
    if token.dead:
        raise RefusedError(token.dead, "access_token ended early")
    if state.wall() >= token.until:
        raise RefusedError(42001, "access_token expired")
    return token.app


def get_user_info(state: State, call: Call) -> dict[str, Any]:
    """Who signed in with a code; each code once, for five minutes.

    Raises:
        RefusedError: 40029 unknown, 42022 used, 42003 too old.
    """
    value = call.query.get("code", "")
    code = state.signin_codes.get(value)
    if code is None:
        raise RefusedError(40029, "invalid code")
    if code.used:
        raise RefusedError(42022, "code used")
    if state.wall() >= code.made_at + state.sizes.code_for:
        raise RefusedError(42003, "code expired")
    code.used = True
    if not code.userid:
        return {"openid": secrets.token_urlsafe(20), "external_userid": "wm" + secrets.token_urlsafe(24)}
    return {"userid": code.userid, "user_ticket": secrets.token_urlsafe(32)}


def get_agent(state: State, call: Call, app: App) -> dict[str, Any]:
    """The app as its page in the console shows it, as far as the product looks.

    Raises:
        RefusedError: 40056 another or no agentid.
    """
    if call.query.get("agentid") != str(app.agent):
        raise RefusedError(40056, "invalid agentid")
    return {
        "agentid": app.agent,
        "name": "Bihuan",
        "close": int(state.is_closed),
        "redirect_domain": min(state.trusted_domains, default=""),
    }


def get_callback_ip(state: State, call: Call) -> dict[str, Any]:
    """The addresses that callbacks come from."""
    return {"ip_list": ["127.0.0.1", "127.0.0.*"]}


AUTHORIZE = "/connect/oauth2/authorize"
DESKTOP = "/wwlogin/sso/login"


def authorize(state: State, url: str, userid: str) -> str:
    """Where a browser goes when the member opens a sign-in link; ``userid`` empty for somebody else.

    Raises:
        RefusedError: 40013, 40056, 40058, 50001 or 40035: the page shows it instead.
    """
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if asked.get("appid") != state.corp_id:
        raise RefusedError.wrong(40013, "invalid corpid")
    if asked.get("agentid") not in {str(app.agent) for app in state.apps.values()}:
        raise RefusedError.wrong(40056, "invalid agentid")
    if parts.path == AUTHORIZE:
        right = asked.get("response_type") == "code" and asked.get("scope", "").startswith("snsapi_")
        if not right or parts.fragment not in ("wechat_redirect", ""):
            raise RefusedError.wrong(40058, "response_type, scope or #wechat_redirect is wrong")
    elif parts.path != DESKTOP or asked.get("login_type") != "CorpApp":
        raise RefusedError.wrong(40058, "no such sign-in page")
    back = urlsplit(asked.get("redirect_uri", ""))
    if back.hostname not in state.trusted_domains:
        raise RefusedError(50001, "redirect_uri is not within the trusted domain")
    code = secrets.token_urlsafe(32)
    state.signin_codes[code] = SignInCode(userid, state.wall())
    query = [back.query] if back.query else []
    more = {"code": code, "state": asked.get("state", "")}
    return back._replace(query="&".join([*query, urlencode(more)]), fragment="").geturl()
