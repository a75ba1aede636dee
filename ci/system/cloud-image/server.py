"""server.py PORT DIR: publishes DIR on loopback as a vendor's server does, and misbehaves on request.

The first folder of a path may say how: /loop/ redirects to itself, /cut/ ends a body half-way, /stall/ stops sending
after half of it, /norange/ sends all of a file whatever part was asked for and cuts the first answer short. It is a proxy
as well, behind which every host is this one.
"""
import os
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 1 << 20
answered = set()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).lstrip("/")
        manner, _, rest = path.partition("/")
        if manner == "loop":
            return self.redirect()
        if manner not in ("cut", "stall", "norange"):
            manner, rest = "", path
        # Only images are sent in a hostile manner.
        if not rest.endswith(".qcow2"):
            manner = ""
        path = os.path.join(sys.argv[2], rest)
        if not os.path.isfile(path):
            return self.send_error(404)
        try:
            with open(path, "rb") as file:
                self.send_file(file, os.path.getsize(path), manner)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked has what it wanted

    def redirect(self):
        self.send_response(302)
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_file(self, file, size, manner):
        first = 0
        asked = self.headers.get("Range", "")
        if asked.startswith("bytes=") and manner != "norange":
            first = int(asked[6:].split("-")[0])
        if first >= size > 0:
            return self.send_error(416)
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{size - 1}/{size}")
        self.send_header("Content-Length", str(size - first))
        self.end_headers()
        half = manner in ("cut", "stall") or (manner == "norange" and self.path not in answered)
        answered.add(self.path)
        self.send_bytes(file, first, size // 2 if half else size)
        if manner == "stall":
            time.sleep(600)
        if half:
            self.close_connection = True

    def send_bytes(self, file, first, end):
        while first < end:
            sent = os.sendfile(self.connection.fileno(), file.fileno(), first, min(PIECE, end - first))
            if sent == 0:
                return
            first += sent

    def log_message(self, *_):
        with open(os.path.join(sys.argv[2], "requests.log"), "a", encoding="utf-8") as log:
            log.write(f"{self.command} {self.path} {self.headers.get('Range', '')}\n")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that go away in the middle are what is tested."""


server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
with open(os.path.join(sys.argv[2], "port"), "w", encoding="utf-8") as told:
    told.write(f"{server.server_port}\n")
server.serve_forever()
