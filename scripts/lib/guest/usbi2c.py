"""An I2C adapter on the guest's USB, played from outside QEMU: i2c-tiny-usb behind QEMU's usb-redir.

QEMU's x86 machines have no I2C bus that takes QEMU's own sensors, and their SMBus has no plain I2C transfers. This adapter has them, as a Raspberry Pi's
bus does, and the chips on it are objects here whose quantities can be changed at any time.
"""
import socket
import struct
import threading
import time

# usbredir: the kinds of packets that an USB host (this side) has to do with.
HELLO, DEVICE_CONNECT, RESET, INTERFACE_INFO, EP_INFO = 0, 1, 3, 4, 5
SET_CONFIGURATION, GET_CONFIGURATION, CONFIGURATION_STATUS = 6, 7, 8
SET_ALT_SETTING, GET_ALT_SETTING, ALT_SETTING_STATUS = 9, 10, 11
CONTROL_PACKET = 100
SUCCESS, STALL = 0, 4
FULL_SPEED = 1
NO_ENDPOINT, CONTROL_ENDPOINT = 255, 0

# The commands of i2c-tiny-usb, as vendor requests to its interface.
ECHO, GET_FUNCTIONS, SET_DELAY, GET_STATUS, IO = 0, 1, 2, 3, 4
IO_BEGIN, IO_END = 1, 2
IDLE, ACKNOWLEDGED, NOT_ACKNOWLEDGED = 0, 1, 2
READ = 1  # I2C_M_RD, in the value of a transfer
FUNCTIONS = 0x0EFF0001  # I2C_FUNC_I2C and all SMBus ones that the kernel makes of it

VENDOR, PRODUCT = 0x0403, 0xC631
STRINGS = {1: "Kuzzle.Edge", 2: "simulated I2C adapter"}
DEVICE = struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x0110, 0xFF, 0, 0, 8, VENDOR, PRODUCT, 0x0205, 1, 2, 0, 1)
INTERFACE = struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 0, 0xFF, 0, 0, 0)
CONFIGURATION = struct.pack("<BBHBBBBB", 9, 2, 9 + len(INTERFACE), 1, 1, 0, 0x80, 50) + INTERFACE


class Chip:
    """A chip: what it does with the bytes of a write, and what it gives for a read. None: it does not acknowledge."""

    present = True
    hang = 0.0  # seconds for which it holds the clock before each answer

    def write(self, data):
        raise NotImplementedError

    def read(self, count):
        raise NotImplementedError


class Tmp105(Chip):
    """A thermometer with registers behind a pointer; 12 bits, 1/16 °C."""

    def __init__(self, celsius):
        self.celsius = celsius
        self.pointer = 0
        self.registers = {1: b"\x60", 2: b"\x4b\x00", 3: b"\x50\x00"}

    def write(self, data):
        if data:
            self.pointer = data[0] & 3
        if len(data) > 1 and self.pointer != 0:
            self.registers[self.pointer] = bytes(data[1:1 + len(self.registers[self.pointer])])
        return True

    def read(self, count):
        said = struct.pack(">h", int(self.celsius * 16) << 4) if self.pointer == 0 else self.registers[self.pointer]
        return (said * count)[:count]


class Aht20(Chip):
    """A hygrometer that is asked by a command, needs 80 ms, and answers with 20 bits each of humidity and temperature and a CRC."""

    def __init__(self, celsius, humidity):
        self.celsius, self.humidity = celsius, humidity
        self.ready = 0.0
        self.measured = (humidity, celsius)

    def write(self, data):
        if bytes(data[:1]) == b"\xac":
            self.ready = time.monotonic() + 0.08
            self.measured = (self.humidity, self.celsius)
        return True

    def read(self, count):
        humidity, celsius = self.measured
        busy = 0x80 if time.monotonic() < self.ready else 0
        raw = (round(humidity / 100 * (1 << 20)) << 20) | round((celsius + 50) / 200 * (1 << 20))
        said = bytes([0x18 | busy]) + raw.to_bytes(5, "big")
        return (said + bytes([crc8(said, 0xFF)]))[:count]


def crc8(data, start):
    """x⁸ + x⁵ + x⁴ + 1, as Sensirion and Aosong use it."""
    value = start
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = ((value << 1) ^ 0x31) & 0xFF if value & 0x80 else value << 1
    return value


