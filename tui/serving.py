"""A server that shows the app in a browser on this machine, and to nobody else.

It listens on loopback. Other programs and pages of other origins can reach that too, so the address holds a
random token, a request must name this server as its host (a name that an attacker points here is another),
and a browser must say that the request comes from this page. The websocket is guarded in the same way.
"""

from __future__ import annotations

import asyncio
import hmac
import html
import logging
import os
import secrets
import shlex
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server

from index.errors import UsageProblem

HOST = "127.0.0.1"
MOST_PAGES = 8
"""Pages that are open at once: each is a process with the library open."""
_GRACE = 0.5
"""Seconds that open pages get when the server ends."""
_TEMPLATE = Path(__file__).with_name("page.html")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AppServer(Server):
    """Serves the app over `library` below a path that is the `token`."""

    def __init__(self, library: Path, token: str = "") -> None:
        line = [sys.executable, "-P", "-m", "tui.served", str(library)]
        command = subprocess.list2cmdline(line) if os.name == "nt" else shlex.join(line)
        # What a broken app says would reach this server's terminal as it is.
        super().__init__(f"{command} 2>{os.devnull}", host=HOST, port=0, title=library.name)
        self.token = token or secrets.token_urlsafe(24)
        self._pages = 0

    async def start(self, port: int) -> web.AppRunner:
        """Listen on `port`, any that is free for 0. Raises `UsageProblem` if that cannot be."""
        for name in ("textual-serve", "aiohttp.server"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        app = web.Application(middlewares=[self._guarded])
        app.add_routes(
            [
                web.get(f"/{self.token}/", self.handle_index),
                web.get(f"/{self.token}/ws", self.handle_websocket),
                web.static(f"/{self.token}/static", self.statics_path),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GRACE)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            await runner.cleanup()
            what = os.strerror(error.errno) if error.errno else str(error)
            raise UsageProblem(f"port {port}: {what}", "choose another with --port") from None
        self.port = runner.addresses[0][1]
        return runner

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.port}/{self.token}/"

    def refusal(self, request: web.Request) -> str:
        """Return why a request is refused, "" if it is not."""
        hosts = (f"{HOST}:{self.port}", f"localhost:{self.port}")
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        begin = request.path.split("/", 2)[1]
        if not hmac.compare_digest(begin.encode("utf-8", "replace"), self.token.encode()):
            return "no such address"
        if host not in hosts:
            return "another host"
        if origin is None:
            return "no origin" if request.path.endswith("/ws") else ""
        return "" if origin == f"http://{host}" else "another origin"

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        why = self.refusal(request)
        if why:
            return web.Response(status=403, text=f"byline: refused: {why}\n", headers=_headers(""))
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_headers(request.host))
        return response

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """Return the page."""
        page = _TEMPLATE.read_text(encoding="utf-8")
        for name, value in (
            ("TITLE", f"byline · {self.title}"),
            ("SOCKET", f"ws://{request.host}/{self.token}/ws"),
        ):
            page = page.replace(f"@{name}@", html.escape(value))
        return web.Response(text=page, content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.StreamResponse:  # type: ignore[override]
        """Run the app of one page until the page or the app is left."""
        if self._pages >= MOST_PAGES:
            return web.Response(status=503, text="byline: too many pages are open\n")
        self._pages += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self._pages -= 1


def _headers(host: str) -> dict[str, str]:
    """Return headers that keep a page, and the token in its address, to itself."""
    socket = f" ws://{host}" if host else ""
    own = "default-src 'none'; script-src 'self'; font-src 'self' data:; img-src 'self' data:"
    rest = "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return {
        "Content-Security-Policy": f"{own}; connect-src 'self'{socket}; {rest}",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def serve(library: Path, port: int, tell: Callable[[str], None]) -> None:
    """Show the app over `library` until ctrl-c or SIGTERM; `tell` gets the address once it is there."""
    asyncio.run(_serve(AppServer(library), port, tell))


async def _serve(server: AppServer, port: int, tell: Callable[[str], None]) -> None:
    runner = await server.start(port)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    try:
        tell(server.address)
        await ended.wait()
    finally:
        await runner.cleanup()
