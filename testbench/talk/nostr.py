"""Nostr: signed events over a WebSocket (NIP-01, NIP-09, NIP-10).

Keys are fixed, derived from the user's name, so that a test knows its authors beforehand. Runs in the
relay's own virtual environment, which has `coincurve` (signatures) and `websockets`.
"""

import hashlib
import json
import threading
import time

from network import Network, Unsupported


def secret_key(user):
    return hashlib.sha256(f"atalaya bench {user}".encode()).digest()


def public_key(user):
    import coincurve

    return coincurve.PrivateKey(secret_key(user)).public_key.format()[1:].hex()


class Nostr(Network):
    """A post is an event of kind 1, a deletion one of kind 5; events are never changed."""

    streams = ("post", "delete")

    def __init__(self, name, port_offset):
        super().__init__(name, port_offset)
        self.url = f"ws://127.0.0.1:{self.port}"

    def accounts(self):
        found = {}
        for user in ("alice", "bob"):
            prefix = "" if user == "alice" else "BOB_"
            found[f"{prefix}PUBLIC_KEY"] = public_key(user)
            found[f"{prefix}SECRET_KEY"] = secret_key(user).hex()
        return found

    def _connect(self):
        from websockets.sync.client import connect

        return connect(self.url, proxy=None, open_timeout=30)

    def _publish(self, user, kind, content, tags):
        import coincurve

        event = [0, public_key(user), int(time.time()), kind, tags, content]
        digest = hashlib.sha256(json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()).digest()
        signed = {
            "id": digest.hex(),
            "pubkey": event[1],
            "created_at": event[2],
            "kind": kind,
            "tags": tags,
            "content": content,
            "sig": coincurve.PrivateKey(secret_key(user)).sign_schnorr(digest).hex(),
        }
        with self._connect() as socket:
            socket.send(json.dumps(["EVENT", signed]))
            while True:
                answer = json.loads(socket.recv(timeout=30))
                if answer[0] == "OK" and answer[1] == signed["id"]:
                    break
        if not answer[2]:
            raise SystemExit(f"the relay refused the event: {answer[3]}")
        return signed["id"]

    def _find(self, native_id):
        with self._connect() as socket:
            socket.send(json.dumps(["REQ", "find", {"ids": [native_id]}]))
            while True:
                answer = json.loads(socket.recv(timeout=30))
                if answer[0] == "EVENT":
                    return answer[2]
                if answer[0] == "EOSE":
                    return None

    def post(self, text, user="alice", reply_to=None):
        tags = [["t", word.lstrip("#").lower()] for word in text.split() if word.startswith("#")]
        if reply_to:
            parent = self._find(reply_to)
            tags += [["e", reply_to, self.url, "reply"], ["p", parent["pubkey"]]]
        return self._publish(user, 1, text, tags)

    def edit(self, native_id, text, user="alice"):
        raise Unsupported("a Nostr note cannot be edited: its id is the hash of its text")

    def delete(self, native_id, user="alice"):
        self._publish(user, 5, "", [["e", native_id], ["k", "1"]])

    def sees(self, native_id):
        event = self._find(native_id)
        return event["content"] if event else None

    def listen(self):
        """Collects (kind, id) of new events from now on, in a thread of its own."""
        heard = []
        socket = self._connect()
        socket.send(json.dumps(["REQ", "listen", {"kinds": [1, 5], "since": int(time.time())}]))
        while json.loads(socket.recv(timeout=30))[0] != "EOSE":
            pass

        def read():
            for message in socket:
                answer = json.loads(message)
                if answer[0] != "EVENT":
                    continue
                event = answer[2]
                if event["kind"] == 1:
                    heard.append(("post", event["id"]))
                else:
                    heard.extend(("delete", tag[1]) for tag in event["tags"] if tag[0] == "e")

        threading.Thread(target=read, daemon=True).start()
        return heard
