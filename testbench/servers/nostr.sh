# shellcheck shell=bash
# nostr-relay on SQLite: a Nostr relay in Python.

readonly NOSTR_PORT=$((PORT_BASE + 69))

install_nostr() { venv_need nostr 3.10; }

up_nostr() {
  local run="$BENCH/nostr/run" log="$BENCH/log/nostr.log" lines
  port_must_be_free "$NOSTR_PORT"
  : >"$log"
  cat >"$run/relay.yaml" <<YAML
DEBUG: false
relay_name: bench
relay_description: relay of the test bench
storage:
  sqlalchemy.url: sqlite+aiosqlite:///$run/relay.sqlite3
  num_concurrent_reqs: 10
  num_concurrent_adds: 2
  validators:
    - nostr_relay.validators.is_not_too_large
    - nostr_relay.validators.is_signed
    - nostr_relay.validators.is_recent
verification:
  nip05_verification: disabled
gunicorn:
  bind: 127.0.0.1:$NOSTR_PORT
  workers: 1
  loglevel: info
  reload: false
authentication:
  enabled: false
message_timeout: 1800
subscription_limit: 32
max_limit: 6000
YAML
  (cd "$run" && spawn "$run/main.pid" "$log" "$BENCH/nostr/venv/bin/nostr-relay" -c "$run/relay.yaml" serve)
  wait_until nostr "$run/main.pid" "$log" answers "http://127.0.0.1:$NOSTR_PORT/"
  printf '%s' "ws://127.0.0.1:$NOSTR_PORT" >"$run/urls"
  talk nostr accounts >"$run/state.env"
  mapfile -t lines <"$run/state.env"
  publish_env NOSTR "URL=ws://127.0.0.1:$NOSTR_PORT" "${lines[@]}"
}
