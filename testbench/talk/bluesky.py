"""AT Protocol through the PDS; `app.bsky` reads go to the AppView."""

import datetime
import json
import os
import pathlib
import platform
import subprocess
import threading
import urllib.parse

import http_json
from network import Network

PASSWORD = "bench-password-1"
USERS = ("alice", "bob")


class Bluesky(Network):
    """The network of the bench; handles end in `.test`."""

    def _xrpc(self, method, name, user=None, base=None, query=None, body=None):
        address = f"{base or self.url}/xrpc/{name}"
        if query:
            address += "?" + urllib.parse.urlencode(query)
        headers = http_json.bearer(self._session(user)["accessJwt"]) if user else None
        return http_json.call(method, address, body=body, headers=headers)

    def _session(self, user):
        body = {"identifier": f"{user}.test", "password": PASSWORD}
        return http_json.call("POST", f"{self.url}/xrpc/com.atproto.server.createSession", body=body)

    def accounts(self):
        dids, app_passwords = {}, {}
        for user in USERS:
            account = {"handle": f"{user}.test", "email": f"{user}@test.local", "password": PASSWORD}
            dids[user] = self._xrpc("POST", "com.atproto.server.createAccount", body=account)["did"]
            app_passwords[user] = self._xrpc(
                "POST", "com.atproto.server.createAppPassword", user=user, body={"name": "bench"}
            )["password"]
        self.state = {"dids": dids}
        self.save()
        found = {}
        for user in USERS:
            prefix = "" if user == "alice" else "BOB_"
            found[f"{prefix}HANDLE"] = f"{user}.test"
            found[f"{prefix}DID"] = dids[user]
            found[f"{prefix}APP_PASSWORD"] = app_passwords[user]
        return found

    def _record(self, text):
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"$type": "app.bsky.feed.post", "text": text, "createdAt": now, "langs": ["es"]}

    def post(self, text, user="alice", reply_to=None):
        record = self._record(text)
        if reply_to:
            parent = self._get(reply_to)
            link = {"uri": parent["uri"], "cid": parent["cid"]}
            record["reply"] = {"root": parent["value"].get("reply", {}).get("root", link), "parent": link}
        body = {"repo": self.state["dids"][user], "collection": "app.bsky.feed.post", "record": record}
        return self._xrpc("POST", "com.atproto.repo.createRecord", user=user, body=body)["uri"]

    @staticmethod
    def _parts(uri):
        repo, collection, rkey = uri.removeprefix("at://").split("/")
        return {"repo": repo, "collection": collection, "rkey": rkey}

    def _get(self, uri):
        return self._xrpc("GET", "com.atproto.repo.getRecord", query=self._parts(uri))

    def edit(self, native_id, text, user="alice"):
        # The protocol and the firehose know updates of posts; Bluesky's own AppView ignores them.
        record = {**self._get(native_id)["value"], "text": text}
        self._xrpc("POST", "com.atproto.repo.putRecord", user=user, body={**self._parts(native_id), "record": record})

    def delete(self, native_id, user="alice"):
        self._xrpc("POST", "com.atproto.repo.deleteRecord", user=user, body=self._parts(native_id))

    def sees(self, native_id):
        appview = f"http://127.0.0.1:{self.port + 1}"
        posts = self._xrpc("GET", "app.bsky.feed.getPosts", base=appview, query={"uris": native_id})["posts"]
        return posts[0]["record"]["text"] if posts else None

    def sees_edit(self, native_id):
        return self._get(native_id)["value"]["text"]

    def check_more(self, wait_for, say):
        # This AppView searches for the letters as written: case and accents count.
        uri = self.post("Acme se busca con acentos: Café Ñandú")
        appview = f"http://127.0.0.1:{self.port + 1}"

        def found():
            query = {"q": "Ñandú", "sort": "latest"}
            posts = self._xrpc("GET", "app.bsky.feed.searchPosts", base=appview, query=query)["posts"]
            return any(post["uri"] == uri for post in posts)

        say("search", wait_for(found))


class Jetstream(Bluesky):
    """The same network, heard through the shim by @skyware/jetstream, a client that is not ours."""

    def __init__(self, name, port_offset):
        super().__init__("bluesky", port_offset)
        self.name = name
        self._clients = []

    def listen(self, cursor=None):
        """Collects (kind, id) from now on, or from the cursor on, by a client process."""
        bench = pathlib.Path(os.environ["ATALAYA_BENCH_DIR"])
        kind = "arm64" if platform.machine() == "aarch64" else "x64"
        node = bench / "node22" / "node_modules" / f"node-linux-{kind}" / "bin" / "node"
        command = [node, "listen.mjs", f"ws://127.0.0.1:{self.port + 6}/subscribe"]
        if cursor is not None:
            command.append(str(cursor))
        client = subprocess.Popen(command, cwd=bench / "bluesky" / "node", stdout=subprocess.PIPE, text=True)
        self._clients.append(client)
        heard = []
        opened = threading.Event()

        def read():
            for line in client.stdout:
                if line.startswith("OPEN"):
                    opened.set()
                else:
                    heard.append(tuple(json.loads(line)))

        threading.Thread(target=read, daemon=True).start()
        if not opened.wait(30):
            client.kill()
            raise SystemExit("bench: error: the Jetstream client could not connect")
        return heard

    def check_more(self, wait_for, say):
        post = self.post("Acme: se oye de nuevo")
        say("post before the replay is seen", wait_for(lambda: self.sees(post)))
        replayed = self.listen(cursor=1)
        say("replay from a cursor", wait_for(lambda: ("post", post) in replayed))
        for client in self._clients:
            client.terminate()
