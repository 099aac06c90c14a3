"""Pulls the plug of a board under write load, again and again; everything that was acknowledged must be there after each start."""
import argparse
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "guest"))
from board import Board, BoardError, Disk  # noqa: E402
from gateway import Gateway, GatewayError  # noqa: E402
from mqtt import Client, MqttError  # noqa: E402
from report import Report  # noqa: E402

ADMIN, PASSWORD = "admin", "a password of the cuts"
INDEX, COLLECTION, KEEPER, TOPIC = "cuts", "load", "keeper", "cuts/load"
WRITERS = 3  # of documents, and as many of messages

OWNER = {
    "hostname": "cuts",
    "admin": {"name": ADMIN, "password": PASSWORD},
    "settings": {"server": {"protocols": {"mqtt": {
        "listeners": [{"profile": "open", "port": 1884, "allowAnonymous": True}],
        "maxQueuedMessages": 1_000_000,  # however fast this machine is, none may be dropped for want of room
    }}}},
}


class Load:
    """Writers that note on this side of the plug what was acknowledged. What was under way when the power went may be there or not."""

    def __init__(self, board, token, turn):
        self.board, self.token, self.turn = board, token, turn
        self.documents, self.messages = [], []  # acknowledged
        self.tried = set()  # messages that were sent at all
        self.over = threading.Event()
        self.writers = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(WRITERS) for work in (self._documents, self._messages)]

    def __enter__(self):
        for writer in self.writers:
            writer.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for writer in self.writers:
            writer.join(90)

    def _documents(self, writer):
        gateway = Gateway(self.board.ports[7512], seconds=60)
        gateway.token = self.token
        number = 0
        while not self.over.is_set():
            number += 1
            name = f"{self.turn}-{writer}-{number}"
            try:
                gateway.must("document", "create", index=INDEX, collection=COLLECTION, _id=name, body={"turn": self.turn, "number": number, "text": "x" * 200})
            except GatewayError:
                if self.over.wait(0.2):
                    return
                continue
            self.documents.append(name)
        gateway.close()

    def _messages(self, writer):
        client, number = None, 0
        while not self.over.is_set():
            number += 1
            name = f"{self.turn}-{writer}-{number}"
            try:
                client = client or Client(self.board.ports[1884], f"writer-{self.turn}-{writer}", seconds=60)
                self.tried.add(name)
                client.publish(TOPIC, name.encode())
            except MqttError:
                client = None
                if self.over.wait(0.2):
                    return
                continue
            self.messages.append(name)


