#!/usr/bin/busybox sh
# Starts and stops the gateway as a service manager would: SIGTERM, and the exit code kept.
pid() { cat /run/kuzzle-edge.pid; }
case $1 in
  start)
    rm -f /run/kuzzle-edge.exit
    (
      export DOTNET_ENVIRONMENT=production
      /usr/bin/kuzzle-edge run --config /etc/kuzzle-edge/kuzzlerc </dev/null >>/run/kuzzle-edge.log 2>&1 3<&- &
      echo $! >/run/kuzzle-edge.pid
      wait $!
      echo $? >/run/kuzzle-edge.exit
    ) &
    ;;
  stop)
    kill -TERM "$(pid)"
    for _ in $(seq 300); do [ ! -e /run/kuzzle-edge.exit ] || break; sleep 0.1; done
    cat /run/kuzzle-edge.exit
    ;;
  kill) kill -KILL "$(pid)" ;;
  pid) pid ;;
  *) echo "usage: gateway start|stop|kill|pid" >&2; exit 2 ;;
esac
