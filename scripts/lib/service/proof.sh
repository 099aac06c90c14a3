#!/bin/bash
# Runs in the booted guest as root: the service under its unit, with systemd around it. Says a line for each claim on the second serial port.
set -uo pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C
exec >/dev/ttyS1 2>&1
failures=0

claim() { # sentence, command…
  local sentence=$1
  shift
  if "$@" >/run/said 2>&1; then echo "ok      $sentence"; return; fi
  echo "FAILED  $sentence"
  tail -n 8 /run/said | sed 's/^/        /'
  failures=$((failures + 1))
}
is() { [ "$1" = "$2" ] || { echo "'$1' instead of '$2'"; return 1; }; }
has() { grep -q -- "$1" <<<"$2" || { echo "no '$1' in: $2"; return 1; }; }
property() { systemctl show --value --property="$1" kuzzle-edge.service; }
within() { # seconds, command…: until it succeeds
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.5
  done
}
ask() { # controller, action, rest
  local body="{\"controller\":\"$1\",\"action\":\"$2\"$3}"
  exec 5<>/dev/tcp/127.0.0.1/7512 || return 1
  printf 'POST /_query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' "${#body}" "$body" >&5
  timeout 20 cat <&5
  exec 5<&- 5>&-
}
says() { # pattern, what to ask…
  local answer
  answer=$(ask "${@:2}") && grep -qE "$1" <<<"$answer" || { echo "$answer"; return 1; }
}
reads() { # sensor, pattern
  within 40 says "$2" edge/sensors read ",\"_id\":\"$1\""
}
main_pid() { property MainPID; }
status_line() { grep -q "^$2:[[:space:]]*$3\$" "/proc/$1/status" || { grep "^$2" "/proc/$1/status"; return 1; }; }

echo "== $(uname -r), $(systemctl --version | head -1)"
claim "the system is up without a failed unit" within 120 bash -c 'state=$(systemctl is-system-running); echo "$state"; systemctl --failed --no-legend; [ "$state" = running ]'
claim "the service is active" within 120 systemctl is-active --quiet kuzzle-edge
systemctl is-active --quiet kuzzle-edge || journalctl --unit=kuzzle-edge --output=cat --lines=30 | sed 's/^/        /'
claim "it has said so itself" has "Ready\|MQTT" "$(property StatusText)"
echo "        $(property StatusText)"

exposure=$(systemd-analyze security --no-pager kuzzle-edge.service | tail -1)
echo "        $exposure"
claim "its exposure is 1.5 or lower" awk -v line="$exposure" 'BEGIN { match(line, /[0-9]+\.[0-9]+/); exit !(substr(line, RSTART, RLENGTH) + 0 <= 1.5) }'
pid=$(main_pid)
claim "it runs as its user" is "$(stat -c %U "/proc/$pid")" kuzzle-edge
claim "without a capability" status_line "$pid" CapEff 0000000000000000
claim "which it cannot get either" status_line "$pid" NoNewPrivs 1
claim "its system calls are filtered" status_line "$pid" Seccomp 2
echo "        memory $(($(property MemoryCurrent) / 1000000)) MB of $(($(property MemoryHigh) / 1000000)), processor $(($(property CPUUsageNSec) / 1000000)) ms under emulation"

