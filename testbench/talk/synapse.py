"""Matrix: messages in the public room #acme:localhost."""

import threading
import urllib.parse
import uuid

import http_json
from network import Network

PASSWORD = "bench-password-1"
ALIAS = "#acme:localhost"


class Synapse(Network):
    """Alice makes the room, bob joins; a post is a message."""

    def _call(self, method, path, user=None, body=None, query=None):
        address = f"{self.url}/_matrix/client/v3/{path}"
        if query:
            address += "?" + urllib.parse.urlencode(query)
        headers = http_json.bearer(self.state["tokens"][user]) if user else None
        return http_json.call(method, address, body=body, headers=headers)

    def accounts(self):
        self.state = {"tokens": {}}
        for user in ("alice", "bob"):
            body = {"username": user, "password": PASSWORD, "auth": {"type": "m.login.dummy"}}
            self.state["tokens"][user] = self._call("POST", "register", body=body)["access_token"]
        room = {"preset": "public_chat", "room_alias_name": "acme", "name": "Café Acme"}
        self.state["room"] = self._call("POST", "createRoom", "alice", room)["room_id"]
        self._call("POST", f"join/{urllib.parse.quote(ALIAS)}", "bob", {})
        self.save()
        return {
            "USER_ID": "@alice:localhost",
            "TOKEN": self.state["tokens"]["alice"],
            "BOB_TOKEN": self.state["tokens"]["bob"],
            "ROOM_ID": self.state["room"],
            "ROOM_ALIAS": ALIAS,
        }

    def _room(self, rest):
        return f"rooms/{urllib.parse.quote(self.state['room'])}/{rest}"

    def _send(self, user, content):
        path = self._room(f"send/m.room.message/{uuid.uuid4().hex}")
        return self._call("PUT", path, user, content)["event_id"]

    def post(self, text, user="alice", reply_to=None):
        content = {"msgtype": "m.text", "body": text}
        if reply_to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return self._send(user, content)

    def edit(self, native_id, text, user="alice"):
        relation = {"rel_type": "m.replace", "event_id": native_id}
        new = {"msgtype": "m.text", "body": text}
        self._send(user, {"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation})

    def delete(self, native_id, user="alice"):
        event = urllib.parse.quote(native_id)
        self._call("PUT", self._room(f"redact/{event}/{uuid.uuid4().hex}"), user, {"reason": "bench"})

    def sees(self, native_id):
        event = self._call("GET", self._room(f"event/{urllib.parse.quote(native_id)}"), "bob")
        return event["content"].get("body")

    def sees_edit(self, native_id):
        # An edit is an event of its own that replaces the first one's content.
        path = self._room(f"relations/{urllib.parse.quote(native_id)}/m.replace")
        address = f"{self.url}/_matrix/client/v1/{path}"
        edits = http_json.call("GET", address, headers=http_json.bearer(self.state["tokens"]["bob"]))["chunk"]
        return edits[0]["content"]["m.new_content"]["body"] if edits else self.sees(native_id)

    def listen(self):
        """Collects (kind, id) by long polling from now on, in a thread of its own."""
        heard = []
        since = self._call("GET", "sync", "bob", query={"timeout": 0})["next_batch"]

        def read(since):
            while True:
                answer = self._call("GET", "sync", "bob", query={"since": since, "timeout": 10_000})
                since = answer["next_batch"]
                room = answer.get("rooms", {}).get("join", {}).get(self.state["room"], {})
                for event in room.get("timeline", {}).get("events", []):
                    relation = event["content"].get("m.relates_to", {})
                    if event["type"] == "m.room.redaction":
                        heard.append(("delete", event.get("redacts") or event["content"].get("redacts")))
                    elif relation.get("rel_type") == "m.replace":
                        heard.append(("edit", relation["event_id"]))
                    elif event["type"] == "m.room.message":
                        heard.append(("post", event["event_id"]))

        threading.Thread(target=read, args=(since,), daemon=True).start()
        return heard
