# shellcheck shell=bash
# A backlog drained to a second gateway: rate, CPU on both sides, memory; and how far behind a steady stream of 500 documents a second is.

bench_usage() {
  cat <<'EOT'
Usage: scripts/bench sync [--binary FILE] [--documents N] [--secs S] [--directory DIRECTORY]

Starts two published gateways, one the upstream of the other, with documents on the disk. With the link paused, documents of about 250 bytes are written; then the link is
resumed, and the time is measured until the outbox is empty and the upstream has them all.

  --binary FILE   the gateway to measure; without it, scripts/publish makes one for this machine
  --documents N   how many wait; 0 leaves that out; default 100000
  --secs S        seconds of the steady stream; 0 leaves it out; default 10
  --directory D   where the databases are made: on the file system to be measured (default: the directory for temporary files)
EOT
}

bench_main() {
  local binary='' documents=100000 secs=10 directory=${TMPDIR:-/tmp}
  while [ $# -gt 0 ]; do
    case $1 in
      --binary) binary=${2:?--binary needs a file}; shift 2 ;;
      --documents) documents=${2:?--documents needs a number}; shift 2 ;;
      --secs) secs=${2:?--secs needs a number}; shift 2 ;;
      --directory) directory=${2:?--directory needs a directory}; shift 2 ;;
      *) echo "scripts/bench sync: unknown argument '$1'" >&2; bench_usage >&2; return 2 ;;
    esac
  done

  need_dotnet
  need_binary
  dotnet build tests/Kuzzle.Edge.Benchmarks --configuration Release --nologo --verbosity quiet

  local folder edge_port upstream_port edge upstream failed=0
  folder=$(mktemp -d "$directory/kuzzle-edge-sync-XXXXXX")
  edge_port=$((20000 + RANDOM % 5000))
  upstream_port=$((25000 + RANDOM % 5000))
  bench_sync_settings "$folder/upstream" "$upstream_port" >"$folder/upstream.json"
  bench_sync_settings "$folder/edge" "$edge_port" "\"upstream\": { \"kuzzle\": { \"url\": \"ws://127.0.0.1:$upstream_port\", \"rules\": [ \"bench/*\" ] } }," >"$folder/edge.json"
  "$binary" run --config "$folder/upstream.json" >"$folder/upstream.log" 2>&1 &
  upstream=$!
  "$binary" run --config "$folder/edge.json" >"$folder/edge.log" 2>&1 &
  edge=$!
  # shellcheck disable=SC2064
  trap "kill $edge $upstream 2>/dev/null; wait $edge $upstream 2>/dev/null; rm -rf '$folder'" EXIT
  bench_sync_wait "$upstream_port"
  bench_sync_wait "$edge_port"
  dotnet tests/Kuzzle.Edge.Benchmarks/bin/Release/net10.0/Kuzzle.Edge.Benchmarks.dll sync "$edge_port" "$edge" "$upstream_port" "$upstream" "$documents" "$secs" || failed=1
  [ $failed = 0 ] || cat "$folder/upstream.log" "$folder/edge.log" >&2
  return $failed
}

bench_sync_settings() { # folder of the data, port, further settings
  cat <<EOT
{
  ${3:-}
  "server": { "host": "127.0.0.1", "port": $2, "protocols": { "mqtt": { "enabled": false } } },
  "security": { "freshRights": "open" },
  "storage": { "path": "$1" }
}
EOT
}

bench_sync_wait() { # port
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.1
  done
}
