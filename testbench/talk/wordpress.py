"""WordPress: posts by its REST interface, read back from its feeds.

The native id of a post or comment is its `guid` in the feed: that is what a listener knows it by.
"""

import base64
import html
import urllib.parse
import xml.etree.ElementTree

import http_json
from network import Network


class WordPress(Network):
    """Posts are written by `admin`; a reply is a comment by the named visitor."""

    def accounts(self):
        password = (self.run / "password").read_text().strip()
        self.state = {"password": password}
        self.save()
        return {"USER": "admin", "APP_PASSWORD": password}

    def _rest(self, method, path, body=None):
        basic = base64.b64encode(f"admin:{self.state['password']}".encode()).decode()
        return http_json.call(
            method, f"{self.url}/wp-json/wp/v2/{path}", body=body, headers={"authorization": f"Basic {basic}"}
        )

    def _path(self, native_id):
        """The REST path of what a feed calls by its guid."""
        _, mark, number = native_id.rpartition("#comment-")
        if mark:
            return f"comments/{number}"
        slug = native_id.rstrip("/").rpartition("/")[2]
        found = self._rest("GET", f"posts?{urllib.parse.urlencode({'slug': slug})}")
        if not found:
            raise SystemExit(f"bench: WordPress has no post {native_id}")
        return f"posts/{found[0]['id']}"

    def post(self, text, user="alice", reply_to=None):
        if reply_to:
            number = int(self._path(reply_to).rpartition("/")[2])
            body = {"post": number, "content": text, "author_name": user, "author_email": f"{user}@test.local"}
            return self._rest("POST", "comments", body)["link"]
        body = {"title": text, "content": f"<p>{html.escape(text)}</p>", "status": "publish"}
        return self._rest("POST", "posts", body)["guid"]["rendered"]

    def edit(self, native_id, text, user="alice"):
        body = {"content": f"<p>{html.escape(text)}</p>"}
        if "#comment-" not in native_id:
            body["title"] = text
        self._rest("POST", self._path(native_id), body)

    def delete(self, native_id, user="alice"):
        self._rest("DELETE", f"{self._path(native_id)}?force=true")

    def sees(self, native_id):
        is_comment = "#comment-" in native_id
        feed = http_json.text("GET", f"{self.url}/{'comments/' if is_comment else ''}feed/")
        for item in xml.etree.ElementTree.fromstring(feed).iter("item"):
            if item.findtext("guid", "") == native_id:
                return item.findtext("description" if is_comment else "title", "").strip()
        return None

    def check_more(self, wait_for, say):
        with http_json.open_url("GET", f"{self.url}/feed/") as answer:
            marks = {"if-none-match": answer.headers["etag"], "if-modified-since": answer.headers["last-modified"]}
        with http_json.open_url("GET", f"{self.url}/feed/", headers=marks) as answer:
            say("conditional GET answers 304", answer.status == 304)
