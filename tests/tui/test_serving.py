"""The app in a browser: who may come, what is off, and a real browser that reads."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from index.errors import UsageProblem
from index.places import common_state_folder
from tests.conftest import Run, process_environment
from tests.tui.helpers import press, screen, searching, write
from tests.tui.wire import wire_library
from tui import outside, reach, serving
from tui.contracts import Question
from tui.settings import kept_theme
from tui.state import Place, state_of

DEADLINE = 60.0


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wire_library(tmp_path_factory.mktemp("wire"), 80).path


@pytest.fixture
def address(library: Path) -> Iterator[str]:
    """Run `byline serve` and return the address that it prints; it ends cleanly on ctrl-c."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", "-L", str(library), "serve"],
        env=process_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        printed = process.stdout.readline().strip()
        try:
            yield printed
        finally:
            process.send_signal(signal.SIGINT)
            try:
                code = process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert code == 0
        assert process.stdout.read() == ""
        assert process.stderr.read() == "byline: open this address in a browser; ctrl-c ends it\n"


async def status(session: ClientSession, url: str, **headers: str) -> int:
    async with session.get(url, headers=headers) as response:
        return response.status


async def test_only_who_knows_the_address_and_comes_from_its_page_is_let_in(address: str) -> None:
    parts = urlsplit(address)
    origin, port = f"http://{parts.netloc}", parts.port
    assert parts.hostname == "127.0.0.1"
    assert len(parts.path.strip("/")) >= 32
    async with ClientSession() as session:
        assert await status(session, address) == 200
        assert await status(session, address, Origin=origin) == 200
        assert await status(session, address, Host=f"localhost:{port}") == 200
        for path in ("/", "/ws", "/static/js/textual.js", parts.path[:-2] + "/", parts.path.upper()):
            assert await status(session, origin + path) == 403, path
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port}.evil.example"):
            assert await status(session, address, Host=host) == 403, host
        for other in (
            "http://evil.example",
            "null",
            f"http://127.0.0.1:{(port or 0) + 1}",
            f"https://{parts.netloc}",
        ):
            assert await status(session, address, Origin=other) == 403, other
        assert await status(session, f"{address}static/../../../pyproject.toml") == 403
        assert await status(session, f"{address}download/x") == 404


async def test_the_websocket_is_guarded_like_the_page(address: str) -> None:
    origin = f"http://{urlsplit(address).netloc}"
    refused: list[tuple[str, dict[str, str]]] = [
        (address + "ws", {}),
        (address + "ws", {"Origin": "http://evil.example"}),
        (address + "ws", {"Origin": origin, "Host": "evil.example"}),
        (origin + "/ws", {"Origin": origin}),
        (origin + "/x" + urlsplit(address).path[2:] + "ws", {"Origin": origin}),
    ]
    async with ClientSession() as session:
        for url, headers in refused:
            with pytest.raises(WSServerHandshakeError) as caught:
                await session.ws_connect(url, headers=headers)
            assert caught.value.status == 403
        async with session.ws_connect(
            f"{address}ws?width=100&height=30", headers={"Origin": origin}
        ) as socket:
            await _seen(socket, "82 articles")
            await socket.send_str(json.dumps(["stdin", "lamplighter\r"]))
            raw = await _seen(socket, "[b]bold[/b]")
            assert "\x1b]0;" not in raw
            assert "\u202e" not in raw
            await socket.send_str(json.dumps(["stdin", "o"]))
            await _seen(socket, "opening programs is off in the browser")


async def _seen(socket: ClientWebSocketResponse, text: str) -> str:
    """Read what the app draws until `text` is drawn; return all of it."""
    raw = b""
    async with asyncio.timeout(DEADLINE):
        async for message in socket:
            raw += message.data if message.type is WSMsgType.BINARY else b""
            drawn = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", raw.decode("utf-8", "ignore"))
            if text in drawn:
                return raw.decode("utf-8", "ignore")
    raise AssertionError(f"never seen: {text}")


async def test_the_page_and_what_it_loads_name_no_other_host(address: str) -> None:
    async with ClientSession() as session, session.get(address) as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
    host = urlsplit(address).netloc
    assert "default-src 'none'" in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert set(re.findall(r"(?:https?|wss?)://[^/\"'\s;]+", page + policy)) == {f"ws://{host}"}
    assert "@" not in page


@pytest.fixture
def showing_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "_shows_only", True)


@pytest.mark.usefixtures("showing_only")
@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("o", "opening programs"),
        ("e", "opening programs"),
        ("Y", "writing files"),
        ("x", "writing files"),
        ("f9", "indexing"),
        ("f6", "another library"),
    ],
)
async def test_what_is_off_says_so(key: str, what: str) -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "escape", key)
        assert screen(pilot) is main
        told = [one.message for one in pilot.app._notifications]
        assert told == [f"{what} is off in the browser: run byline in a terminal for it"]


