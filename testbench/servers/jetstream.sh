# shellcheck shell=bash
# Jetstream's wire format (version 1), made from the real firehose of the bench's Bluesky network.
# The Jetstream server itself is in no package registry; this shim stands in for it.

readonly JETSTREAM_PORT=$((PORT_BASE + 60))

install_jetstream() { install_server bluesky; }

up_jetstream() {
  local run="$BENCH/jetstream/run" log="$BENCH/log/jetstream.log"
  is_up bluesky || fail "jetstream reads the Bluesky network; start it first: testbench/bench.sh up bluesky"
  port_must_be_free "$JETSTREAM_PORT"
  : >"$log"
  node22_need
  cp "$HERE"/bluesky/*.mjs "$BENCH/bluesky/node/"
  (
    export BENCH_FIREHOSE_URL="ws://127.0.0.1:$BLUESKY_PDS_PORT" BENCH_PLC_URL="http://127.0.0.1:$BLUESKY_PLC_PORT"
    export BENCH_JETSTREAM_PORT="$JETSTREAM_PORT"
    cd "$BENCH/bluesky/node" || exit
    spawn "$run/main.pid" "$log" node jetstream.mjs
  )
  wait_until jetstream "$run/main.pid" "$log" answers "http://127.0.0.1:$JETSTREAM_PORT/"
  printf '%s' "ws://127.0.0.1:$JETSTREAM_PORT/subscribe" >"$run/urls"
  publish_env JETSTREAM "URL=ws://127.0.0.1:$JETSTREAM_PORT/subscribe"
}
