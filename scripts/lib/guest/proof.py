"""Boots a Debian guest with simulated hardware, runs the gateway in it and looks from outside at what it does. scripts/guest starts it."""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import feed
import initramfs
import machine
import report
import subscriber
import usbi2c

HERE = os.path.dirname(os.path.abspath(__file__))

# What the guest loads at start, in this order: the numbers of the I2C buses follow from it.
MODULES = ["virtio_net", "i2c-i801", "i2c-dev", "i2c-stub", "gpio-sim", "uhci-hcd"]
# What it loads when a device wants it.
AVAILABLE = ["lm75", "i2c-tiny-usb"]

# The chips of the stub bus. Each is 256 registers that keep what is written into them.
STUB = {"tmp75": 0x48, "ina219": 0x40}

# The buses by their numbers in the guest, and what the kernel says of them.
SMBUS, STUB_BUS, USB_BUS = 0, 1, 2
BUSES = {SMBUS: "SMBus I801 adapter", STUB_BUS: "SMBus stub driver", USB_BUS: "i2c-tiny-usb"}

# The chips of the USB adapter, which are played here.
THERMOMETER, HYGROMETER = 0x49, 0x38

# The lines of the simulated GPIO chip.
LINES = ["button", "relay", "lamp"]

MQTT, HTTP = 1884, 7512  # in the guest

INTERVAL = 500  # milliseconds between readings
PATIENCE = 60  # seconds for what takes less than one on a machine that nobody else uses


def hardware():
    """The script by which the guest gets its simulated hardware."""
    board = "/sys/kernel/config/gpio-sim/board"
    lines = [f"mkdir -p {board}/bank0", f"echo {len(LINES)} >{board}/bank0/num_lines", f"echo kuzzle-sim >{board}/bank0/label"]
    for number, name in enumerate(LINES):
        lines += [f"mkdir {board}/bank0/line{number}", f"echo {name} >{board}/bank0/line{number}/name"]
    lines.append(f"echo 1 >{board}/live")
    lines.append(f"for i in $(seq 100); do [ -e /dev/i2c-{USB_BUS} ] && break; sleep 0.1; done")
    # The kernel's own notes of every change of a line, from before anybody drives one.
    lines += ["mount -t tracefs tracefs /sys/kernel/tracing", "echo 1 >/sys/kernel/tracing/events/gpio/enable"]
    return "#!/usr/bin/busybox sh\nset -e\n" + "\n".join(lines) + "\n"


def configured_sensors():
    every = {"interval": f"{INTERVAL}ms"}
    return [
        # A chip by its name and bus: the gateway makes it known to the kernel and reads the kernel's driver.
        {"name": "air", "chip": "tmp105", "bus": USB_BUS, "address": f"{THERMOMETER:#x}", "store": "all", "topic": "guest/air", **every},
        {"name": "stub", "chip": "tmp75", "bus": STUB_BUS, "address": f"{STUB['tmp75']:#x}", "topic": "guest/stub", **every},
        # Chips that the gateway drives itself over i2c-dev: by plain I2C with a CRC, and by SMBus.
        {"name": "humid", "chip": "aht20", "bus": USB_BUS, "topic": "guest/humid", **every},
        {"name": "power", "chip": "ina219", "bus": STUB_BUS, "address": f"{STUB['ina219']:#x}", "topic": "guest/power", **every},
        {"name": "button", "source": "gpio", "line": "button", "bias": "pull-down", "topic": "guest/button"},
        {"name": "relay", "source": "gpio", "line": "relay", "mode": "output", "topic": "guest/relay"},
        {"name": "lamp", "source": "gpio", "line": "lamp", "mode": "output", "safe": 1, "topic": "guest/lamp"},
    ]


def configuration(sensors):
    return json.dumps({
        "security": {"freshRights": "open"},
        "server": {
            "host": "0.0.0.0", "port": HTTP,
            "protocols": {"mqtt": {"listeners": [{"host": "0.0.0.0", "port": MQTT, "profile": "open", "allowAnonymous": True}]}},
        },
        "storage": {"path": "/var/lib/kuzzle-edge"},
        "sensors": sensors,
        "homeAssistant": {"enabled": True, "id": "guest"},
    }, indent=2)


