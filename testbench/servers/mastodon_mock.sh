# shellcheck shell=bash
# mastodon_mock: a stateful fake of the Mastodon API by strangers, with streaming, rate limits and faults.

readonly MASTODON_MOCK_PORT=$((PORT_BASE + 10))

install_mastodon_mock() { venv_need mastodon_mock 3.10; }

up_mastodon_mock() {
  local run="$BENCH/mastodon_mock/run" log="$BENCH/log/mastodon_mock.log" lines
  port_must_be_free "$MASTODON_MOCK_PORT"
  : >"$log"
  # From its own folder: it looks for a settings file in the current one.
  (cd "$run" && spawn "$run/main.pid" "$log" "$BENCH/mastodon_mock/venv/bin/mastodon_mock" serve \
    --in-memory --host 127.0.0.1 --port "$MASTODON_MOCK_PORT" --log-level warning)
  wait_until mastodon_mock "$run/main.pid" "$log" answers "http://127.0.0.1:$MASTODON_MOCK_PORT/api/v1/instance"
  printf '%s' "http://127.0.0.1:$MASTODON_MOCK_PORT" >"$run/urls"
  talk mastodon_mock accounts >"$run/state.env"
  mapfile -t lines <"$run/state.env"
  publish_env MASTODON_MOCK "URL=http://127.0.0.1:$MASTODON_MOCK_PORT" "${lines[@]}"
}
