# shellcheck shell=bash
# The Bluesky network (@atproto/dev-env): PLC directory, PDS, AppView and moderation in one Node process,
# on Postgres and Redis. PDS and PLC forget everything when they stop, so each start gets a fresh database.

readonly BLUESKY_PG_PORT=$((PORT_BASE + 50)) BLUESKY_REDIS_PORT=$((PORT_BASE + 51))
readonly BLUESKY_INTROSPECT_PORT=$((PORT_BASE + 52)) BLUESKY_PLC_PORT=$((PORT_BASE + 53)) BLUESKY_PDS_PORT=$((PORT_BASE + 54))
readonly BLUESKY_APPVIEW_PORT=$((PORT_BASE + 55)) BLUESKY_OZONE_PORT=$((PORT_BASE + 56))

install_bluesky() {
  if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then apt_need postgresql; fi
  apt_need redis-server
  # better-sqlite3 is compiled on the spot.
  apt_need python3 make g++
  node22_need
  npm_need "$HERE/bluesky" "$BENCH/bluesky/node" "$BENCH/log/bluesky-install.log"
}

# Postgres refuses to run as root. As root its folder belongs to the user `postgres`, and where that user
# cannot reach $BENCH (a home folder is closed to others) the folder lies in /var/tmp.
bluesky_pg_folder() {
  local parent="$BENCH/bluesky"
  if ((EUID == 0)) && ! runuser -u postgres -- test -x "$parent"; then
    parent="/var/tmp/atalaya-bench-$(printf '%s' "$BENCH" | sha256sum | cut -c1-8)"
  fi
  printf '%s/postgres' "$parent"
}

bluesky_as_postgres() {
  if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

bluesky_pg_bin() { printf '%s' "$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1)")"; }

up_bluesky() {
  local run="$BENCH/bluesky/run" log="$BENCH/log/bluesky.log" pg bin used
  for used in "$BLUESKY_PG_PORT" "$BLUESKY_REDIS_PORT" "$BLUESKY_INTROSPECT_PORT" "$BLUESKY_PLC_PORT" \
    "$BLUESKY_PDS_PORT" "$BLUESKY_APPVIEW_PORT" "$BLUESKY_OZONE_PORT"; do port_must_be_free "$used"; done
  : >"$log"
  node22_need
  pg="$(bluesky_pg_folder)"
  bin="$(bluesky_pg_bin)"
  rm -rf "$pg"
  if ((EUID == 0)); then
    mkdir -p "$(dirname "$pg")"
    install -d -o postgres -m 700 "$pg"
  else
    mkdir -p "$pg"
  fi
  bluesky_as_postgres "$bin/initdb" -D "$pg/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync >>"$log" 2>&1
  # fsync is off: the data does not outlive the run.
  if ((EUID == 0)); then
    (cd / && spawn "$run/postgres.pid" "$log" runuser -u postgres -- "$bin/postgres" -D "$pg/data" -p "$BLUESKY_PG_PORT" \
      -k "$pg" -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off)
  else
    spawn "$run/postgres.pid" "$log" "$bin/postgres" -D "$pg/data" -p "$BLUESKY_PG_PORT" \
      -k "$pg" -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off
  fi
  spawn "$run/redis.pid" "$log" redis-server --port "$BLUESKY_REDIS_PORT" --bind 127.0.0.1 --save '' --dir "$run"
  wait_until bluesky-postgres "$run/postgres.pid" "$log" \
    "$bin/psql" -h 127.0.0.1 -p "$BLUESKY_PG_PORT" -U postgres -c 'create database bench'
  wait_until bluesky-redis "$run/redis.pid" "$log" port_answers "$BLUESKY_REDIS_PORT"
  cp "$HERE"/bluesky/*.mjs "$BENCH/bluesky/node/"
  (
    export DB_POSTGRES_URL="postgresql://postgres@127.0.0.1:$BLUESKY_PG_PORT/bench" DB_POSTGRES_SCHEMA=bench
    export REDIS_HOST="127.0.0.1:$BLUESKY_REDIS_PORT" LOG_ENABLED=false
    export BENCH_INTROSPECT_PORT="$BLUESKY_INTROSPECT_PORT" BENCH_PLC_PORT="$BLUESKY_PLC_PORT"
    export BENCH_PDS_PORT="$BLUESKY_PDS_PORT" BENCH_APPVIEW_PORT="$BLUESKY_APPVIEW_PORT" BENCH_OZONE_PORT="$BLUESKY_OZONE_PORT"
    cd "$BENCH/bluesky/node" || exit
    spawn "$run/main.pid" "$log" node --import ./loopback.mjs network.mjs
  )
  wait_until bluesky "$run/main.pid" "$log" grep -q '^READY ' "$log"
  printf '%s' "pds http://127.0.0.1:$BLUESKY_PDS_PORT appview http://127.0.0.1:$BLUESKY_APPVIEW_PORT plc http://127.0.0.1:$BLUESKY_PLC_PORT" >"$run/urls"
  talk bluesky accounts >"$run/state.env"
  local lines
  mapfile -t lines <"$run/state.env"
  publish_env BLUESKY "PDS_URL=http://127.0.0.1:$BLUESKY_PDS_PORT" "APPVIEW_URL=http://127.0.0.1:$BLUESKY_APPVIEW_PORT" \
    "PLC_URL=http://127.0.0.1:$BLUESKY_PLC_PORT" "FIREHOSE_URL=ws://127.0.0.1:$BLUESKY_PDS_PORT" "${lines[@]}"
}

after_down_bluesky() {
  local parent
  # Only the folder made for this bench in /var/tmp; the one under $BENCH is wiped by the next start.
  parent="/var/tmp/atalaya-bench-$(printf '%s' "$BENCH" | sha256sum | cut -c1-8)"
  rm -rf "$parent"
}
