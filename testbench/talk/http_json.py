"""HTTP with JSON bodies, by the standard library alone; one connection per request.

snac closes kept-alive connections, so none is kept.
"""

import json
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT_S = 30


class HttpFailure(Exception):
    """An answer that is not 2xx: its status and the start of its body."""

    def __init__(self, method, url, status, body):
        super().__init__(f"{method} {url} answered {status}: {body[:300]}")
        self.status = status


class _KeepRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are answers here: the log-in of snac hands its code over in one."""

    def redirect_request(self, *_args):
        return None


_opener = urllib.request.build_opener(_KeepRedirect, urllib.request.ProxyHandler({}))


def open_url(method, url, *, body=None, form=None, headers=None, timeout_s=TIMEOUT_S):
    """The open answer (2xx or 3xx) to a request with a JSON body, a form or nothing."""
    headers = {"accept": "application/json", **(headers or {})}
    data = None
    if form is not None:
        data = urllib.parse.urlencode(form).encode()
        headers["content-type"] = "application/x-www-form-urlencoded"
    elif body is not None:
        data = json.dumps(body).encode()
        headers["content-type"] = "application/json"
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        return _opener.open(request, timeout=timeout_s)
    except urllib.error.HTTPError as answer:
        if 300 <= answer.code < 400:
            return answer
        raise HttpFailure(method, url, answer.code, answer.read().decode("utf-8", "replace")) from None


def call(method, url, **options):
    """The parsed JSON of the answer; None where the body is empty."""
    with open_url(method, url, **options) as answer:
        text = answer.read().decode("utf-8")
    return json.loads(text) if text else None


def text(method, url, **options):
    """The answer's body as text."""
    with open_url(method, url, **options) as answer:
        return answer.read().decode("utf-8")


def bearer(token):
    """The header that carries a token."""
    return {"authorization": f"Bearer {token}"}
