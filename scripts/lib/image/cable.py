"""A laptop at the other end of a cable whose other end is in the board: no DHCP, no router, only a question to whoever listens (mDNS, RFC 6762; DNS-SD, RFC 6763)."""
import ipaddress
import socket
import struct
import time

A, PTR, TXT, AAAA, SRV = 1, 12, 16, 28, 33
PORT = 5353
MULTICAST_MAC, OWN_MAC = bytes.fromhex("3333000000fb"), bytes.fromhex("020000000002")
MULTICAST, OWN = ipaddress.IPv6Address("ff02::fb").packed, ipaddress.IPv6Address("fe80::2").packed


class Cable:
    """Ethernet frames in UDP datagrams between this program and a network card of QEMU."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.card = probe.getsockname()
        self.records = {}  # (name, type): set of values

    def netdev(self, name):
        """QEMU's end of it."""
        (host, port), (own_host, own_port) = self.card, self.socket.getsockname()
        return f"dgram,id={name},local.type=inet,local.host={host},local.port={port},remote.type=inet,remote.host={own_host},remote.port={own_port}"

    def ask(self, *questions):
        """Multicasts questions, each a name and a type, and listens for a second; returns for each the values that were ever heard."""
        self._drain(0)  # What was said before is answers too.
        body = struct.pack(">6H", 0, 0, len(questions), 0, 0, 0)
        body += b"".join(_name(name) + struct.pack(">2H", kind, 1) for name, kind in questions)
        udp = struct.pack(">4H", PORT, PORT, 8 + len(body), 0) + body
        udp = udp[:6] + struct.pack(">H", _checksum(OWN + MULTICAST + struct.pack(">2I", len(udp), 17) + udp)) + udp[8:]
        packet = struct.pack(">IHBB", 6 << 28, len(udp), 17, 255) + OWN + MULTICAST + udp
        try:
            self.socket.sendto(MULTICAST_MAC + OWN_MAC + b"\x86\xdd" + packet, self.card)
        except ConnectionRefusedError:
            pass  # QEMU has not opened its end yet.
        self._drain(1)
        return [self.records.get((name.lower(), kind), set()) for name, kind in questions]

    def close(self):
        self.socket.close()

    def _drain(self, seconds):
        end = time.monotonic() + seconds
        while True:
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                frame = self.socket.recv(65536)
            except TimeoutError:
                return
            except ConnectionRefusedError:
                continue  # An answer to what was sent before QEMU listened.
            message = _message(frame)
            if message is not None and message[2] & 0x80:
                for name, kind, value in _records(message):
                    self.records.setdefault((name.lower(), kind), set()).add(value)


def _name(text):
    return b"".join(bytes([len(label)]) + label for label in text.encode().split(b".")) + b"\0"


def _checksum(data):
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF or 0xFFFF


def _message(frame):
    """The DNS message in a frame from the port of mDNS; None for any other."""
    kind, packet = frame[12:14], frame[14:]
    if kind == b"\x86\xdd" and packet[6] == 17:
        udp = packet[40:]
    elif kind == b"\x08\x00" and packet[9] == 17:
        udp = packet[4 * (packet[0] & 15):]
    else:
        return None
    return udp[8:] if struct.unpack(">H", udp[:2])[0] == PORT else None


def _read_name(message, at):
    labels, after = [], None
    while message[at]:
        if message[at] >= 0xC0:
            after = after or at + 2
            at = struct.unpack(">H", message[at:at + 2])[0] & 0x3FFF
        else:
            labels.append(message[at + 1:at + 1 + message[at]].decode())
            at += 1 + message[at]
    return ".".join(labels), after or at + 1


def _records(message):
    """All of its answers and what was added to them."""
    _, _, questions, *sections = struct.unpack(">6H", message[:12])
    at = 12
    for _ in range(questions):
        at = _read_name(message, at)[1] + 4
    for _ in range(sum(sections)):
        name, at = _read_name(message, at)
        kind, _, _, size = struct.unpack(">2HIH", message[at:at + 10])
        at += 10
        raw = message[at:at + size]
        if kind == PTR:
            yield name, kind, _read_name(message, at)[0]
        elif kind == SRV:
            yield name, kind, (_read_name(message, at + 6)[0], struct.unpack(">H", raw[4:6])[0])
        elif kind == TXT:
            yield name, kind, _texts(raw)
        elif kind in (A, AAAA):
            yield name, kind, str(ipaddress.ip_address(raw))
        at += size


def _texts(raw):
    texts = []
    while raw:
        texts.append(raw[1:1 + raw[0]].decode())
        raw = raw[1 + raw[0]:]
    return tuple(texts)