@pytest.mark.usefixtures("showing_only")
def test_what_is_off_is_off_underneath_too(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="off in the browser"):
        outside.run(["true"])
    with pytest.raises(UsageProblem, match="off in the browser"):
        outside.write_file(str(tmp_path / "x"), ["text"], replace=True)
    assert not outside.in_tmux({"TMUX": "/socket"})
    assert list(tmp_path.iterdir()) == []


async def test_a_port_that_is_taken_is_one_line(library: Path, byline: Run) -> None:
    server = serving.AppServer(library)
    runner = await server.start(0)
    ran = await asyncio.to_thread(byline, "-L", library, "serve", "--port", str(server.port))
    await runner.cleanup()
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "--port" in ran.err


def test_without_the_package_it_is_one_line(library: Path, tmp_path: Path, byline: Run) -> None:
    (tmp_path / "textual_serve.py").write_text("raise ImportError('no')\n", encoding="utf-8")
    path = f"{tmp_path}:{process_environment()['PYTHONPATH']}"
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tui", "-L", str(library), "serve"],
        env=process_environment(PYTHONPATH=path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    told = "byline: serve needs the package textual-serve: install it with pip install 'byline[serve]'\n"
    assert done.stderr == told
    assert byline("-L", "./nowhere", "serve").code == 2


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
async def test_a_real_browser_shows_the_app(address: str, tmp_path: Path) -> None:
    line = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    line += [f"--user-data-dir={tmp_path}", "--window-size=1200,800", "about:blank"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as browser:
        try:
            assert browser.stderr is not None
            told = (re.search(r"DevTools listening on ws://([^/]+)", line) for line in browser.stderr)
            await _drive(address, next(match[1] for match in told if match))
        finally:
            browser.terminate()


@dataclass
class Tab:
    """A tab of the browser: `asked` has the addresses that it asked for, `drawn` what the app drew there."""

    socket: ClientWebSocketResponse
    asked: list[str] = field(default_factory=list)
    drawn: bytes = b""

    async def call(self, method: str, **params: object) -> str:
        """Call the browser and note what happens meanwhile; return the result as JSON."""
        await self.socket.send_json({"id": 1, "method": method, "params": params})
        async with asyncio.timeout(DEADLINE):
            while True:
                message = await self.socket.receive_json()
                if message.get("id") == 1:
                    return json.dumps(message.get("result"))
                self._note(message.get("method"), message.get("params", {}))

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.asked.append(params["url"])
        elif method == "Network.webSocketFrameReceived" and params["response"]["opcode"] == 2:
            self.drawn += base64.b64decode(params["response"]["payloadData"])

    async def until(self, seen: Callable[[str], bool], what: str) -> None:
        """Look at the page until `seen` is true of its body's classes and what was drawn."""
        until = time.monotonic() + DEADLINE
        look = "new Promise(done => setTimeout(() => done(document.body?.className), 50))"
        while not seen(await self.call("Runtime.evaluate", expression=look, awaitPromise=True)):
            assert time.monotonic() < until, f"never: {what}\n{self.drawn[-2000:]!r}"


async def _drive(address: str, browser: str) -> None:
    """Open the page in the browser that listens at an address, type, read the answer, and leave the app."""
    async with ClientSession() as session:
        async with session.put(f"http://{browser}/json/new?about:blank") as response:
            target = (await response.json())["webSocketDebuggerUrl"]
        async with session.ws_connect(target, max_msg_size=0) as socket:
            tab = Tab(socket)
            await tab.call("Network.enable")
            await tab.call("Page.enable")
            await tab.call("Page.navigate", url=address)
            await tab.until(lambda classes: "-first-byte" in classes, "the first frame")
            await tab.call("Runtime.evaluate", expression="document.querySelector('textarea').focus()")
            await tab.call("Input.insertText", text="coaltion")
            await tab.until(lambda _: "coaltion → coalition".encode() in tab.drawn, "the answer")
            if shot := os.environ.get("BYLINE_TEST_SCREENSHOT"):
                data = json.loads(await tab.call("Page.captureScreenshot"))["data"]
                Path(shot).write_bytes(base64.b64decode(data))
            await tab.call("Input.insertText", text="\x11")
            await tab.until(lambda classes: "-closed" in classes, "the end")
            assert {urlsplit(url).netloc for url in tab.asked} == {urlsplit(address).netloc}


async def test_a_page_keeps_nothing_of_who_looked_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    state = state_of(Path("/nowhere/news"))
    state.remember("what the reader asked")
    state.keep(Place(Question("valley")))
    monkeypatch.setattr(reach, "_shows_only", True)
    for _ in range(2):  # two visitors, one after the other
        async with searching() as (pilot, main):
            assert main.query_line.value == ""
            assert main.query_line.history.queries == ()
            await write(pilot, "harvest")
            await press(pilot, "enter")
            pilot.app.theme = "byline-light"
    assert state.queries() == ["what the reader asked"]
    assert state.place() == Place(Question("valley"))
    assert kept_theme(common_state_folder()) == ""
