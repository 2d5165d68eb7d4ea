"""What each network of the bench offers to the verbs of bench.sh."""

import json
import os
import pathlib


class Unsupported(Exception):
    """The network cannot do what was asked; its reason is the message."""


class Network:
    """One running server: its folder, its address and its accounts (in `state.json`).

    A subclass has `accounts()` (makes users, returns what the tests need to know), `post`, `edit`,
    `delete`, `sees(native_id)` (the text as a reader finds it now, None where it is not found) and,
    where the network streams, `listen()` (a list that grows by (kind, native id)).
    """

    streams = ("post", "edit", "delete")

    def __init__(self, name, port_offset):
        self.name = name
        self.run = pathlib.Path(os.environ["ATALAYA_BENCH_DIR"]) / name / "run"
        self.port = int(os.environ["ATALAYA_BENCH_PORT_BASE"]) + port_offset
        self.url = f"http://127.0.0.1:{self.port}"
        state = self.run / "state.json"
        self.state = json.loads(state.read_text()) if state.exists() else {}

    def save(self):
        (self.run / "state.json").write_text(json.dumps(self.state, indent=2))

    def sees_edit(self, native_id):
        """The text after an edit; another place than `sees` where a reader's view ignores edits."""
        return self.sees(native_id)

    def listen(self):
        return None

    def check_more(self, wait_for, say):
        """Checks that only this network has."""
