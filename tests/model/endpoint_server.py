"""A small OpenAI-compatible server in a thread, which also knows how to fail."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = dict[str, Any] | int | float | bytes
"""JSON to send, an HTTP status, seconds to hang, or bytes as they are."""


class Server:
    """Answers what `reply` says to the body of each request, and remembers what it was sent."""

    def __init__(self, reply: Callable[[dict[str, Any], int], Reply]) -> None:
        """`reply` gets the request and how often this very prompt was asked before."""
        self.reply = reply
        self.models: list[str] = ["tiny"]
        self.key = ""
        self.retry_after = ""
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.counts: dict[str, int] = {}
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self.url = ""

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        self.keys.append(handler.headers.get("Authorization"))
        if self.key and handler.headers.get("Authorization") != f"Bearer {self.key}":
            sent = handler.headers.get("Authorization") or ""
            message = f"Incorrect API key provided: {sent.removeprefix('Bearer ')}"
            return self.send(handler, 401, {"error": {"message": message}})
        if handler.path == "/v1/models":
            said = {"data": [{"id": name} for name in self.models]}
            return self.send(handler, 200, said)
        if handler.path != "/v1/chat/completions":
            return self.send(handler, 404, {"error": {"message": "no such path"}})
        length = int(handler.headers["Content-Length"])
        body = json.loads(handler.rfile.read(length))
        prompt = body["messages"][-1]["content"]
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self.bodies.append(body)
            before = self.counts.get(prompt, 0)
            self.counts[prompt] = before + 1
        try:
            self.send_reply(handler, self.reply(body, before))
        finally:
            with self._lock:
                self._at_once -= 1

    def send_reply(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        match reply:
            case float():
                time.sleep(reply)
                self.send(handler, 200, completion("late"))
            case int():
                self.send(handler, reply, {"error": {"message": f"status {reply}"}})
            case bytes():
                self.send(handler, 200, reply)
            case _:
                self.send(handler, 200, reply)

    def send(self, handler: BaseHTTPRequestHandler, status: int, said: Any) -> None:
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        try:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(content)))
            handler.send_header("Location", "/elsewhere")
            if self.retry_after:
                handler.send_header("Retry-After", self.retry_after)
            handler.end_headers()
            handler.wfile.write(content)
        except OSError:
            pass  # a client that has given up


def completion(text: str, *, tokens: int | None = 7, reason: str = "stop") -> dict[str, Any]:
    said: dict[str, Any] = {
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": reason}]
    }
    if tokens is not None:
        said["usage"] = {"completion_tokens": tokens, "prompt_tokens": 100}
    return said


@contextmanager
def serving(reply: Callable[[dict[str, Any], int], Reply]) -> Iterator[Server]:
    server = Server(reply)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.handle(self)

        def do_POST(self) -> None:
            server.handle(self)

        def log_message(self, *said: Any) -> None: ...

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