class Cuts:
    def __init__(self, image, folder, report, patience, rounds, seed):
        self.folder, self.report, self.patience, self.rounds = folder, report, patience, rounds
        self.chance = random.Random(seed)
        self.disk = Disk(image, folder, 4096)
        self.documents, self.owed, self.tried = set(), set(), set()
        self.lost, self.starts, self.work, self.wrong = [], [], [], []
        self.pulled = self.checked = self.taken = 0
        self.stopped = False
        self.seen = set()  # documents that were there after a cut
        source = os.path.join(folder, "kuzzle-edge.json")
        with open(source, "w") as out:
            json.dump(OWNER, out)
        self.disk.put(source, "kuzzle-edge.json")

    def run(self):
        try:
            for turn in range(self.rounds + 1):  # the last start only looks
                self.round(turn)
        except KeyboardInterrupt:
            self.stopped = True
            print(f"stopped by hand after {self.pulled} cuts", flush=True)
        finally:
            self.conclude()

    def round(self, turn):
        with Board(self.disk, self.folder) as board:
            gateway = self.start(board, turn)
            self.check(board, gateway, turn)
            if turn == self.rounds:
                return
            self.cut(board, gateway, turn)
            self.pulled += 1
        wrong = self.disk.check_data(self.folder)
        if wrong:
            self.wrong.append(f"after cut {turn + 1}: {wrong}")
            print(self.wrong[-1], flush=True)

    def conclude(self):
        times = sorted(self.starts)
        if times:
            self.report.figure("power-on to an answer", f"{times[0]:.0f} s at the least, {times[len(times) // 2]:.0f} s in the middle, {times[-1]:.0f} s at the most ({len(times)} starts); "
                               f"in the middle {sorted(self.work)[len(times) // 2]:.0f} s of processor time")
        self.report.figure("acknowledged before a cut and looked for after it", f"{len(self.seen)} documents, {self.taken} messages of QoS 1 to a session that was away")
        self.report.claim(f"{self.pulled} times the plug was pulled, and nothing that was acknowledged was lost", self.checked > 1 and not self.lost, "; ".join(self.lost) or f"{self.checked} starts looked")
        self.report.claim("the file system was clean each time", not self.wrong, "; ".join(self.wrong) or "e2fsck had nothing to say")
        self.report.claim("every start came to its end", len(self.starts) == self.pulled + 1 or self.stopped, f"{len(self.starts)} starts")

    def start(self, board, turn):
        gateway = Gateway(board.ports[7512], seconds=60)

        def login():
            try:
                gateway.login(ADMIN, PASSWORD)
                return True
            except GatewayError:
                gateway.close()
                return False

        board.wait("login", login, self.patience, 2)
        self.starts.append(board.seconds())
        self.work.append(board.processor_seconds())
        if turn == 0:
            gateway.must("index", "create", index=INDEX)
            gateway.must("collection", "create", index=INDEX, collection=COLLECTION, body={})
            keeper = Client(board.ports[1884], KEEPER, clean=False)
            keeper.subscribe(TOPIC)
            keeper.close()
        return gateway

    def check(self, board, gateway, turn):
        """What was acknowledged in any turn so far: the documents all, the messages those that the keeper has not had yet."""
        names = sorted(self.documents)
        for at in range(0, len(names), 200):
            asked = names[at:at + 200]
            found = gateway.must("document", "mGet", index=INDEX, collection=COLLECTION, body={"ids": asked})
            there = {document["_id"] for document in found["successes"]}
            missing = set(asked) - there
            self.seen |= there
            if missing:
                self.miss(turn, f"documents {sorted(missing)[:10]} ({len(missing)})")

        keeper = Client(board.ports[1884], KEEPER, clean=False)
        if not keeper.present:
            self.miss(turn, "the keeper's session")
            keeper.subscribe(TOPIC)
        waiting = set(self.owed)
        while True:
            payload = keeper.receive(60 if waiting else 3)
            if payload is None:
                break
            name = payload.decode()
            if name not in self.tried:
                self.miss(turn, f"a message {name!r} that nobody sent")
            waiting.discard(name)
        keeper.close()
        if waiting:
            self.miss(turn, f"messages {sorted(waiting)[:10]} ({len(waiting)})")
        self.taken += len(self.owed) - len(waiting)
        self.owed = set()
        self.checked += 1

    def miss(self, turn, what):
        self.lost.append(f"start {turn + 1}: {what}")
        print(f"LOST  {self.lost[-1]}", flush=True)

    def cut(self, board, gateway, turn):
        seconds = self.chance.uniform(3, 20)
        with Load(board, gateway.token, turn) as load:
            began = time.monotonic()
            # Under load from the first acknowledgement on; a slow machine may take a while to come to it.
            board.wait("load", lambda: load.documents and load.messages, self.patience + board.seconds(), 0.1)
            time.sleep(seconds)
            board.pull_plug()
            took = time.monotonic() - began
        self.documents.update(load.documents)
        self.owed.update(load.messages)
        self.tried.update(load.tried)
        print(f"cut {turn + 1}: start {self.starts[-1]:.0f} s, {self.work[-1]:.0f} s of processor time; {len(load.documents)} documents, {len(load.messages)} messages in {took:.1f} s", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--image", required=True)
    parser.add_argument("--report", required=True)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--patience", type=int, default=900)
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # What was seen until then is reported.
    report = Report("Power cuts")
    report.fact("image", os.path.basename(arguments.image))
    os.makedirs(os.path.dirname(os.path.abspath(arguments.report)), exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="kuzzle-edge-cuts-", dir=os.path.dirname(os.path.abspath(arguments.report))) as folder:
            Cuts(arguments.image, folder, report, arguments.patience, arguments.rounds, arguments.seed).run()
    except (BoardError, GatewayError, MqttError) as fault:
        report.claim("the cuts come to their end", False, str(fault))
    report.write(arguments.report)
    print(f"test-power-cuts: {report.counts()}")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
