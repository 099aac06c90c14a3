# shellcheck shell=bash
# The published gateway's broker next to Debian's mosquitto: CPU for each message, rates, latency, memory.

bench_usage() {
  cat <<'EOT'
Usage: scripts/bench broker [option]...

Starts the published kuzzle-edge and mosquitto in turn, a fresh one for each scenario, gives both the same load and prints the medians of the ratios
edge / mosquitto of the same round beside what must be reached and what is wanted. Rounds alternate who begins. Everything listens on 127.0.0.1.

  --binary FILE      the published program; without it, scripts/publish makes one for this machine
  --scenarios A,B    only these; --list names them
  --rounds N         default 3
  --secs S           seconds that timed scenarios are measured for; default 2 (open-loop scenarios: twice that)
  --warmup S         seconds before that, not measured; default 5: as long as the runtime compiles what runs often, a message costs it up to twice as much
  --quick            one round of one second, warmed up for one
  --out FILE         appends each figure as a line of JSON; default artifacts/bench/broker-TIME.jsonl
  --report FILE      prints the table of an earlier run
  --set KEY=VALUE    a setting for kuzzle-edge, such as server.protocols.mqtt.maxInFlight=64; can be repeated
  --env NAME=VALUE   an environment variable for kuzzle-edge; can be repeated
  --tool DIR         the load generator's folder; default: KUZZLE_EDGE_SHARED, or ../shared, and there tools/mqttload
  --strict           exit code 1 when something that must be reached is not
  --list             names the scenarios

Needs mosquitto, a C compiler, and the load generator mqttload, which is not part of this repository.
EOT
}

# What both brokers are given; the README of mqttload explains the words.
declare -A load=(
  [q0-p2p]="--pubs 10 --subs 10 --qos 0 --window 100"
  [q1-p2p]="--pubs 10 --subs 10 --qos 1 --window 100 --inflight 20"
  [q2-p2p]="--pubs 10 --subs 10 --qos 2 --window 100 --inflight 20"
  [q1-single]="--pubs 50 --subs 50 --qos 1 --window 1 --inflight 1"
  [q0-fanin]="--pubs 100 --subs 1 --qos 0 --window 20"
  [q0-fanout]="--pubs 1 --subs 200 --qos 0 --window 20"
  [q1-fanout]="--pubs 1 --subs 200 --qos 1 --window 20 --inflight 20"
  [q0-wild]="--pubs 50 --subs 20 --qos 0 --topology wild --groups 10 --window 20"
  [q0-16k]="--pubs 10 --subs 10 --qos 0 --size 16384 --window 10"
  [lat-q0]="--pubs 20 --subs 20 --qos 0 --rate 2000"
  [lat-q1]="--pubs 50 --subs 50 --qos 1 --rate 5000"
  [lat-fan]="--pubs 5 --subs 250 --qos 0 --rate 100"
  [tree]="--mode tree --conns 50 --pubs 4 --window 50"
  [conn]="--mode conn --conns 50 --subscribe 1"
  [idle]="--mode idle --conns 10000 --subscribe 1 --hold 1"
  [retained]="--mode retained --count 20000"
  [offline]="--mode offline --subs 40 --messages 500"
  [offline-saved]="--mode offline --subs 40 --messages 500"
)
order="q0-p2p q1-p2p q2-p2p q1-single q0-fanin q0-fanout q1-fanout q0-wild q0-16k lat-q0 lat-q1 lat-fan tree conn idle retained offline offline-saved"

