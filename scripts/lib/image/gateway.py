"""The gateway's API from outside, over HTTP."""
import http.client
import json


class GatewayError(Exception):
    """No answer, or one that is none."""


class Gateway:
    """One caller with one connection, which it opens anew when it must."""

    def __init__(self, port, seconds=60):
        self.port, self.seconds = port, seconds
        self.connection = None
        self.token = None

    def ask(self, controller, action, **rest):
        """The whole answer: status, error, result."""
        request = {"controller": controller, "action": action, **rest}
        if self.token:
            request["jwt"] = self.token
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
            self.connection.request("POST", "/_query", json.dumps(request), {"Content-Type": "application/json"})
            return json.loads(self.connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as fault:
            self.close()
            raise GatewayError(f"{controller}:{action}: {fault!r}") from fault

    def must(self, controller, action, **rest):
        """The result of what must succeed."""
        answer = self.ask(controller, action, **rest)
        if answer["status"] not in (200, 201):
            raise GatewayError(f"{controller}:{action}: {json.dumps(answer.get('error'))}")
        return answer["result"]

    def login(self, name, password):
        """From now on this user's rights."""
        self.token = None
        self.token = self.must("auth", "login", strategy="local", body={"username": name, "password": password}, expiresIn="1d")["jwt"]

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
