# shellcheck shell=bash
# Ghost on SQLite: publishing, feeds, and webhooks signed by code that is not ours. Slow to install: its
# native modules (re2 above all) are compiled, which can take over half an hour; `up all` leaves it out.

readonly GHOST_PORT=$((PORT_BASE + 30)) GHOST_VERSION=6.65.0 GHOST_PNPM_VERSION=12.4.2

install_ghost() {
  local folder="$BENCH/ghost" log="$BENCH/log/ghost-install.log"
  apt_need python3 make g++
  node22_need
  rm -rf "$folder/package" "$folder/content"
  mkdir -p "$folder/content" "$folder/pnpm"
  # `npm install ghost` fails (the package holds components by `file:`); it is unpacked and installed in place.
  # One chain: in a group before `||` bash does not stop at the first failure by itself.
  {
    cd "$folder" && npm pack "ghost@$GHOST_VERSION" && tar xzf "ghost-$GHOST_VERSION.tgz" &&
      cp -r package/content/. content/ && cd pnpm && printf '{"private":true}' >package.json &&
      npm install "pnpm@$GHOST_PNPM_VERSION" && cd ../package &&
      CI=true nice -n 10 ../pnpm/node_modules/.bin/pnpm install --prod && cd "$HERE"
  } >>"$log" 2>&1 || fail "Ghost could not be installed; see $log"
}

up_ghost() {
  local run="$BENCH/ghost/run" log="$BENCH/log/ghost.log" url="http://127.0.0.1:$GHOST_PORT"
  port_must_be_free "$GHOST_PORT"
  : >"$log"
  node22_need
  cp -r "$BENCH/ghost/content" "$run/content"
  mkdir -p "$run/content/data"
  cat >"$BENCH/ghost/package/config.development.json" <<JSON
{
  "url": "$url",
  "server": {"host": "127.0.0.1", "port": $GHOST_PORT},
  "database": {"client": "better-sqlite3", "connection": {"filename": "$run/content/data/ghost.db"}, "useNullAsDefault": true},
  "mail": {"transport": "SMTP", "options": {"host": "127.0.0.1", "port": $((PORT_BASE + 31)), "ignoreTLS": true}},
  "paths": {"contentPath": "$run/content"},
  "privacy": {"useUpdateCheck": false, "useGravatar": false, "useRpcPing": false, "useStructuredData": false},
  "security": {"staffDeviceVerification": false},
  "logging": {"level": "info", "transports": ["stdout"]}
}
JSON
  (
    export NODE_ENV=development
    cd "$BENCH/ghost/package" || exit
    spawn "$run/main.pid" "$log" node index.js
  )
  wait_until ghost "$run/main.pid" "$log" answers "$url/ghost/api/admin/site/"
  printf '%s' "$url" >"$run/urls"
  publish_env GHOST "URL=$url" "FEED_URL=$url/rss/"
}
