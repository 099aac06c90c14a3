# shellcheck shell=bash
# Requests over MQTT with 1, 10 and 50 clients: rate, latency and CPU for each, beside what a real Kuzzle reached.

bench_usage() {
  cat <<'EOT'
Usage: scripts/bench requests [--binary FILE] [--secs S]

Starts the published gateway, with documents on the disk, and asks it over MQTT, one request under way for each client: server:now, realtime:publish
with one subscriber, document:create. The figures of the real server are those of docs/performance.md, from a machine of the same kind.

  --binary FILE  the gateway to measure; without it, scripts/publish makes one for this machine
  --secs S       seconds for each of nine measurements, after half as many to warm up; default 4
EOT
}

bench_main() {
  local binary='' secs=4
  while [ $# -gt 0 ]; do
    case $1 in
      --binary) binary=${2:?--binary needs a file}; shift 2 ;;
      --secs) secs=${2:?--secs needs a number}; shift 2 ;;
      *) echo "scripts/bench requests: unknown argument '$1'" >&2; bench_usage >&2; return 2 ;;
    esac
  done

  need_dotnet
  need_binary

  dotnet build tests/Kuzzle.Edge.Benchmarks --configuration Release --nologo --verbosity quiet
  local folder port
  folder=$(mktemp -d)
  port=$((20000 + RANDOM % 10000))
  cat >"$folder/kuzzlerc" <<EOT
{
  "server": { "host": "127.0.0.1", "port": 0, "protocols": { "mqtt": { "server": { "host": "127.0.0.1", "port": $port } } } },
  "security": { "freshRights": "open" },
  "storage": { "path": "$folder/data" }
}
EOT
  "$binary" run --config "$folder/kuzzlerc" >"$folder/log" 2>&1 &
  local gateway=$! failed=0
  # shellcheck disable=SC2064
  trap "kill $gateway 2>/dev/null; wait $gateway 2>/dev/null; rm -rf '$folder'" EXIT
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.1
  done
  dotnet tests/Kuzzle.Edge.Benchmarks/bin/Release/net10.0/Kuzzle.Edge.Benchmarks.dll requests "$port" "$gateway" "$secs" || failed=1
  [ $failed = 0 ] || cat "$folder/log" >&2
  return $failed
}
