# shellcheck shell=bash
# The board's own sensors: how much of one core 10 and 200 of them at one reading a second take, beside a gateway without any.

bench_usage() {
  cat <<'EOT'
Usage: scripts/bench sensors [--binary FILE] [--secs S] [--store none|last|all]

Starts the published gateway with simulated sensors at one reading a second each, documents on the disk, and tells the processor time it took from /proc/PID/stat. The row
without sensors is what an idle gateway takes; it is contained in the others.

  --binary FILE  the gateway to measure; without it, scripts/publish makes one for this machine
  --secs S       seconds for each measurement, after 20 to start and warm up; default 30
  --store S      what is kept of the readings; default last
EOT
}

bench_main() {
  local binary='' secs=30 store=last
  while [ $# -gt 0 ]; do
    case $1 in
      --binary) binary=${2:?--binary needs a file}; shift 2 ;;
      --secs) secs=${2:?--secs needs a number}; shift 2 ;;
      --store) store=${2:?--store needs a word}; shift 2 ;;
      *) echo "scripts/bench sensors: unknown argument '$1'" >&2; bench_usage >&2; return 2 ;;
    esac
  done

  need_dotnet
  need_binary

  printf '| sensors | store | %% of one core | threads | wanted |\n| ---: | --- | ---: | ---: | --- |\n'
  bench_sensors_row "$binary" 0 "$store" "$secs" '-'
  bench_sensors_row "$binary" 10 "$store" "$secs" '0.5'
  bench_sensors_row "$binary" 200 "$store" "$secs" '5'
}

# Processor time of a process in clock ticks, its own and the kernel's.
bench_sensors_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

bench_sensors_row() {
  local binary=$1 count=$2 store=$3 secs=$4 wanted=$5 folder sensor
  folder=$(mktemp -d)
  {
    printf '{ "server": { "host": "127.0.0.1", "port": 0, "protocols": { "mqtt": { "server": { "host": "127.0.0.1", "port": 0 } } } },\n'
    printf '  "storage": { "path": "%s/data" },\n  "sensors": [\n' "$folder"
    for ((sensor = 1; sensor <= count; sensor++)); do
      printf '    { "name": "s%d", "source": "simulated", "seed": %d, "interval": "1s", "store": "%s" },\n' "$sensor" "$sensor" "$store"
    done
    printf '  ] }\n'
  } >"$folder/kuzzlerc"
  "$binary" run --config "$folder/kuzzlerc" >"$folder/log" 2>&1 &
  local gateway=$!
  # shellcheck disable=SC2064
  trap "kill $gateway 2>/dev/null; wait $gateway 2>/dev/null; rm -rf '$folder'" EXIT
  sleep 20
  if ! [ -d "/proc/$gateway" ]; then
    cat "$folder/log" >&2
    return 1
  fi

  local before after began ended threads
  before=$(bench_sensors_ticks "$gateway")
  began=$(date +%s%N)
  sleep "$secs"
  after=$(bench_sensors_ticks "$gateway")
  ended=$(date +%s%N)
  threads=$(find "/proc/$gateway/task" -mindepth 1 -maxdepth 1 | wc -l)
  awk -v n="$count" -v store="$store" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" -v ns=$((ended - began)) -v threads="$threads" -v wanted="$wanted" \
    'BEGIN { printf "| %d | %s | %.2f | %d | %s |\n", n, store, ticks / hz / (ns / 1e9) * 100, threads, wanted }'
  kill "$gateway"
  wait "$gateway" 2>/dev/null || true
  rm -rf "$folder"
  trap - EXIT
}