claim "a chip is made known to the kernel and read by its driver (new_device, hwmon)" reads air '23\.5'
claim "that file belongs to the group of the buses" is "$(stat -c '%G %a' /sys/bus/i2c/devices/i2c-0/new_device)" "i2c 220"
claim "a chip without a driver is read over its bus (i2c-dev)" reads power '"value":12[,}]'
claim "a chip with a driver of the kernel's IIO is made known and read" reads weather '25\.0[78]'
claim "with each of its channels" reads weather '1006\.5'
claim "the kernel samples it by a trigger, and its buffer is read (iio:device)" reads gusts '1006\.4'
claim "which is open" bash -c "ls -l /proc/$pid/fd | tee /dev/stderr | grep -q /dev/iio:device"
board=/sys/kernel/config/gpio-sim/board
lines=/sys/devices/platform/$(cat $board/dev_name)/$(cat $board/bank0/chip_name)
echo pull-up >"$lines/sim_gpio0/pull"
claim "a line of the board is read (gpiochip)" reads button '"value":1'
echo pull-down >"$lines/sim_gpio0/pull"
claim "and followed" reads button '"value":0'
claim "an output is in its safe state" is "$(cat "$lines/sim_gpio1/value")" 0
claim "and is driven" says '"status":200' edge/commands send ',"application":"sensors","device":"relay","command":"set","body":{"payload":{"value":1}}'
claim "its line follows" within 10 grep -q 1 "$lines/sim_gpio1/value"
claim "a file of /sys that is not of a device is read-only to it, whoever asks" bash -c "! nsenter -t $pid -m sh -c 'echo 1 >/sys/kernel/mm/ksm/run' 2>/dev/null"
as_service() { nsenter -t "$pid" -m setpriv --reuid=kuzzle-edge --regid=kuzzle-edge --init-groups "$@"; }
claim "nor can it change /usr" bash -c "! nsenter -t $pid -m touch /usr/x 2>/dev/null"
cannot() { ! as_service "$@" 2>/dev/null; }
claim "or its own configuration" cannot touch /etc/kuzzle-edge/x

claim "the command tells its state" has serves "$(kuzzle-edge status; echo)"
claim "the console shows it" has Kuzzle.Edge "$(cat /run/issue.d/50-kuzzle-edge.issue)"
sed 's/^/        /' /run/issue.d/50-kuzzle-edge.issue
claim "its log is in the journal with priorities" bash -c '[ "$(journalctl -u kuzzle-edge -p 6..6 --output=cat | grep -c "Ready after")" -ge 1 ]'
claim "a secret is read from systemd's credentials" says '"documentsFetchCount":777' server capabilities ''

systemctl reload kuzzle-edge
claim "it reloads" within 30 bash -c 'journalctl -u kuzzle-edge --output=cat | grep -q "The configuration was read again"'
claim "and is the same process" is "$(main_pid)" "$pid"

# Stopped, it gives no sign of life: the manager ends it and starts it anew. The drop-in has made the time shorter.
kill -STOP "$pid"
claim "what hangs is ended by the watchdog and started anew" within 90 bash -c "[ \$(systemctl show --value -p NRestarts kuzzle-edge) -ge 1 ] && [ \$(systemctl is-active kuzzle-edge) = active ]"
claim "the restart was the watchdog's" bash -c 'journalctl -u kuzzle-edge --output=cat | grep -qi watchdog'
claim "and it serves" within 30 says '"now"' server now ''

# A part of it that hangs, while all the others go on: a disk that takes no write and gives no error, as a dying card does.
systemctl stop kuzzle-edge
mount -o loop /disk.ext4 /var/lib/kuzzle-edge
chown kuzzle-edge:kuzzle-edge /var/lib/kuzzle-edge
systemctl start kuzzle-edge
claim "it begins on another disk" within 60 says '"now"' server now ''
restarts=$(property NRestarts)
fsfreeze --freeze /var/lib/kuzzle-edge
(ask index create ',"index":"hangs"' >/dev/null) &
claim "when that hangs, no sign of life is given" within 90 bash -c 'journalctl -u kuzzle-edge --output=cat | grep "does not answer, so the service manager gets no sign of life"'
sed 's/^/        /' /run/said
claim "and the watchdog ends the process" within 60 bash -c "systemctl show -p Result -p NRestarts kuzzle-edge; [ \$(systemctl show --value -p Result kuzzle-edge) = watchdog ] || [ \$(systemctl show --value -p NRestarts kuzzle-edge) -gt $restarts ]"
fsfreeze --unfreeze /var/lib/kuzzle-edge
claim "it serves by itself when the disk answers again" within 120 says '"now"' server now ''
wait
systemctl stop kuzzle-edge
umount /var/lib/kuzzle-edge
systemctl start kuzzle-edge

