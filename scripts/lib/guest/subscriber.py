"""mosquitto_sub on this machine, outside the guest: what it hears, and when."""
import json
import subprocess
import threading
import time


class Subscriber:
    """One mosquitto_sub process. Everything it hears is kept in order."""

    def __init__(self, port, topic):
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-q", "1", "-t", topic, "-F", "%t %p", "-k", "30"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.heard = []  # (time.monotonic(), topic, payload)
        self.news = threading.Condition()
        self.ended = None
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            topic, _, payload = line.rstrip("\n").partition(" ")
            try:
                payload = json.loads(payload)
            except ValueError:
                pass  # A payload that is no JSON is kept as its text.
            with self.news:
                self.heard.append((time.monotonic(), topic, payload))
                self.news.notify_all()
        with self.news:
            self.ended = self.process.stderr.read().strip() or "closed"
            self.news.notify_all()

    def mark(self):
        """Where the next message will stand; what was heard before can be left out of a search."""
        with self.news:
            return len(self.heard)

    def wait(self, topic, wanted, seconds, since=0):
        """The first message on a topic, from a mark on, that is wanted: (when, payload); None when it does not come in time."""
        deadline = time.monotonic() + seconds
        with self.news:
            at = since
            while True:
                while at < len(self.heard):
                    when, where, payload = self.heard[at]
                    at += 1
                    if where == topic and wanted(payload):
                        return when, payload
                left = deadline - time.monotonic()
                if left <= 0 or self.ended is not None:
                    return None
                self.news.wait(left)

    def gather(self, topic, count, seconds, since=0):
        """The payloads on a topic from a mark on, as soon as there are so many; fewer when they do not come in time."""
        deadline = time.monotonic() + seconds
        with self.news:
            while True:
                found = [payload for _, where, payload in self.heard[since:] if where == topic]
                left = deadline - time.monotonic()
                if len(found) >= count or left <= 0 or self.ended is not None:
                    return found
                self.news.wait(left)

    def last(self, topic):
        with self.news:
            return next((payload for _, where, payload in reversed(self.heard) if where == topic), None)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
