# shellcheck shell=bash
# Parts of the broker by themselves, with BenchmarkDotNet: packets, subscription tree, retained messages, the store of both.

bench_usage() {
  cat <<'EOT'
Usage: scripts/bench micro [--quick] [--filter PATTERN]... [--list]

Runs tests/Kuzzle.Edge.Benchmarks. Its reports go to artifacts/benchmarks.

  --quick            few iterations: an order of magnitude, in a minute or two
  --filter PATTERN   only benchmarks whose full names match, such as '*Tree*'
  --list             names them
EOT
}

bench_main() {
  local arguments=() filters=()
  while [ $# -gt 0 ]; do
    case $1 in
      --quick) arguments+=(--job short); shift ;;
      --filter) filters+=("${2:?--filter needs a pattern}"); shift 2 ;;
      --list) arguments+=(--list flat); shift ;;
      *) echo "scripts/bench micro: unknown argument '$1'" >&2; bench_usage >&2; return 2 ;;
    esac
  done
  [ ${#filters[@]} -gt 0 ] || filters=('*')

  need_dotnet
  dotnet run --project tests/Kuzzle.Edge.Benchmarks --configuration Release -- \
    --artifacts artifacts/benchmarks --filter "${filters[@]}" ${arguments[@]+"${arguments[@]}"}
}
