"""Mastodon's API as snac and mastodon_mock speak it."""

import base64
import html
import json
import re
import threading
import time
import urllib.parse

import http_json
from network import Network

PASSWORD = "bench-password-1"
REDIRECT = "http://127.0.0.1/callback"


def plain(content):
    """The text of a status's HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br\s*/?>|</p>", "\n", content))).strip()


class Mastodon(Network):
    """The verbs that both servers share; a user's token is in the state."""

    def _header(self, user):
        return http_json.bearer(self.state["tokens"][user])

    def post(self, text, user="alice", reply_to=None):
        body = {"status": text, "visibility": "public"}
        if reply_to:
            body["in_reply_to_id"] = reply_to
        return http_json.call("POST", f"{self.url}/api/v1/statuses", body=body, headers=self._header(user))["id"]

    def edit(self, native_id, text, user="alice"):
        http_json.call("PUT", f"{self.url}/api/v1/statuses/{native_id}", body={"status": text}, headers=self._header(user))

    def delete(self, native_id, user="alice"):
        http_json.call("DELETE", f"{self.url}/api/v1/statuses/{native_id}", headers=self._header(user))

    def sees(self, native_id):
        page = http_json.call("GET", f"{self.url}/api/v1/timelines/public?limit=40", headers=self._header("bob"))
        return next((plain(status["content"]) for status in page if status["id"] == native_id), None)


class Snac(Mastodon):
    """snac2: tokens by the authorization-code flow, deletion by the form of its web page."""

    def accounts(self):
        second = f"http://127.0.0.1:{self.port + 1}"
        self.state = {
            "tokens": {user: self._log_in(self.url, 1, user) for user in ("alice", "bob")},
            "second_tokens": {"alice": self._log_in(second, 2, "alice")},
        }
        self.save()
        tokens = self.state["tokens"]
        return {
            "TOKEN": tokens["alice"],
            "BOB_TOKEN": tokens["bob"],
            "SECOND_TOKEN": self.state["second_tokens"]["alice"],
        }

    def _password(self, number, user):
        return (self.run / f"password.{number}.{user}").read_text().strip()

    def _log_in(self, url, number, user):
        app = http_json.call(
            "POST",
            f"{url}/api/v1/apps",
            form={"client_name": "bench", "redirect_uris": REDIRECT, "scopes": "read write follow"},
        )
        asked = {
            "client_id": app["client_id"],
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": "read write follow",
            "state": "bench",
        }
        page = http_json.text("GET", f"{url}/oauth/authorize?{urllib.parse.urlencode(asked)}")
        hidden = {}
        for field in re.findall(r"<input[^>]+>", page):
            name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
            if name and value:
                hidden[name.group(1)] = html.unescape(value.group(1))
        form = {**hidden, "login": user, "passwd": self._password(number, user)}
        with http_json.open_url("POST", f"{url}/oauth/x-snac-login", form=form) as answer:
            target = urllib.parse.urlparse(answer.headers["location"])
        token = http_json.call(
            "POST",
            f"{url}/oauth/token",
            form={
                "grant_type": "authorization_code",
                "code": urllib.parse.parse_qs(target.query)["code"][0],
                "client_id": app["client_id"],
                "client_secret": app["client_secret"],
                "redirect_uri": REDIRECT,
            },
        )
        return token["access_token"]

    def delete(self, native_id, user="alice"):
        # The API has no DELETE (404); the server's own page has a button. A post that another local user
        # has answered stays visible even so: snac keeps what a timeline still refers to.
        status = http_json.call("GET", f"{self.url}/api/v1/statuses/{native_id}", headers=self._header(user))
        basic = base64.b64encode(f"{user}:{self._password(1, user)}".encode()).decode()
        with http_json.open_url(
            "POST",
            f"{self.url}/{user}/admin/action",
            form={"id": status["uri"], "action": "Delete"},
            headers={"authorization": f"Basic {basic}"},
        ):
            pass

    def check_more(self, wait_for, say):
        text = f"Acme federa con otro servidor {time.time_ns()}"
        native_id = self.post(text)
        header = http_json.bearer(self.state["second_tokens"]["alice"])

        def arrived():
            home = http_json.call("GET", f"http://127.0.0.1:{self.port + 1}/api/v1/timelines/home?limit=20", headers=header)
            return any(plain(status["content"]) == text for status in home)

        say("federation to the second instance", wait_for(arrived))
        self.delete(native_id)
        say("federation of the deletion", wait_for(lambda: not arrived()))


class MastodonMock(Mastodon):
    """mastodon_mock: accounts by registration, streaming over server-sent events."""

    def accounts(self):
        app = http_json.call(
            "POST",
            f"{self.url}/api/v1/apps",
            form={"client_name": "bench", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read write follow push"},
        )
        granted = http_json.call(
            "POST",
            f"{self.url}/oauth/token",
            form={
                "grant_type": "client_credentials",
                "client_id": app["client_id"],
                "client_secret": app["client_secret"],
                "scope": "read write follow push",
                "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
            },
        )
        tokens = {}
        for user in ("alice", "bob"):
            account = {
                "username": user,
                "email": f"{user}@test.local",
                "password": PASSWORD,
                "agreement": "true",
                "locale": "es",
            }
            answer = http_json.call(
                "POST", f"{self.url}/api/v1/accounts", form=account, headers=http_json.bearer(granted["access_token"])
            )
            tokens[user] = answer["access_token"]
        self.state = {"tokens": tokens}
        self.save()
        return {"TOKEN": tokens["alice"], "BOB_TOKEN": tokens["bob"]}

    def listen(self):
        """Collects (kind, id) of the public stream from now on, in a thread of its own."""
        heard = []
        stream = http_json.open_url(
            "GET",
            f"{self.url}/api/v1/streaming/public",
            headers={**self._header("bob"), "accept": "text/event-stream"},
        )
        # Mastodon says `status.update`; this fake says `status_update` on the wire.
        kinds = {"update": "post", "status.update": "edit", "status_update": "edit", "delete": "delete"}

        def read():
            kind = None
            for raw in stream:
                line = raw.decode().strip()
                if line.startswith("event:"):
                    kind = line.removeprefix("event:").strip()
                elif line.startswith("data:") and kind in kinds:
                    data = line.removeprefix("data:").strip()
                    heard.append((kinds[kind], str(data if kind == "delete" else json.loads(data)["id"])))

        threading.Thread(target=read, daemon=True).start()
        return heard
