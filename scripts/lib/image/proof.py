"""Boots the image as its owner would, from the first power-on to a reboot, and looks from outside at what it does."""
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "guest"))
from board import Board  # noqa: E402
from box import STUB, BoxProof  # noqa: E402
from gateway import Gateway  # noqa: E402
from mqtt import Client  # noqa: E402

ADMIN, PASSWORD = "admin", "a password of the proof"
CODE = re.compile(r'"claimCode": "([A-Z0-9]{4}-[A-Z0-9]{4})"')

# What an owner writes who wants a sensor and a plain broker beside Kuzzle's.
OWNER = """
hostname = "pump-house"
timezone = "Europe/Paris"

[ssh]
keys = ["{key}"]

[[sensors]]
name = "board"
source = "hwmon"
chip = "lm75"
interval = "1s"
topic = "board/temperature"

[[settings.server.protocols.mqtt.listeners]]
profile = "open"
port = 1884
allowAnonymous = true
"""


class Proof(BoxProof):
    def run(self):
        with Board(self.disk, self.folder, self.key, self.cable) as board:
            self.fresh(board)
        self.provision()
        with Board(self.disk, self.folder, self.key, self.cable) as board:
            self.provisioned(board)
            self.reboot(board)

    # --- a box that nobody has told anything ------------------------------------------------------------------------------

    def fresh(self, board):
        self.first_connack(board, "first start")
        gateway = Gateway(board.ports[7512])
        answer = gateway.ask("server", "now")
        self.report.claim("a fresh box serves nothing to strangers", answer["status"] == 401, f"server:now: {answer['status']}")
        person = {"content": {}, "credentials": {"local": {"username": ADMIN, "password": PASSWORD}}}
        answer = gateway.ask("security", "createFirstAdmin", _id=ADMIN, body=person)
        self.report.claim("nor does it belong to whoever comes first", answer["status"] == 401, answer["error"]["message"])
        code = board.wait("claim code on the console", lambda: CODE.findall(board.screen()), self.patience)[-1]
        self.report.claim("its console says how to claim it", True, f"claimCode {code}")
        answer = gateway.ask("security", "createFirstAdmin", _id=ADMIN, body={**person, "claimCode": code})
        self.report.claim("with the code it gets its administrator", answer["status"] == 200, json.dumps(answer["error"]))
        code, said = subprocess.getstatusoutput(f"ssh -p {board.ports[22]} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes root@127.0.0.1 true")
        self.found(board, "kuzzle-edge")
        self.report.claim("nobody without a key logs in", code != 0 and "publickey" in said and "password" not in said.split("(")[-1], said.splitlines()[-1])
        gateway.login(ADMIN, PASSWORD)
        gateway.must("index", "create", index="plant")
        gateway.must("collection", "create", index="plant", collection="pumps", body={})
        gateway.must("document", "create", index="plant", collection="pumps", _id="first", body={"rpm": 1200})
        board.press_power_button(self.patience)
        self.report.claim("the power button shuts it down", True, f"after {board.seconds():.0f} s in all")

    # --- the owner's file -------------------------------------------------------------------------------------------------

    def provision(self):
        with open(self.key + ".pub") as key:
            text = OWNER.format(key=key.read().strip())
        source = os.path.join(self.folder, "kuzzle-edge.toml")
        with open(source, "w") as out:
            out.write(text)
        self.disk.put(source, "kuzzle-edge.toml")

    def provisioned(self, board):
        self.first_connack(board, "second start, with the owner's file")
        board.wait("SSH", lambda: self.try_ssh(board), self.patience)
        self.running(board)
        self.is_same("the box has the name that its owner wrote", board.sh("hostname"), "pump-house")
        self.is_same("and its time zone", board.sh("date +%Z"), "CET")
        self.report.claim("the owner's file is gone from the card", self.on_card(board, "kuzzle-edge.toml") == "", self.on_card(board, "kuzzle-edge.txt"))

        self.system(board)
        self.found(board, "pump-house")
        self.memory(board)
        self.messages(board)
        self.sensor(board)

    def memory(self, board):
        used = board.sh("free -m | awk '/^Mem/ { print $3 \" of \" $2 }'")
        gateway = board.sh("systemctl show kuzzle-edge --property MemoryCurrent --value")
        self.report.figure("memory used", f"{used} MB; the gateway's group {int(gateway) // 1_000_000} MB")
        self.report.figure("the gateway's own start", board.sh("journalctl -b -u kuzzle-edge -o cat | grep -o 'Ready after [0-9]* ms' | tail -1"))

    # --- what it is for ---------------------------------------------------------------------------------------------------

    def messages(self, board):
        port = str(board.ports[1884])
        heard = subprocess.Popen(["mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-t", "proof/#", "-C", "1", "-W", "120", "-v"], stdout=subprocess.PIPE, text=True)
        time.sleep(5)
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-t", "proof/pump", "-m", "on"], check=True, timeout=120)
        self.is_same("a message goes round from mosquitto_pub to mosquitto_sub", heard.communicate(timeout=150)[0].strip(), "proof/pump on")
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-r", "-t", "kept/state", "-m", "42"], check=True, timeout=120)

        gateway = Gateway(board.ports[7512])
        gateway.login(ADMIN, PASSWORD)
        found = gateway.must("document", "get", index="plant", collection="pumps", _id="first")
        self.report.claim("the document of the first start is there", found["_source"]["rpm"] == 1200, json.dumps(found["_source"]))
        gateway.must("document", "create", index="plant", collection="pumps", _id="second", body={"rpm": 900})

    def sensor(self, board):
        bus = self.thermometer(board)
        for celsius, word in ((23.5, 0x8017), (-10.0, 0x00F6)):
            board.sh(f"i2cset -y -f {bus} {STUB:#x} 0 {word:#x} w")
            heard = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(board.ports[1884]), "-t", "board/temperature", "-W", "180"] + ["-C", "8"],
                                   capture_output=True, text=True, timeout=240).stdout.split("\n")
            values = [json.loads(line).get("value") for line in heard if line.startswith("{")]
            self.report.claim(f"{celsius} °C in a thermometer's registers arrive as an MQTT message", celsius in values, str(values))

    # --- again ------------------------------------------------------------------------------------------------------------

    def reboot(self, board):
        self.restart(board)
        self.first_connack(board, "after a reboot, shutting down included")
        self.is_same("and its name", board.sh("hostname"), "pump-house")
        gateway = Gateway(board.ports[7512])
        gateway.login(ADMIN, PASSWORD)
        count = gateway.must("document", "count", index="plant", collection="pumps")["count"]
        self.report.claim("and its documents", count == 2, f"{count} documents")
        kept = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-p", str(board.ports[1884]), "-t", "kept/state", "-C", "1", "-W", "120"], capture_output=True, text=True, timeout=180)
        self.is_same("and its retained messages", kept.stdout.strip(), "42")
        self.logs(board, 3)
        state = board.run("systemctl is-system-running --wait", 600)[1]
        self.is_same("systemd calls the system running again", state, "running")
        board.press_power_button(self.patience)
        self.clean()


if __name__ == "__main__":
    Proof.main("The image, booted", patience=900)