class Stub:
    """The registers of one chip on the stub bus, set from the guest's side of the kernel."""

    def __init__(self, guest, address):
        self.guest, self.address = guest, address

    def word(self, register, value):
        """A register of 16 bits, big-endian in the chip; SMBus sends the low byte first. -f: a driver of the kernel may hold the chip."""
        swapped = ((value & 0xFF) << 8) | ((value >> 8) & 0xFF)
        self.guest.sh(f"i2cset -y -f {STUB_BUS} {self.address:#x} {register:#x} {swapped:#x} w")


class Line:
    """One line of the simulated GPIO chip, from the hardware's side."""

    def __init__(self, guest, name):
        self.guest = guest
        board = "/sys/kernel/config/gpio-sim/board"
        device, chip = guest.sh(f"cat {board}/dev_name {board}/bank0/chip_name").split("\n")
        self.folder = f"/sys/devices/platform/{device}/{chip}/sim_gpio{LINES.index(name)}"

    def pull(self, direction):
        self.guest.sh(f"echo pull-{direction} >{self.folder}/pull")

    def value(self):
        return int(self.guest.sh(f"cat {self.folder}/value"))


class Proof:
    def __init__(self, guest, out, ports, chips):
        self.guest, self.report, self.ports, self.chips = guest, out, ports, chips
        self.heard = None

    def prove(self):
        self.kernel()
        self.first_reading()
        self.scan()
        self.temperature()
        self.chips_of_our_own()
        self.button()
        self.outputs()
        self.faults()
        self.registry()
        self.reload()
        self.metrics()
        self.memory()
        self.stop()

    # --- the machine ---------------------------------------------------------------------------------------------------

    def kernel(self):
        """What is there without the gateway: the simulated hardware itself works."""
        button = Line(self.guest, "button")
        button.pull("up")
        up = button.value()
        button.pull("down")
        self.report.claim("the kernel's simulated GPIO chip follows its pulls", (up, button.value()) == (1, 0), f"{button.folder}: pulled up {up}, pulled down {button.value()}")
        names = {number: self.guest.run(f"cat /sys/bus/i2c/devices/i2c-{number}/name")[1] for number in BUSES}
        self.report.claim("the kernel has the machine's SMBus, the stub bus and the USB adapter", all(name.startswith(BUSES[number]) for number, name in names.items()),
                          "; ".join(f"i2c-{number} {name}" for number, name in names.items()))

    def request(self, controller, action, index=None, collection=None, **more):
        """A request to the gateway's API over HTTP; returns the result."""
        said = {"controller": controller, "action": action, "index": index, "collection": collection, **more}
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[HTTP]}/_query", json.dumps({key: value for key, value in said.items() if value is not None}).encode(),
            {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as fault:
            raise machine.GuestError(f"{controller}:{action}: {fault.code} {fault.read().decode('utf-8', 'replace')}") from fault
        except OSError as fault:
            raise machine.GuestError(f"{controller}:{action}: {fault}") from fault

    def scan(self):
        """The program's own look at the hardware, while it runs as the gateway too."""
        said = self.guest.sh("kuzzle-edge sensors scan --json", 300)
        found = json.loads(said)
        chips = {(bus["bus"], chip["address"]): chip for bus in found["i2c"] for chip in bus["chips"]}
        for what, bus, address, wanted in (
                ("the USB adapter's thermometer, with its driver", USB_BUS, THERMOMETER, ("driver", "lm75")),
                ("the USB adapter's hygrometer, as what it may be", USB_BUS, HYGROMETER, ("likely", "aht20")),
                ("the stub's thermometer, with its driver", STUB_BUS, STUB["tmp75"], ("driver", "lm75")),
                ("the stub's power meter, as what it may be", STUB_BUS, STUB["ina219"], ("likely", "ina219")),
                ("an EEPROM of the machine's SMBus", SMBUS, 0x50, ("address", "0x50"))):
            chip = chips.get((bus, f"{address:#04x}"))
            self.report.claim(f"the scan finds {what}", chip is not None and wanted[1] in chip[wanted[0]], json.dumps(chip))
        hwmon = {device["chip"]: [channel["channel"] for channel in device["channels"]] for device in found["hwmon"]}
        self.report.claim("the scan finds the thermometers of the kernel with their channels", hwmon.get("tmp105") == ["temp1"] == hwmon.get("tmp75"), json.dumps(hwmon))
        lines = {line["name"]: line["consumer"] for chip in found["gpio"] if chip["label"] == "kuzzle-sim" for line in chip["lines"]}
        self.report.claim("the scan finds the GPIO chip with its lines by name and who holds them", sorted(lines) == sorted(LINES) and all(lines.values()), json.dumps(lines))

    def sensor(self, name):
        return self.request("edge/sensors", "get", _id=name)

    def uptime(self):
        return float(self.guest.sh("cut -d' ' -f1 /proc/uptime"))

    @staticmethod
    def until(look, wanted, seconds):
        """What is seen, as soon as it is what is wanted; None when it does not become so."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            seen = look()
            if wanted(seen):
                return seen
            time.sleep(0.2)
        return None

    # --- temperature ---------------------------------------------------------------------------------------------------

    def first_reading(self):
        self.await_ready()
        self.heard = subscriber.Subscriber(self.ports[MQTT], "guest/#")
        first = self.heard.wait("guest/air", lambda _: True, PATIENCE)
        if not self.report.claim("a reading arrives at mosquitto_sub outside the guest", first is not None, json.dumps(first and first[1], ensure_ascii=False)):
            return
        # The gateway's first reading is older than the first that the subscriber heard; it is the oldest document.
        oldest = self.request("document", "search", "sensors", "readings", body={"sort": [{"timestamp": "asc"}]}, size=1)["hits"][0]["_source"]["timestamp"]
        started = self.guest.sh("echo $(date +%s) $(cut -d' ' -f1 /proc/uptime)").split(" ")
        self.report.figure("the kernel's start to the first reading", f"{oldest / 1000 - (float(started[0]) - float(started[1])):.0f} s")

    def await_ready(self):
        ready = self.guest.sh("for i in $(seq 3000); do grep 'Ready after' /run/kuzzle-edge.log && exit; [ ! -e /run/kuzzle-edge.exit ] || break; sleep 0.1; done; cat /run/kuzzle-edge.log; exit 1", 400)
        self.report.figure("the gateway's own start", re.search(r"Ready after \d+ ms", ready).group(0))

    def temperature(self):
        self._follows("of the USB adapter's thermometer, changed outside QEMU,", "guest/air", lambda celsius: setattr(self.chips[THERMOMETER], "celsius", celsius))
        stub = Stub(self.guest, STUB["tmp75"])
        self._follows("in the registers of the stub's thermometer", "guest/stub", lambda celsius: stub.word(0, int(celsius * 256) & 0xFFFF))

    def _follows(self, where, topic, warm):
        took = []
        for celsius in (23.5, -10.25, 61.0):
            since, began = self.heard.mark(), time.monotonic()
            warm(celsius)
            came = self.heard.wait(topic, lambda reading, wanted=celsius: reading.get("value") == wanted, PATIENCE, since)
            self.report.claim(f"{celsius} °C {where} arrives as an MQTT message", came is not None,
                              json.dumps(came[1] if came else self.heard.last(topic), ensure_ascii=False))
            if came:
                took.append(came[0] - began)
        if took:
            self.report.figure(f"change of a temperature to its message outside ({topic}, read every 500 ms)", f"{max(took) * 1000:.0f} ms at the most")

    def chips_of_our_own(self):
        hygrometer = self.chips[HYGROMETER]
        hygrometer.humidity, hygrometer.celsius = 61.25, 18.5
        for channel, wanted in (("humidity", 61.25), ("temperature", 18.5)):
            came = self.heard.wait(f"guest/humid/{channel}", lambda reading, w=wanted: abs(reading["value"] - w) < 0.01, PATIENCE)
            self.report.claim(f"the {channel} of an AHT20 without a kernel driver, changed outside QEMU, arrives", came is not None, shown(came))
        # Bus voltage of an INA219: 4 mV in the upper 13 bits of register 2.
        Stub(self.guest, STUB["ina219"]).word(2, round(12.0 / 0.004) << 3)
        came = self.heard.wait("guest/power/voltage", lambda reading: abs(reading["value"] - 12.0) < 0.001, PATIENCE)
        self.report.claim("the voltage of an INA219 over SMBus transfers arrives", came is not None, shown(came))

    # --- lines -----------------------------------------------------------------------------------------------------------

    def button(self):
        button = Line(self.guest, "button")
        for value, direction in ((1, "up"), (0, "down")):
            since, began = self.heard.mark(), self.uptime()
            button.pull(direction)
            ended, came = self.uptime(), self.heard.wait("guest/button", lambda reading, wanted=value: reading.get("value") == wanted, PATIENCE, since)
            self.report.claim(f"the button's edge to {value} arrives with the moment at which it happened", came is not None and began <= moment(came[1]) <= ended,
                              f"{shown(came)}; the line was pulled {direction} between {began:.2f} and {ended:.2f} s after the start")

        # A process that sleeps sees nothing; the moments of what happened meanwhile can only be the kernel's.
        self.guest.sh("kill -STOP $(gateway pid)")
        since, began = self.heard.mark(), self.uptime()
        button.pull("up")
        ended = self.uptime()
        self.guest.sh("sleep 2; kill -CONT $(gateway pid)")
        woken, came = self.uptime(), self.heard.wait("guest/button", lambda reading: reading.get("value") == 1, PATIENCE, since)
        self.report.claim("an edge while the gateway was suspended for two seconds carries the kernel's timestamp, not that of waking up",
                          came is not None and began <= moment(came[1]) <= ended,
                          f"{shown(came)}; pulled between {began:.2f} and {ended:.2f} s, woken at {woken:.2f} s")

        # The kernel looks at the line's level in a thread: of edges that are faster than that thread it notes fewer. What it has noted must arrive whole.
        since = self.heard.mark()
        self.guest.sh(f"for i in $(seq 25); do echo pull-down >{button.folder}/pull; usleep 5000; echo pull-up >{button.folder}/pull; usleep 5000; done", PATIENCE)
        # A reading without a number is the line's state as it is told from time to time.
        edges = [reading for reading in self.heard.gather("guest/button", 50, 10, since) if "sequence" in reading]
        numbers, stamps = [reading["sequence"] for reading in edges], [moment(reading) for reading in edges]
        whole = bool(edges) and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and stamps == sorted(stamps) and edges[-1]["value"] == 1
        self.report.claim("of a burst of 50 edges all that the kernel noted arrive, in order, the last with the line's state", whole,
                          f"{len(edges)} readings" + (f", numbers {numbers[0]} to {numbers[-1]}, within {stamps[-1] - stamps[0]:.3f} s" if edges else ""))

    def outputs(self):
        relay, lamp = Line(self.guest, "relay"), Line(self.guest, "lamp")
        self.report.claim("outputs are in their safe states from the start", (relay.value(), lamp.value()) == (0, 1), f"relay (safe: 0) {relay.value()}, lamp (safe: 1) {lamp.value()}")
        for line, name, value in ((relay, "relay", 1), (lamp, "lamp", 0)):
            since, began = self.heard.mark(), time.monotonic()
            answer = self.command(name, value)
            came = self.heard.wait(f"guest/{name}", lambda reading, wanted=value: reading.get("value") == wanted, PATIENCE, since)
            self.report.claim(f"the {name}'s line follows a command to {value}, and its state is told", came is not None and line.value() == value, f"line {line.value()}; the command's answer {json.dumps(answer)}; {shown(came)}")
            if came:
                self.report.figure(f"command for the {name} to its new state heard outside", f"{(came[0] - began) * 1000:.0f} ms")

        # Home Assistant's way: found by discovery, told by a plain topic.
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.ports[MQTT]), "-q", "1", "-t", "guest/relay/set", "-m", "OFF"], check=True, timeout=30)
        self.report.claim("the relay's line follows OFF on its plain topic", self.until(relay.value, lambda value: value == 0, PATIENCE) == 0, f"line {relay.value()}")
        self.command("relay", 1)

    def command(self, name, value):
        """As a command of the registry, which is one request over MQTT, HTTP or WebSocket."""
        return self.request("edge/commands", "send", body={"payload": {"value": value}}, application="sensors", device=name, command="set")

    # --- trouble ---------------------------------------------------------------------------------------------------------

    def faults(self):
        """A chip that vanishes and comes back, and one that holds its bus."""
        chip = self.chips[THERMOMETER]
        chip.present = False
        state = self.until(lambda: self.sensor("air"), lambda sensor: "fault" in sensor and sensor["fault"], PATIENCE)
        self.report.claim("a chip that vanishes is told in its sensor's state", state is not None, json.dumps(state or self.sensor("air"), ensure_ascii=False))
        chip.present, chip.celsius, since = True, 33.0, self.heard.mark()
        came = self.heard.wait("guest/air", lambda reading: reading.get("value") == 33.0, 90, since)
        self.report.claim("it is read again after it came back", came is not None, shown(came))

        hygrometer, since, began = self.chips[HYGROMETER], self.heard.mark(), time.monotonic()
        hygrometer.hang = 1.5
        self.guest.sh("sleep 8")
        hygrometer.hang = 0.0
        moments = [began] + [when for when, where, _ in self.heard.heard[since:] if where == "guest/stub"]
        widest = max(later - earlier for earlier, later in zip(moments, moments[1:])) if len(moments) > 1 else None
        self.report.claim("a chip that holds its bus for 1.5 s in each transfer delays no sensor of another bus", widest is not None and widest < 1.5,
                          f"{len(moments) - 1} readings of the stub's thermometer in 8 s" + (f", {widest:.2f} s apart at the most" if widest else ""))

    # --- changes -----------------------------------------------------------------------------------------------------------

    def registry(self):
        """A device that is disabled in the registry is silent, a wired one as well."""
        self.request("edge/devices", "disable", application="sensors", _id="stub")
        state = self.until(lambda: self.sensor("stub"), lambda sensor: "disabled in the registry" in (sensor["fault"] or ""), PATIENCE)
        since = self.heard.mark()
        self.guest.sh("sleep 2")
        silent = all(where != "guest/stub" for _, where, _ in self.heard.heard[since:])
        self.report.claim("a sensor whose device is disabled in the registry says so and tells nothing", state is not None and silent, json.dumps(state or self.sensor("stub"), ensure_ascii=False))
        self.request("edge/devices", "update", application="sensors", _id="stub", body={"spec": {"core": {"disabled": False}}})
        came = self.heard.wait("guest/stub", lambda _: True, PATIENCE, since)
        self.report.claim("it goes on when its device is enabled again", came is not None, shown(came))

    def reload(self):
        """The file is changed and read again by SIGHUP: one sensor more, one fewer, one output with another interval, all others the same."""
        relay, lamp = Line(self.guest, "relay"), Line(self.guest, "lamp")
        self.command("relay", 1)
        self.command("lamp", 0)
        sensors = [sensor for sensor in configured_sensors() if sensor["name"] != "power"]
        for sensor in sensors:
            if sensor["name"] == "lamp":
                sensor["interval"] = "5s"
        sensors.append({"name": "wave", "source": "simulated", "interval": f"{INTERVAL}ms", "topic": "guest/wave"})
        self.guest.sh(f"cat >/etc/kuzzle-edge/kuzzlerc <<'END'\n{configuration(sensors)}\nEND\necho >/sys/kernel/tracing/trace\nkill -HUP $(gateway pid)")
        came = self.heard.wait("guest/wave", lambda _: True, PATIENCE)
        self.report.claim("a sensor that the file has more is read after SIGHUP", came is not None, shown(came))
        names = [sensor["_id"] for sensor in self.request("edge/sensors", "list")["sensors"]]
        self.report.claim("one that it has no more is gone, and they are in the file's order", names == [sensor["name"] for sensor in sensors], ", ".join(names))
        back = self.until(lamp.value, lambda value: value == 1, PATIENCE)
        self.report.claim("an output whose definition has changed goes to its safe state and begins there", back == 1, f"lamp (safe: 1, commanded to 0) {lamp.value()}")
        notes = re.findall(rf"gpio_value: {self.base() + LINES.index('relay')} set (\d)", self.guest.sh("cat /sys/kernel/tracing/trace"))
        self.report.claim("an output whose definition is the same keeps the state of its last command", relay.value() == 1 and not notes, f"relay {relay.value()}; the kernel's trace: set {', '.join(notes) or 'nothing'}")
        self.command("lamp", 0)

        told = {topic: json.loads(payload) for topic, payload in self.retained("homeassistant/#")}
        via = {description["device"].get("via_device") for description in told.values()} - {None}
        identifiers = {identifier for description in told.values() for identifier in description["device"]["identifiers"]}
        self.report.claim("Home Assistant is told of the box, of the new sensor, and not of the one that is gone",
                          via == {"kuzzle_edge_guest"} and via <= identifiers and "kuzzle_edge_guest_wave" in identifiers and "kuzzle_edge_guest_power" not in identifiers, ", ".join(sorted(identifiers)))

    def retained(self, topics):
        """What is kept on these topics, as a client that comes now gets it."""
        said = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.ports[MQTT]), "-t", topics, "--retained-only", "-W", "5", "-F", "%t %p"],
                              capture_output=True, text=True, timeout=60).stdout
        return [line.split(" ", 1) for line in said.splitlines()]

    def metrics(self):
        told = {(metric["name"], *sorted(metric["tags"].items())): metric["value"] for metric in self.request("edge/system", "metrics")["metrics"] if metric["meter"] == "Kuzzle.Edge.Sensors"}
        age = told.get(("sensor.reading.age", ("device", "air")))
        self.report.claim("the metrics tell how old a sensor's last reading is, and how many sensors are well", age is not None and age < 30 and told.get(("sensor.count", ("status", "ok")), 0) >= 5,
                          f"age {age} s; " + ", ".join(f"{key[1][1]} {value:.0f}" for key, value in told.items() if key[0] == "sensor.count"))

    def base(self):
        return int(self.guest.sh("cat /sys/class/gpio/gpiochip*/base /sys/devices/platform/gpio-sim.0/gpio/gpiochip*/base 2>/dev/null | head -1"))

    # --- the process ---------------------------------------------------------------------------------------------------

    def memory(self):
        status = self.guest.sh("cat /proc/$(gateway pid)/status")
        resident, peak = (int(re.search(rf"{key}:\s+(\d+)", status).group(1)) / 1000 for key in ("VmRSS", "VmHWM"))
        self.report.figure("resident memory of the gateway", f"{resident:.0f} MB (peak {peak:.0f} MB) in a guest of 512 MiB")

    def stop(self):
        self.guest.sh("echo >/sys/kernel/tracing/trace")
        code = self.guest.sh("gateway stop", 90)
        self.report.claim("the gateway stops on SIGTERM", code == "0", f"exit code {code}")
        # gpio-sim lets a line that nobody holds follow its pull, so what was written last is seen only in the kernel's own notes.
        base = self.base()
        notes = self.guest.sh("cat /sys/kernel/tracing/trace")
        for name, safe in (("relay", 0), ("lamp", 1)):
            written = re.findall(rf"gpio_value: {base + LINES.index(name)} set (\d)", notes)
            self.report.claim(f"the {name}'s line returns to its safe state when the service stops", written[-1:] == [str(safe)],
                              f"the kernel's trace of the stop: set {', '.join(written) or 'nothing'} (it was {1 - safe})")
        free = self.guest.sh("cat /sys/kernel/debug/gpio 2>/dev/null || true")
        self.report.claim("no line is held any more", "kuzzle" not in free, "no consumer kuzzle-edge in the kernel's list" if "kuzzle" not in free else free)


def shown(came):
    """A message for the report."""
    return json.dumps(came[1], ensure_ascii=False) if came else "nothing came"


def moment(reading):
    """When it was by the guest's own clock, in seconds since its start. It has no time server, so its readings carry that clock."""
    return reading["clock"]["mono"] / 1000


def boot(arguments, folder, out):
    """The machine, started; what it is goes into the report."""
    root, versions = feed.tree(arguments.cache, arguments.mirror, arguments.release, arguments.fresh)
    modules = initramfs.Modules(root)
    for name in MODULES + AVAILABLE:
        modules.choose(name)
    lacking = [name for name in modules.lacking]
    if lacking:
        raise feed.Unavailable(f"the kernel {modules.version} of {arguments.release}-backports has no module {', '.join(lacking)}")

    def script(name):
        with open(os.path.join(HERE, name)) as text:
            return text.read(), 0o755

    with open(arguments.binary, "rb") as binary:
        files = {
            "init": script("init.sh"), "usr/sbin/gateway": script("gateway.sh"), "etc/hardware": (hardware(), 0o755),
            "etc/modules": ("\n".join(
                name + (" chip_addr=" + ",".join(f"{address:#x}" for address in STUB.values()) if name == "i2c-stub" else "") for name in MODULES) + "\n", 0o644),
            "etc/kuzzle-edge/kuzzlerc": (configuration(configured_sensors()), 0o600), "usr/bin/kuzzle-edge": (binary.read(), 0o755),
        }
    image = os.path.join(folder, "initramfs")
    initramfs.build(root, modules, files, image)

    forwards = "".join(f",hostfwd=tcp:127.0.0.1:0-:{port}" for port in (MQTT, HTTP))
    emulator = arguments.emulator
    out.fact("emulator", subprocess.run([emulator, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0])
    out.fact("guest", f"Debian {arguments.release}, kernel {modules.version}, libc6 {versions['libc6']}, 2 processors, 512 MiB, no KVM (TCG)")
    return machine.Machine([
        emulator, "-M", "q35", "-cpu", "max", "-accel", "tcg,thread=multi", "-smp", "2", "-m", "512", "-nodefaults",
        "-kernel", modules.kernel(root), "-initrd", image,
        # no_timer_check: an emulated processor that gets no time for a while looks like one whose timer is broken.
        "-append", "console=ttyS0 panic=-1 loglevel=5 no_timer_check",
        "-device", "piix3-usb-uhci", "-chardev", f"socket,id=usb,path={folder}/usb,server=on,wait=off", "-device", "usb-redir,chardev=usb",
        # restrict: the guest reaches nothing; only the forwarded ports reach the guest.
        "-netdev", f"user,id=net,restrict=on{forwards}", "-device", "virtio-net-pci,netdev=net,romfile="], folder)


def main():
    parser = argparse.ArgumentParser()
    for name in ("cache", "binary", "report", "emulator", "release"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--mirror")
    parser.add_argument("--fresh", action="store_true")
    arguments = parser.parse_args()

    # A signal ends the program like an exception, so that everything below is undone.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))

    out = report.Report("The gateway in a guest")
    folder = tempfile.mkdtemp(prefix="kuzzle-edge-guest.")
    guest = proof = usb = None
    try:
        guest = boot(arguments, folder, out)
        chips = {THERMOMETER: usbi2c.Tmp105(20.0), HYGROMETER: usbi2c.Aht20(21.5, 45.0)}
        usb = usbi2c.Adapter(os.path.join(folder, "usb"), chips)
        out.figure("QEMU's start to a guest with its hardware set up", f"{guest.wait_until_up(300):.1f} s")
        proof = Proof(guest, out, forwarded(guest), chips)
        proof.prove()
    except feed.Unavailable as lack:
        print(f"guest: skipped, {lack}")
        return 0
    except machine.GuestError as fault:
        out.claim("the guest does what it is told", False, str(fault))
    finally:
        if guest is not None and out.failed:
            tell(guest)
        if proof is not None and proof.heard is not None:
            proof.heard.close()
        if guest is not None:
            guest.kill()
        if usb is not None:
            usb.close()
        shutil.rmtree(folder, ignore_errors=True)

    os.makedirs(os.path.dirname(os.path.abspath(arguments.report)), exist_ok=True)
    out.write(arguments.report)
    print(f"{out.counts()}")
    return 1 if out.failed else 0


def forwarded(guest):
    """{port in the guest: port on this machine}, as QEMU chose them."""
    said = guest.qmp("human-monitor-command", **{"command-line": "info usernet"})
    found = re.findall(r"TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s+\S+\s+(\d+)", said)
    return {int(inside): int(outside) for outside, inside in found}


def tell(guest):
    """The last words of gateway and kernel, for whoever looks for the reason."""
    try:
        print("the gateway's log:\n" + guest.run("tail -40 /run/kuzzle-edge.log")[1])
    except machine.GuestError as fault:
        print(f"the gateway's log cannot be had: {fault}")
    with open(guest.console, errors="replace") as console:
        print("the console:\n" + "".join(console.readlines()[-30:]))


if __name__ == "__main__":
    sys.exit(main())
