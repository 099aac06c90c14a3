#!/usr/bin/env bash
# Durable creates and reads of a large collection, next to plain SQLite in the same run.

bench_usage() {
  cat <<'EOT'
Usage: scripts/bench documents [--size DOCUMENTS] [--seconds SECONDS] [--directory DIRECTORY]

  --size       how many documents the reads are measured over; 0 leaves them out (default 1000000)
  --seconds    how long each measurement of creates takes; 0 leaves them out (default 5)
  --directory  where the databases are made: on the file system to be measured (default: the directory for temporary files)

The creates are compared with a C program that inserts the same documents, as many in a transaction as the store had; it needs a C compiler and SQLite's header.
EOT
}

bench_main() {
  local size=1000000 seconds=5 directory=${TMPDIR:-/tmp}
  while [ $# -gt 0 ]; do
    case $1 in
      --size) size=${2:?--size needs a number}; shift 2 ;;
      --seconds) seconds=${2:?--seconds needs a number}; shift 2 ;;
      --directory) directory=${2:?--directory needs a directory}; shift 2 ;;
      *) echo "scripts/bench documents: unknown argument '$1'" >&2; bench_usage >&2; return 2 ;;
    esac
  done

  need_dotnet
  mkdir -p artifacts/benchmarks
  "${CC:-cc}" -O2 -o artifacts/benchmarks/bare-inserts scripts/lib/bench/documents.c -lsqlite3
  dotnet run --project tests/Kuzzle.Edge.Benchmarks --configuration Release -- documents "$size" "$seconds" "$PWD/artifacts/benchmarks/bare-inserts" "$directory"
}