# scenario, figure of mqttload, its name here, which is better, must, goal, stretch. All but the last are ratios to mosquitto.
targets='
start rss_kb resident-kB absolute 80000 55000 45000
q0-p2p cpu_us_per_msg CPU/msg less 0.40 0.20 0.13
q0-p2p out_per_s messages/s more 2.5 5 8
q1-p2p cpu_us_per_msg CPU/msg less 0.45 0.25 0.17
q1-p2p out_per_s messages/s more 2.5 5 8
q2-p2p cpu_us_per_msg CPU/msg less 0.45 0.25 0.17
q2-p2p out_per_s messages/s more 2.5 5 8
q1-single cpu_us_per_msg CPU/msg less 1.3 0.95 0.7
q0-fanin cpu_us_per_msg CPU/msg less 0.40 0.20 0.13
q0-fanin out_per_s messages/s more 2.5 5 8
q0-fanout cpu_us_per_msg CPU/msg less 0.40 0.20 0.13
q0-fanout out_per_s messages/s more 3 6 10
q1-fanout cpu_us_per_msg CPU/msg less 0.40 0.20 0.13
q1-fanout out_per_s messages/s more 3 6 10
q0-wild cpu_us_per_msg CPU/msg less 0.40 0.20 0.13
q0-wild out_per_s messages/s more 2.5 5 8
q0-16k cpu_us_per_msg CPU/msg less 1.3 1.0 0.75
lat-q0 p50_us p50 less 1.3 1.1 0.95
lat-q0 p99_us p99 less 2 1.2 1.0
lat-q0 cpu_us_per_msg CPU/msg less 2 1.2 0.9
lat-q1 p50_us p50 less 1.3 1.1 0.95
lat-q1 p99_us p99 less 2 1.2 1.0
lat-q1 cpu_us_per_msg CPU/msg less 2 1.2 0.9
lat-fan p50_us p50 less 1.3 1.1 0.95
lat-fan p99_us p99 less 2 1.2 1.0
lat-fan cpu_us_per_msg CPU/msg less 2 1.2 0.9
tree cpu_us_per_msg CPU/msg less 0.5 0.3 0.2
tree bytes_per_sub bytes/filter less 1.0 0.6 0.4
conn conns_per_s connections/s more 0.8 1.0 1.5
conn cpu_us_per_msg CPU/connection less - - -
idle bytes_per_conn bytes/connection less 3.0 2.0 1.0
retained set_per_s set/s more 1 1.5 2.2
retained deliver_per_s delivered/s more 1 1.5 2
retained bytes_per_retained bytes/message less - - -
offline queue_per_s queued/s more 1.2 2 3
offline drain_per_s drained/s more 1.2 2 4
offline-saved queue_per_s queued/s more 1 - -
offline-saved drain_per_s drained/s more 1 - -
'

