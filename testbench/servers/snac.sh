# shellcheck shell=bash
# Two snac2 instances that federate with each other: a real ActivityPub server with the Mastodon API.
# Users alice and bob on each; alice of the second follows alice of the first.

# The second instance takes the port after the first.
readonly SNAC_PORT_1=$((PORT_BASE + 1)) SNAC_PORT_2=$((PORT_BASE + 2))

# Debian bookworm has snac2 only in backports; that one package is taken and apt's own lists stay as they are.
install_snac() {
  local folder="$BENCH/snac/package" log="$BENCH/log/snac-install.log" codename options=()
  apt_need curl ca-certificates libcurl4 libssl3
  rm -rf "$folder"
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  # shellcheck source=/dev/null
  codename="$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")"
  if [[ $codename == bookworm ]]; then
    cat >"$folder/backports.sources" <<'SOURCES'
Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
    options=(-o "Dir::Etc::sourcelist=$folder/backports.sources" -o Dir::Etc::sourceparts=-
      -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache")
    apt-get -q "${options[@]}" update >>"$log" 2>&1 || fail "bookworm-backports could not be read; see $log"
  fi
  (cd "$folder" && apt-get -q "${options[@]}" download snac2) >>"$log" 2>&1 || fail "no snac2 package; see $log"
  dpkg -x "$folder"/snac2_*.deb "$folder/root"
}

up_snac() {
  local run="$BENCH/snac/run" log="$BENCH/log/snac.log" binary="$BENCH/snac/package/root/usr/bin/snac"
  local number instance_port user pid_file
  : >"$log"
  for number in 1 2; do
    instance_port=$((SNAC_PORT_1 + number - 1))
    port_must_be_free "$instance_port"
    # Address, port, host name, path prefix, e-mail of the administrator.
    printf '127.0.0.1\n%s\n127.0.0.1:%s\n\nadmin@test.local\n' "$instance_port" "$instance_port" |
      "$binary" init "$run/data$number" >>"$log" 2>&1
    sed -i 's/"protocol": "https"/"protocol": "http"/' "$run/data$number/server.json"
    for user in alice bob; do
      printf '%s\n' "$user" | "$binary" adduser "$run/data$number" "$user" 2>>"$log" |
        awk '/password is/ {print $4}' >"$run/password.$number.$user"
    done
    pid_file="$run/main.pid"
    ((number == 1)) || pid_file="$run/second.pid"
    spawn "$pid_file" "$log" "$binary" httpd "$run/data$number"
  done
  for number in 1 2; do
    wait_until snac "$run/main.pid" "$log" answers "http://127.0.0.1:$((SNAC_PORT_1 + number - 1))/api/v1/instance"
  done
  printf '%s' "http://127.0.0.1:$SNAC_PORT_1 http://127.0.0.1:$SNAC_PORT_2" >"$run/urls"
  talk snac accounts >"$run/state.env"
  # A queue carries the follow; what is posted before it has arrived is not delivered.
  "$binary" follow "$run/data2" alice "http://127.0.0.1:$SNAC_PORT_1/alice" >>"$log" 2>&1 ||
    fail "alice of the second snac could not follow alice of the first; see $log"
  wait_until snac "$run/main.pid" "$log" compgen -G "$run/data1/user/alice/followers/*.json"
  local lines
  mapfile -t lines <"$run/state.env"
  publish_env SNAC "URL=http://127.0.0.1:$SNAC_PORT_1" "SECOND_URL=http://127.0.0.1:$SNAC_PORT_2" "${lines[@]}"
}