now=$(date +%s)
systemctl stop kuzzle-edge
date --set=@86400 >/dev/null
systemctl start kuzzle-edge
claim "in 1970 it comes up" within 60 says '"now":86' server now ''
claim "and says that its clock is not set" within 60 bash -c 'kuzzle-edge status | tee /dev/stderr | grep -q "clock is not set: it says 1970-01-02"'
ask security createFirstAdmin ',"_id":"admin","body":{"content":{},"credentials":{"local":{"username":"admin","password":"a long one"}}}' >/dev/null
token=$(ask auth login ',"strategy":"local","expiresIn":"1h","body":{"username":"admin","password":"a long one"}' | grep -o '"jwt":"[^"]*"' | cut -d '"' -f 4)
date --set="@$now" >/dev/null
claim "who logged in then is not thrown out when the time is known" says '"kuid":"admin"' auth checkToken ",\"body\":{\"token\":\"$token\"}"
systemctl restart kuzzle-edge
claim "nor by a restart" within 30 says '"kuid":"admin"' auth checkToken ",\"body\":{\"token\":\"$token\"}"

systemctl enable --quiet kuzzle-edge.socket
systemctl stop kuzzle-edge
systemctl start kuzzle-edge.socket
systemctl start kuzzle-edge
claim "the port is systemd's" bash -c 'ss -ltnp | grep ":1883 " | tee /dev/stderr | grep -q systemd'
connack() { # an MQTT 3.1.1 CONNECT, answered within so many seconds
  exec 6<>/dev/tcp/127.0.0.1/1883 || return 1
  printf '\x10\x11\x00\x04MQTT\x04\x02\x00\x3c\x00\x05proof' >&6
  local answer
  answer=$(timeout "$1" head -c 4 <&6 | od -An -tx1 | tr -d ' ')
  exec 6<&- 6>&-
  is "$answer" 20020000
}
claim "MQTT works on it" within 30 connack 10
systemctl stop kuzzle-edge
(sleep 5; systemctl start kuzzle-edge) &
claim "who connects while the service is down waits in the socket and is served" connack 60
wait

before=$(main_pid)
claim "a newer package is installed over the running service" dpkg -i /second.deb
claim "which is then the new one, running" bash -c "[ \$(systemctl is-active kuzzle-edge) = active ] && [ \$(systemctl show --value -p MainPID kuzzle-edge) != $before ]"
claim "with the socket where it was" systemctl is-active --quiet kuzzle-edge.socket
claim "and serves" within 30 says '"now"' server now ''

systemctl disable --quiet --now kuzzle-edge.socket
systemctl stop kuzzle-edge
mkdir -p /run/systemd/system/kuzzle-edge.service.d
mount -t tmpfs -o size=8m,mode=700,uid="$(id -u kuzzle-edge)",gid="$(id -g kuzzle-edge)" tmpfs /var/lib/kuzzle-edge
systemctl start kuzzle-edge
claim "it begins on an empty disk" within 30 says '"now"' server now ''
systemctl stop kuzzle-edge
mount -o remount,ro /var/lib/kuzzle-edge
systemctl start kuzzle-edge
claim "on a read-only disk the unit comes up and says why it does not serve" has "Out of order: .*read-only\|Out of order: .*written" "$(property StatusText)"
claim "over HTTP too" has "503 " "$(ask server now '' | head -1)"
claim "and on the console" has "OUT OF ORDER" "$(cat /run/issue.d/50-kuzzle-edge.issue)"
claim "the command says so with exit code 71" bash -c 'kuzzle-edge status; [ $? -eq 71 ]'
claim "without being started again and again" is "$(property NRestarts)" "$(sleep 15; property NRestarts)"
mount -o remount,rw /var/lib/kuzzle-edge
claim "it serves by itself when the disk can be written again" within 40 says '"now"' server now ''
systemctl stop kuzzle-edge
umount /var/lib/kuzzle-edge
systemctl start kuzzle-edge

claim "removing the package stops the service" bash -c 'dpkg -r kuzzle-edge && ! systemctl is-active --quiet kuzzle-edge'
claim "purging leaves nothing" bash -c 'dpkg -P kuzzle-edge && [ ! -e /var/lib/kuzzle-edge ] && [ ! -e /etc/kuzzle-edge ]'
echo "== $failures claims failed"
echo 'end of the proof'
sync
systemctl poweroff --force
