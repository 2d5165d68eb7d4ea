# shellcheck shell=bash
# Matrix Synapse on SQLite, without federation; users alice and bob in the public room #acme:localhost.

readonly SYNAPSE_PORT=$((PORT_BASE + 8))

install_synapse() { venv_need synapse 3.10; }

up_synapse() {
  local run="$BENCH/synapse/run" log="$BENCH/log/synapse.log" python="$BENCH/synapse/venv/bin/python" lines
  port_must_be_free "$SYNAPSE_PORT"
  : >"$log"
  cat >"$run/homeserver.yaml" <<YAML
server_name: localhost
pid_file: $run/synapse.pid.unused
listeners:
  - port: $SYNAPSE_PORT
    type: http
    tls: false
    bind_addresses: ['127.0.0.1']
    resources:
      - names: [client]
        compress: false
database:
  name: sqlite3
  args:
    database: $run/homeserver.db
media_store_path: $run/media
signing_key_path: $run/signing.key
log_config: $run/log.yaml
report_stats: false
macaroon_secret_key: bench
form_secret: bench
trusted_key_servers: []
federation_domain_whitelist: []
enable_registration: true
enable_registration_without_verification: true
# The bench writes faster than a person.
rc_message: {per_second: 1000, burst_count: 1000}
rc_registration: {per_second: 1000, burst_count: 1000}
rc_joins: {local: {per_second: 1000, burst_count: 1000}}
rc_login:
  address: {per_second: 1000, burst_count: 1000}
  account: {per_second: 1000, burst_count: 1000}
  failed_attempts: {per_second: 1000, burst_count: 1000}
YAML
  cat >"$run/log.yaml" <<'YAML'
version: 1
handlers: {console: {class: logging.StreamHandler}}
root: {level: WARNING, handlers: [console]}
YAML
  (
    cd "$run" || exit
    "$python" -m synapse.app.homeserver -c homeserver.yaml --generate-keys >>"$log" 2>&1
    spawn "$run/main.pid" "$log" "$python" -m synapse.app.homeserver -c homeserver.yaml
  )
  wait_until synapse "$run/main.pid" "$log" answers "http://127.0.0.1:$SYNAPSE_PORT/_matrix/client/versions"
  printf '%s' "http://127.0.0.1:$SYNAPSE_PORT" >"$run/urls"
  talk synapse accounts >"$run/state.env"
  mapfile -t lines <"$run/state.env"
  publish_env SYNAPSE "URL=http://127.0.0.1:$SYNAPSE_PORT" "${lines[@]}"
}