class Adapter:
    """The adapter with its chips ({address: Chip}), connected to QEMU's chardev at a path. Ends when QEMU does."""

    def __init__(self, path, chips):
        self.chips = chips
        self.status = IDLE
        self.configuration = 1
        self.transfers = 0
        self.fault = None
        self.socket = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + 30
        while self.socket.connect_ex(path) != 0:
            if time.monotonic() > deadline:
                raise TimeoutError(f"QEMU does not open {path}")
            time.sleep(0.05)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self):
        self.socket.close()

    # --- usbredir --------------------------------------------------------------------------------------------------------

    def _send(self, kind, number, content):
        self.socket.sendall(struct.pack("<III", kind, len(content), number) + content)

    def _receive(self, count):
        got = b""
        while len(got) < count:
            more = self.socket.recv(count - len(got))
            if not more:
                raise EOFError
            got += more
        return got

    def _serve(self):
        try:
            # No capability is offered, so that all packets keep their plainest form.
            self._send(HELLO, 0, b"kuzzle-edge guest".ljust(64, b"\0") + struct.pack("<I", 0))
            self._send(INTERFACE_INFO, 0, struct.pack("<I", 1) + b"".join(bytes([first]).ljust(32, b"\0") for first in (0, 0xFF, 0, 0)))
            kinds = bytearray([NO_ENDPOINT] * 32)
            kinds[0] = kinds[16] = CONTROL_ENDPOINT
            self._send(EP_INFO, 0, bytes(kinds) + bytes(64))
            self._send(DEVICE_CONNECT, 0, struct.pack("<BBBBHH", FULL_SPEED, 0xFF, 0, 0, VENDOR, PRODUCT))
            while True:
                kind, length, number = struct.unpack("<III", self._receive(12))
                self._answer(kind, number, self._receive(length))
        except (EOFError, OSError):
            pass  # QEMU has ended, or close was called.
        except Exception as fault:
            self.fault = fault
            raise

    def _answer(self, kind, number, content):
        if kind == SET_CONFIGURATION:
            self.configuration = content[0]
            self._send(CONFIGURATION_STATUS, number, bytes([SUCCESS, self.configuration]))
        elif kind == GET_CONFIGURATION:
            self._send(CONFIGURATION_STATUS, number, bytes([SUCCESS, self.configuration]))
        elif kind in (SET_ALT_SETTING, GET_ALT_SETTING):
            self._send(ALT_SETTING_STATUS, number, bytes([SUCCESS, content[0], 0]))
        elif kind == CONTROL_PACKET:
            endpoint, request, what, _, value, index, length = struct.unpack("<BBBBHHH", content[:10])
            said = self._control(what, request, value, index, length, content[10:])
            status = STALL if said is None else SUCCESS
            said = said if said is not None and what & 0x80 else b""
            told = len(said) if what & 0x80 else (length if status == SUCCESS else 0)
            self._send(CONTROL_PACKET, number, struct.pack("<BBBBHHH", endpoint, request, what, status, value, index, told) + said)
        # HELLO, RESET and what asks for nothing need no answer.

    def _control(self, what, request, value, index, length, data):
        """The answer to a request to endpoint 0; None refuses it."""
        if what & 0x60 == 0x40:
            return self._command(request, value, index, length, data)
        if what & 0x60 != 0:
            return None
        if request == 6:
            descriptor = {1: DEVICE, 2: CONFIGURATION}.get(value >> 8) if value >> 8 != 3 else self._string(value & 0xFF)
            return None if descriptor is None else descriptor[:length]
        if request == 0:
            return b"\0\0"[:length]
        return b"" if request in (1, 3) else None

    @staticmethod
    def _string(number):
        if number == 0:
            return b"\x04\x03\x09\x04"
        text = STRINGS.get(number)
        return None if text is None else bytes([2 + 2 * len(text), 3]) + text.encode("utf-16-le")

    # --- i2c-tiny-usb ----------------------------------------------------------------------------------------------------

    def _command(self, request, value, index, length, data):
        if request == ECHO:
            return struct.pack("<H", value)[:length]
        if request == GET_FUNCTIONS:
            return struct.pack("<I", FUNCTIONS)[:length]
        if request == SET_DELAY:
            return b""
        if request == GET_STATUS:
            return bytes([self.status])[:length]
        if request & ~(IO_BEGIN | IO_END) == IO:
            return self._transfer(index, value & READ, length, data)
        return None

    def _transfer(self, address, reads, length, data):
        self.transfers += 1
        chip = self.chips.get(address)
        if chip is None or not chip.present:
            self.status = NOT_ACKNOWLEDGED
            return bytes(length)
        if chip.hang:
            time.sleep(chip.hang)
        self.status = ACKNOWLEDGED
        if reads:
            return chip.read(length)
        chip.write(data)
        return b""
