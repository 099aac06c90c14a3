"""One connection to an HTTP server of a folder: serve.py FOLDER, the connection as standard input, as QEMU gives it to the command of a "guestfwd"."""
import http.server
import socket
import sys


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


with socket.socket(fileno=0) as connection:
    connection.setblocking(True)
    Quiet(connection, ("guest", 0), None, directory=sys.argv[1])