bench_main() {
  local binary='' scenarios='' rounds=3 secs=2 warmup=5 out='' report='' tool='' strict=no
  local settings=() environment=()
  while [ $# -gt 0 ]; do
    case $1 in
      --binary) binary=${2:?--binary needs a file}; shift 2 ;;
      --scenarios) scenarios=${2:?--scenarios needs names}; shift 2 ;;
      --rounds) rounds=${2:?--rounds needs a number}; shift 2 ;;
      --secs) secs=${2:?--secs needs a number}; shift 2 ;;
      --warmup) warmup=${2:?--warmup needs a number}; shift 2 ;;
      --quick) rounds=1 secs=1 warmup=1; shift ;;
      --out) out=${2:?--out needs a file}; shift 2 ;;
      --report) report=${2:?--report needs a file}; shift 2 ;;
      --set) settings+=("--${2:?--set needs KEY=VALUE}"); shift 2 ;;
      --env) environment+=("${2:?--env needs NAME=VALUE}"); shift 2 ;;
      --tool) tool=${2:?--tool needs a folder}; shift 2 ;;
      --strict) strict=yes; shift ;;
      --list) for scenario in start $order; do echo "$scenario"; done; return 0 ;;
      *) echo "scripts/bench broker: unknown argument '$1'" >&2; bench_usage >&2; return 2 ;;
    esac
  done
  if [ -n "$report" ]; then
    print_table "$report" $strict
    return
  fi

  local scenario number
  for number in "$rounds" "$secs" "$warmup"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || { echo "scripts/bench broker: '$number' is not a whole number from 1" >&2; return 2; }
  done
  scenarios=${scenarios:-start ${order// /,}}
  scenarios=${scenarios//,/ }
  for scenario in $scenarios; do
    [ "$scenario" = start ] || [ -n "${load[$scenario]:-}" ] || { echo "scripts/bench broker: no scenario '$scenario'; there are: start $order" >&2; return 2; }
  done

  work=$(mktemp -d)
  running=
  trap finish EXIT
  need_command mosquitto mosquitto
  need_command cc gcc
  build_tool "$tool"
  need_binary
  [ -x "$binary" ] || { echo "scripts/bench broker: '$binary' is not a program" >&2; return 2; }
  binary=$(realpath "$binary")
  out=${out:-artifacts/bench/broker-$(date +%Y%m%d-%H%M%S).jsonl}
  mkdir -p "$(dirname "$out")"

  # Each connection takes a descriptor here and there, and the gateway keeps 200 for the rest of it.
  local descriptors
  descriptors=$(ulimit -Hn)
  ulimit -Sn "$descriptors" 2>/dev/null || true
  if [ "$descriptors" != unlimited ] && [ "$descriptors" -lt 10400 ]; then
    load[idle]="--mode idle --conns $((descriptors - 400)) --subscribe 1 --hold 1"
    echo "idle: $((descriptors - 400)) connections instead of 10000, since the limit of open files is $descriptors" >&2
  fi

  local round brokers broker
  for ((round = 1; round <= rounds; round++)); do
    if ((round % 2)); then brokers="edge mosquitto"; else brokers="mosquitto edge"; fi
    for scenario in $scenarios; do
      for broker in $brokers; do
        [ "$scenario/$broker" = start/mosquitto ] || measure "$round" "$scenario" "$broker"
      done
    done
    echo "round $round of $rounds is done" >&2
  done

  echo "figures: $out" >&2
  print_table "$out" $strict
}

finish() {
  stop_broker
  rm -rf "$work"
}

build_tool() { # folder, or nothing for the usual place
  local source=${1:-${KUZZLE_EDGE_SHARED:-../shared}/tools/mqttload}
  if [ ! -f "$source/mqttload.c" ]; then
    missing "the load generator mqttload (looked in $source)" \
      "It is not part of this repository. Put it into ../shared/tools/mqttload, or name its folder with --tool or the one above tools with KUZZLE_EDGE_SHARED."
  fi
  tool_binary=$work/mqttload
  cc -std=gnu11 -O2 -o "$tool_binary" "$source/mqttload.c" -lpthread 2>"$work/cc.log" || { echo "scripts/bench broker: mqttload does not compile:" >&2; cat "$work/cc.log" >&2; return 1; }
}

free_port() { # one that nobody listens on now, below those that the system gives to clients
  local port
  while true; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# Becomes the broker, in the foreground.
broker_process() { # broker, port, folder, scenario
  local port=$2 folder=$3
  cd "$folder"
  if [ "$1" = mosquitto ]; then
    local persistence=false
    [ "$4" = offline-saved ] && persistence=true
    # 2.0 drops to its own user, who has to write here.
    chmod 777 "$folder"
    printf '%s\n' "listener $port 127.0.0.1" "allow_anonymous true" "persistence $persistence" "persistence_location $folder/" "max_queued_messages 0" "log_type error" \
      >mosquitto.conf
    exec mosquitto -c mosquitto.conf
  fi

  cat >kuzzlerc <<EOT
{
  "server": {
    "host": "127.0.0.1", "port": 0,
    "protocols": { "mqtt": {
      "server": { "host": "127.0.0.1", "port": 0 },
      "listeners": [ { "host": "127.0.0.1", "port": $port, "profile": "open", "allowAnonymous": true } ]
    } }
  },
  "storage": { "path": "$folder/data" }
}
EOT
  exec env ${environment[@]+"${environment[@]}"} "$binary" run --config kuzzlerc ${settings[@]+"${settings[@]}"}
}

stop_broker() {
  [ -n "$running" ] || return 0
  kill "$running" 2>/dev/null || true
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 "$running" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$running" 2>/dev/null || true
  wait "$running" 2>/dev/null || true
  running=
}

measure() { # round, scenario, broker: one line for the file of figures
  local scenario=$2 broker=$3 port folder=$work/broker figures tries duration=''
  port=$(free_port)
  mkdir -p "$folder"
  chmod 711 "$work"
  broker_process "$broker" "$port" "$folder" "$scenario" >"$work/broker.log" 2>&1 &
  running=$!
  for ((tries = 0; tries < 300; tries++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    kill -0 "$running" 2>/dev/null || { echo "scripts/bench broker: $broker ended at once:" >&2; cat "$work/broker.log" >&2; return 1; }
    sleep 0.1
  done
  sleep 1 # What follows a start (tiering, first collections) is not the load's.

  if [ "$scenario" = start ]; then
    figures="{\"rss_kb\":$(awk '/^VmRSS/ { print $2 }' "/proc/$running/status")}"
  else
    # shellcheck disable=SC2086 # words
    case $scenario in
      lat-*) duration="--warmup $warmup --duration $((secs * 2))" ;;
      conn)
        # It has no warming up of its own.
        "$tool_binary" --port "$port" --pid "$running" ${load[conn]} --duration "$warmup" >/dev/null 2>&1 || true
        duration="--duration $secs"
        ;;
      q*|tree) duration="--warmup $warmup --duration $secs" ;;
    esac
    # shellcheck disable=SC2086 # words
    figures=$(timeout 180 "$tool_binary" --label "$broker" --port "$port" --pid "$running" ${load[$scenario]} $duration 2>"$work/load.log") || true
    [ -n "$figures" ] || figures="{\"error\":\"$(head -c 200 "$work/load.log" | tr -d '"\\\n')\"}"
  fi
  printf '{"round":%d,"scenario":"%s","broker":"%s",%s\n' "$1" "$scenario" "$broker" "${figures#\{}" >>"$out"
  if ! kill -0 "$running" 2>/dev/null; then
    echo "scripts/bench broker: $broker died in $scenario:" >&2
    tail -20 "$work/broker.log" >&2
  fi
  stop_broker
  rm -rf "$folder"
}

print_table() { # file, whether to fail when a must is missed
  awk -v targets="$targets" -v strict="$2" '
    function number(key,  found) {
      if (!match($0, "\"" key "\":-?[0-9.]+(e[-+]?[0-9]+)?")) return ""
      found = substr($0, RSTART, RLENGTH); sub(/.*":/, "", found); return found + 0
    }
    function text(key,  found) {
      if (!match($0, "\"" key "\":\"[^\"]*\"")) return ""
      found = substr($0, RSTART, RLENGTH); sub(/^[^:]*:"/, "", found); sub(/"$/, "", found); return found
    }
    function sorted(list, array,  count, i, j, t) {
      count = split(list, array, " ")
      for (i = 2; i <= count; i++) for (j = i; j > 1 && array[j - 1] + 0 > array[j] + 0; j--) { t = array[j]; array[j] = array[j - 1]; array[j - 1] = t }
      return count
    }
    function median(list,  array, count) {
      count = sorted(list, array)
      return count == 0 ? "" : count % 2 ? array[(count + 1) / 2] : (array[count / 2] + array[count / 2 + 1]) / 2
    }
    function span(list,  array, count) { count = sorted(list, array); return count < 2 ? "" : sprintf(" (%.2f–%.2f)", array[1], array[count]) }
    function shown(value) { return value == "" ? "–" : value >= 1000 ? sprintf("%d", value + .5) : sprintf("%.2f", value) }
    function reached(value, bound, better) { return bound != "-" && (better == "more" ? value >= bound : value <= bound) }
    BEGIN { rows = split(targets, row, "\n") }
    {
      scenario = text("scenario"); broker = text("broker"); round = number("round")
      if (scenario == "" || broker == "") next
      seen[scenario] = 1
      if (round > last) last = round
      fault = ""
      if (text("error") != "") fault = " " text("error")
      else {
        if (number("lost") + 0 != 0) fault = fault " lost=" number("lost")
        if (number("dup") + 0 != 0) fault = fault " dup=" number("dup")
        if (number("ooo") + number("late") != 0) fault = fault " reordered=" number("ooo") + number("late")
        if (number("disconnects") + number("failed") + number("bad") != 0) fault = fault " failed=" number("disconnects") + number("failed") + number("bad")
      }
      if (fault != "") faults[scenario] = faults[scenario] " " broker ":" fault
      for (i = 1; i <= rows; i++) {
        if (split(row[i], cell, " ") < 7 || cell[1] != scenario) continue
        value = number(cell[2])
        if (value != "" && fault == "") { figure[scenario, cell[2], broker, round] = value; all[scenario, cell[2], broker] = all[scenario, cell[2], broker] " " value }
      }
    }
    END {
      print "| scenario | figure | edge | mosquitto | ratio (from–to) | must | goal | stretch | reached |"
      print "|---|---|--:|--:|--:|--:|--:|--:|---|"
      for (i = 1; i <= rows; i++) {
        if (split(row[i], cell, " ") < 7 || !(cell[1] in seen)) continue
        scenario = cell[1]; key = cell[2]; list = ""
        if (cell[4] == "absolute") { list = all[scenario, key, "edge"]; ratio = median(list); between = "" }
        else {
          for (round = 1; round <= last; round++)
            if (figure[scenario, key, "mosquitto", round] > 0 && (scenario, key, "edge", round) in figure)
              list = list " " figure[scenario, key, "edge", round] / figure[scenario, key, "mosquitto", round]
          ratio = median(list); between = span(list)
        }
        if (ratio == "") verdict = "**no figure**"
        else if (reached(ratio, cell[7], cell[4])) verdict = "stretch"
        else if (reached(ratio, cell[6], cell[4])) verdict = "goal"
        else if (reached(ratio, cell[5], cell[4])) verdict = "must"
        else verdict = cell[5] == "-" ? "" : "**missed**"
        if (scenario in faults) verdict = "**faults:" faults[scenario] "**"
        if (verdict ~ /\*/) missed++
        printf "| %s | %s | %s | %s | %s%s | %s | %s | %s | %s |\n", scenario, cell[3], shown(median(all[scenario, key, "edge"])),
          shown(median(all[scenario, key, "mosquitto"])), cell[4] == "absolute" ? "" : shown(ratio), between, cell[5], cell[6], cell[7], verdict
      }
      if (missed) { printf "\n%d of what must be reached is missed, or has no figure without faults.\n", missed; exit strict == "yes" }
    }' "$1"
}
