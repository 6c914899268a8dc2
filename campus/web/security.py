"""Headers on every answer, cookie flags, who may be believed about the address, safe redirects."""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from campus.settings import LOOPBACK, Settings

LONGEST_URL = 8000
SAFE_TARGET = re.compile(r"/(?!/)[!-\[\]-~]*")  # printable ASCII without a backslash
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init(app: Flask, settings: Settings) -> None:
    """Set cookie flags and trusted hosts, and hang the headers on every answer."""
    app.config.update(cookie_configuration(settings))
    app.config["TRUSTED_HOSTS"] = trusted_hosts(settings)
    app.config["PREFERRED_URL_SCHEME"] = "https" if settings.is_https else "http"
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    @app.before_request
    def refuse_early() -> Response | None:
        g.pop("csp_nonce", None)
        if isinstance(request.routing_exception, SecurityError):
            return wrong_host()
        refuse_odd_address()
        if request.method in UNSAFE and comes_from_elsewhere():
            abort(403)
        if request.method in UNSAFE and request.is_json and not request.path.startswith("/api/"):
            abort(415)  # pages take forms; nothing there looks into JSON
        return None

    @app.after_request
    def add_headers(response: Response) -> Response:
        return with_headers(response, https=settings.is_https)


def refuse_odd_address() -> None:
    """Refuse an address that is too long, or that PostgreSQL could not even be asked about."""
    if len(request.full_path) > LONGEST_URL:
        abort(414)
    if "\0" in request.path:
        abort(404)


def wrong_host() -> Response:
    """Answer who asks for another host: without a page, since a page has links."""
    words = "This server does not answer to that host name; CAMPUS_BASE_URL says to which.\n"
    return Response(words, HTTPStatus.BAD_REQUEST, mimetype="text/plain")


def comes_from_elsewhere() -> bool:
    """Whether a browser says that another site sends this: the second line behind the tokens."""
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and urlsplit(origin).netloc != request.host
    return is_foreign or request.headers.get("Sec-Fetch-Site") == "cross-site"


def cookie_configuration(settings: Settings) -> dict[str, object]:
    """Return the session cookie's flags: `__Host-` over https, plain on this machine alone."""
    return {
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": None,
    }


def trusted_hosts(settings: Settings) -> list[str]:
    """Return the host names answered to; on this machine all of its own names."""
    return sorted({settings.host, *(LOOPBACK if settings.host in LOOPBACK else set())})


def csp_nonce() -> str:
    """Return this answer's nonce, made at first use."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def policy() -> str:
    """Return the Content-Security-Policy of this answer."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{csp_nonce()}'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'; "
        "worker-src 'self'"
    )


def with_headers(response: Response, *, https: bool) -> Response:
    """Add what every answer carries, without replacing what a view chose."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", policy())
    if https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.vary.add("Cookie")
    return response


def safe_target(target: str | None) -> str | None:
    """Return `target` if it leads to a page of this campus, else None."""
    return target if target and SAFE_TARGET.fullmatch(target) else None


def network_of(address: str | None) -> str:
    """Return the network to count attempts by: an IPv4 address, the /64 of an IPv6 one."""
    return _network(address, bits=32)


def place_of(address: str | None) -> str:
    """Return as much of an address as is remembered: the /24 of IPv4, the /64 of IPv6."""
    return _network(address, bits=24)


def _network(address: str | None, *, bits: int) -> str:
    try:
        at = ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(at, IPv6Address):
        if at.ipv4_mapped is None:
            return str(ip_network((at, 64), strict=False))
        at = at.ipv4_mapped
    return str(ip_network((at, bits), strict=False))
