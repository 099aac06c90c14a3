# shellcheck shell=bash
# The realtime filter engine next to npm koncorde: documents, registrations and heap.

bench_usage() {
  cat <<'EOT'
Usage: scripts/bench koncorde [--rounds N] [--shapes LIST] [--filters LIST]

Registers the same filters in npm koncorde 4.7.0 and in ours, and tests the same parsed documents against them: for each round, each engine in a
process of its own, one after the other. Prints documents and registrations for each second of CPU time and heap for each filter, with the median
of the rounds' ratios beside what is wanted. Fails when the engines find different numbers of matches. Needs Node.js, npm and, where there is no
ready-made binary of koncorde's native parts, a C++ compiler.

  --rounds N         default 3
  --shapes LIST      of equals,range,geo,mixed (all)
  --filters LIST     default 1000,10000,50000
EOT
}

bench_main() {
  local rounds=3 shapes=equals,range,geo,mixed counts=1000,10000,50000
  while [ $# -gt 0 ]; do
    case $1 in
      --rounds) rounds=${2:?--rounds needs a number}; shift 2 ;;
      --shapes) shapes=${2:?--shapes needs a list}; shift 2 ;;
      --filters) counts=${2:?--filters needs a list}; shift 2 ;;
      *) echo "scripts/bench koncorde: unknown argument '$1'" >&2; bench_usage >&2; return 2 ;;
    esac
  done

  need_dotnet
  need_command node nodejs
  need_command npm npm
  local work=artifacts/koncorde
  mkdir -p "$work"
  if ! node -e "require('$PWD/$work/node_modules/koncorde')" 2>/dev/null; then
    echo "installing npm koncorde into $work (its native parts may be compiled, which takes minutes)"
    npm install --prefix "$work" --no-audit --no-fund koncorde@4.7.0 >"$work/npm.log" 2>&1 || missing "npm koncorde" "'npm install koncorde@4.7.0' failed; see $work/npm.log."
  fi

  dotnet build tests/Kuzzle.Edge.Benchmarks --configuration Release --nologo -v q -m:1 >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; return 1; }
  local edge=tests/Kuzzle.Edge.Benchmarks/bin/Release/net10.0/Kuzzle.Edge.Benchmarks.dll
  local results=$work/results.jsonl shape count round subject file line
  : >"$results"
  for shape in ${shapes//,/ }; do
    for count in ${counts//,/ }; do
      file=$work/$shape-$count.jsonl
      dotnet "$edge" koncorde-workload "$file" "$shape" "$count"
      for ((round = 0; round < rounds; round++)); do
        local order=(npm edge)
        [ $((round % 2)) -eq 0 ] || order=(edge npm)
        for subject in "${order[@]}"; do
          case $subject in
            npm) line=$(node --expose-gc --max-old-space-size=4096 scripts/lib/bench/koncorde.cjs "$PWD/$work/node_modules" "$file") ;;
            edge) line=$(dotnet "$edge" koncorde "$file") ;;
          esac
          echo "{\"shape\":\"$shape\",\"filters\":$count,\"round\":$round,${line#\{}" | tee -a "$results" >&2
        done
      done
    done
  done

  node scripts/lib/bench/koncorde-report.cjs "$results"
}
