"""The little of MQTT 3.1.1 that a proof needs which must know, message by message, what was acknowledged."""
import socket
import struct

CONNACK, PUBLISH, PUBACK, SUBACK = 2, 3, 4, 9


class MqttError(Exception):
    """The broker went away, or did not answer as the standard says."""


def _text(value):
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(raw)) + raw


def _packet(head, body):
    length, size = len(body), b""
    while True:
        length, digit = divmod(length, 128)
        size += bytes([digit | (0x80 if length else 0)])
        if not length:
            return bytes([head]) + size + body


class Client:
    """One connection. Every wait has an end."""

    def __init__(self, port, identifier, clean=True, seconds=30):
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
            self.buffer = b""
            self.turn = 0
            self.waiting = []  # messages that came while something else was waited for
            self._send(_packet(0x10, _text("MQTT") + bytes([4, 2 if clean else 0, 0, 120]) + _text(identifier)))
            body = self._expect(CONNACK)
        except OSError as fault:
            raise MqttError(str(fault)) from fault
        if body[1] != 0:
            raise MqttError(f"refused with {body[1]}")
        self.present = bool(body[0] & 1)

    def subscribe(self, topic):
        """At QoS 1."""
        self.turn = self.turn % 65535 + 1
        self._send(_packet(0x82, struct.pack(">H", self.turn) + _text(topic) + b"\1"))
        if self._expect(SUBACK)[2:] != b"\1":
            raise MqttError(f"no subscription to {topic}")

    def publish(self, topic, payload):
        """At QoS 1; returns when the broker has acknowledged."""
        self.turn = self.turn % 65535 + 1
        self._send(_packet(0x32, _text(topic) + struct.pack(">H", self.turn) + payload))
        (acknowledged,) = struct.unpack(">H", self._expect(PUBACK))
        if acknowledged != self.turn:
            raise MqttError(f"packet {acknowledged} was acknowledged instead of {self.turn}")

    def receive(self, seconds):
        """The next message's payload, acknowledged; None when none comes in that time."""
        if not self.waiting:
            self.socket.settimeout(seconds)
            try:
                kind, head, body = self._read()
            except TimeoutError:
                return None
            except OSError as fault:
                raise MqttError(str(fault)) from fault
            if kind != PUBLISH:
                raise MqttError(f"a packet of kind {kind} instead of a message")
            self.waiting.append((head, body))
        head, body = self.waiting.pop(0)
        (length,) = struct.unpack(">H", body[:2])
        rest = body[2 + length:]
        if head & 6:
            self._send(_packet(0x40, rest[:2]))
            rest = rest[2:]
        return rest

    def close(self):
        """Goes as the standard says."""
        try:
            self.socket.sendall(b"\xe0\0")
        except OSError:
            pass  # It is gone already.
        self.socket.close()

    def _send(self, packet):
        try:
            self.socket.sendall(packet)
        except OSError as fault:
            raise MqttError(str(fault)) from fault

    def _expect(self, wanted):
        while True:
            try:
                kind, head, body = self._read()
            except OSError as fault:
                raise MqttError(str(fault)) from fault
            if kind == wanted:
                return body
            if kind != PUBLISH:
                raise MqttError(f"a packet of kind {kind} instead of {wanted}")
            self.waiting.append((head, body))

    def _read(self):
        """One packet. What came of it stays in the buffer when the time is over."""
        while True:
            size, shift, at = 0, 0, 1
            while at < len(self.buffer):
                size |= (self.buffer[at] & 127) << shift
                shift += 7
                at += 1
                if self.buffer[at - 1] < 128:
                    if len(self.buffer) >= at + size:
                        head, body = self.buffer[0], self.buffer[at:at + size]
                        self.buffer = self.buffer[at + size:]
                        return head >> 4, head & 15, body
                    break
            more = self.socket.recv(65536)
            if not more:
                raise MqttError("the connection was closed")
            self.buffer += more
