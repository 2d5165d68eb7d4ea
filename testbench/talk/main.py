"""The verbs of bench.sh that talk to a running server.

    main.py NAME accounts | post TEXT | edit ID TEXT | delete ID | seed | check
"""

import argparse
import json
import sys
import time

from bluesky import Bluesky, Jetstream
from http_json import HttpFailure
from mastodon import MastodonMock, Snac
from network import Unsupported
from nostr import Nostr
from synapse import Synapse
from wordpress import WordPress

EXIT_UNSUPPORTED = 3
# Longest wait for something written to be seen; snac federates every few seconds.
SEEN_S_MAX = 45

# Name, and the port's distance from the bench's first port.
NETWORKS = {
    "snac": (Snac, 1),
    "mastodon_mock": (MastodonMock, 10),
    "nostr": (Nostr, 69),
    "wordpress": (WordPress, 20),
    "synapse": (Synapse, 8),
    "bluesky": (Bluesky, 54),
    "jetstream": (Jetstream, 54),
}


def seed(network):
    """The fixed set: what is about the brand, what is not, a reply, an edit and a deletion."""
    ids = {
        "brand": network.post("Acme abre una tienda nueva en Panamá"),
        "accents": network.post("Qué buen desayuno el de Café Acme, ¡volveré mañana! #CaféAcme"),
        "other": network.post("Hoy llueve en la ciudad y no hay autobuses"),
        "complaint": network.post("El pedido de Acme llegó roto y nadie responde", user="bob"),
    }
    ids["reply"] = network.post("A mí también me pasó con Acme la semana pasada", user="bob", reply_to=ids["brand"])
    ids["deleted"] = network.post("Acme: este mensaje se borra")
    network.delete(ids["deleted"])
    edited = network.post("El servico de Acme mejoro")
    try:
        network.edit(edited, "El servicio de Acme mejoró (corregido)")
        ids["edited"] = edited
    except Unsupported:
        ids["misspelt"] = edited
    return ids


def wait_for(condition):
    """Seconds until the condition holds; None when it did not in time."""
    started = time.monotonic()
    while time.monotonic() - started < SEEN_S_MAX:
        try:
            if condition():
                return round(time.monotonic() - started, 2)
        except HttpFailure as failure:
            if failure.status != 404:
                raise
        time.sleep(0.05)
    return None


def is_gone(network, native_id):
    try:
        return network.sees(native_id) is None
    except HttpFailure as failure:
        return failure.status in (400, 404)


def check(network):
    """A round trip of each verb, read back as a listener would; True when all arrived."""
    results = []

    def say(what, outcome):
        passed = outcome is not None and outcome is not False
        results.append(passed)
        after = f" after {outcome} s" if isinstance(outcome, float) else ""
        print(f"{'ok  ' if passed else 'FAIL'} {network.name}: {what}{after}", flush=True)

    heard = network.listen()
    first = "Café Acme: prueba de ida y vuelta"
    parent = network.post(first)
    say("post is seen", wait_for(lambda: network.sees(parent) == first))
    answer = "Acme responde: ¿qué pasó?"
    reply = network.post(answer, user="bob", reply_to=parent)
    say("reply is seen", wait_for(lambda: answer in (network.sees(reply) or "")))
    before, after = "Cafe Acme: prueba por coregir", "Café Acme: prueba por corregir"
    post = network.post(before)
    if wait_for(lambda: network.sees(post) == before) is None:
        say("second post is seen", None)
    try:
        network.edit(post, after)
        say("edit is seen", wait_for(lambda: network.sees_edit(post) == after))
    except Unsupported as reason:
        print(f"--   {network.name}: no edit: {reason}")
    network.delete(post)
    say("deletion is seen", wait_for(lambda: is_gone(network, post)))
    if heard is not None:
        for kind in network.streams:
            say(f"stream tells of {kind}", wait_for(lambda kind=kind: (kind, post) in heard))
    network.check_more(wait_for, say)
    return all(results)


def arguments():
    parser = argparse.ArgumentParser(prog="bench.sh", description=__doc__)
    parser.add_argument("name", choices=NETWORKS)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("accounts", "seed", "check"):
        verbs.add_parser(verb)
    for verb, wanted in (("post", ["text"]), ("edit", ["id", "text"]), ("delete", ["id"])):
        one = verbs.add_parser(verb)
        for name in wanted:
            one.add_argument(name)
        one.add_argument("--as", dest="user", choices=("alice", "bob"), default="alice")
        if verb == "post":
            one.add_argument("--reply-to")
    return parser.parse_args()


def main():
    asked = arguments()
    kind, offset = NETWORKS[asked.name]
    network = kind(asked.name, offset)
    if asked.verb == "accounts":
        for key, value in network.accounts().items():
            print(f"{key}={value}")
    elif asked.verb == "seed":
        print(json.dumps(seed(network), indent=2, ensure_ascii=False))
    elif asked.verb == "check":
        return 0 if check(network) else 1
    elif asked.verb == "post":
        print(network.post(asked.text, user=asked.user, reply_to=asked.reply_to))
    elif asked.verb == "edit":
        network.edit(asked.id, asked.text, user=asked.user)
    elif asked.verb == "delete":
        network.delete(asked.id, user=asked.user)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unsupported as reason:
        print(f"bench: not supported: {reason}", file=sys.stderr)
        sys.exit(EXIT_UNSUPPORTED)
    except (HttpFailure, OSError) as failure:
        print(f"bench: error: {failure}", file=sys.stderr)
        sys.exit(1)
