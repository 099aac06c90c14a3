#!/usr/bin/env bash
# The image's scripts around an update, in a root of their own with a RAUC, a gateway and a service manager that do as each case says: what takes an hour in the
# emulator takes seconds here. Run by scripts/test-update; as root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

if [ "${1:-}" != inside ]; then
  exec unshare --mount --fork bash "$0" inside
fi

place=$(mktemp -d)
made=
[ -d /data ] || made=/data
trap 'umount /data "$place/data" 2>/dev/null; rm -rf "$place"; [ -z "$made" ] || rmdir $made' EXIT
mkdir "$place/bin" "$place/data"
mkdir -p /data
mount -t tmpfs test "$place/data"
mount --bind "$place/data" /data
libexec=$PWD/image/root/usr/libexec/kuzzle-edge

fake() { # name, what it does
  printf '#!/bin/sh\n%s\n' "$2" >"$place/bin/$1"
  chmod 755 "$place/bin/$1"
}
fake rauc 'echo "rauc $*" >>/data/did'
# shellcheck disable=SC2016
fake systemctl 'case "$1" in is-active) test -e /data/active ;; *) echo "systemctl $*" >>/data/did ;; esac'
fake kuzzle-edge 'test -e /data/healthy'
# The box's clock runs a hundred times faster.
fake sleep '/bin/sleep 0.05'
# U-Boot's variables: a file for each.
# shellcheck disable=SC2016
fake fw_printenv 'cat "/data/uboot/$2"'
# shellcheck disable=SC2016
fake fw_setenv 'echo "$2" >"/data/uboot/$1"'
cp "$libexec/update-trial" "$place/update-trial"
# The variables of GRUB where a case has put them (env), else U-Boot's.
# shellcheck disable=SC2016
sed -i -e "s,cut -d . -f 1 /proc/uptime,awk '{ print int(\$1 * 100) }' /proc/uptime," -e 's,^grubenv=.*,grubenv=$GRUBENV,' "$place/update-trial"
export GRUBENV=

failures=0
case_of() { # what is claimed, running slot, what must have been done; the state was prepared in /data
  local done
  echo "quiet rauc.slot=$2 ro" >"$place/cmdline"
  mount --bind "$place/cmdline" /proc/cmdline
  PATH=$place/bin:$libexec/boot-loader:$PATH sh "$place/update-trial" >"$place/said" 2>&1 || true
  umount /proc/cmdline
  done=$(paste -sd ';' /data/did 2>/dev/null || true)
  if [ "$done" = "$3" ]; then
    echo "shown    $1: $done"
  else
    echo "FAILED   $1: did '$done', not '$3'; said $(cat "$place/said")"
    failures=$((failures + 1))
  fi
}
holds() { # what is claimed, a test
  if eval "$2"; then echo "shown    $1"; else echo "FAILED   $1"; failures=$((failures + 1)); fi
}
fresh() {
  rm -rf /data/*
  mkdir /data/rauc
}

fresh
case_of "a slot that is not on trial is good at once, whatever its gateway does" A "rauc status mark-good"

fresh
echo "B 2.0" >/data/rauc/trial
touch /data/active /data/healthy
case_of "a slot on trial is good when its gateway is healthy, and no timer waits for it" B "rauc status mark-good;systemctl stop kuzzle-edge-trial-deadline.timer"
holds "and is no longer on trial" "[ ! -e /data/rauc/trial ] && [ ! -e /data/rauc/rolled-back ]"

fresh
echo "B 2.0" >/data/rauc/trial
touch /data/healthy
case_of "a service that does not stay up costs the slot its trial" B "rauc status mark-bad;systemctl --no-block reboot"
holds "and the note stays for the next start" "[ -e /data/rauc/trial ]"
rm /data/did
case_of "which finds the other slot running" A "rauc status mark-bad other;systemctl stop kuzzle-edge-trial-deadline.timer;rauc status mark-good"
holds "and says what was given up" "grep -q '2.0 in slot B' /data/rauc/rolled-back && [ ! -e /data/rauc/trial ]"

fresh
echo "B 2.0" >/data/rauc/trial
touch /data/active
case_of "a service that runs and does not answer is not healthy" B "rauc status mark-bad;systemctl --no-block reboot"

fresh
echo "B 2.0" >/data/rauc/trial
touch /data/active
fake kuzzle-edge 'rm -f /data/rauc/trial; false'
case_of "a slot that was called good by hand is left alone" B "systemctl stop kuzzle-edge-trial-deadline.timer"

fresh
echo "B 2.0" >/data/rauc/trial
touch /data/active
fake kuzzle-edge 'echo "A 3.0" >/data/rauc/trial; false'
case_of "and when the next update has begun meanwhile" B "systemctl stop kuzzle-edge-trial-deadline.timer"
holds "its note stays" "[ \"\$(cat /data/rauc/trial)\" = 'A 3.0' ]"
fake kuzzle-edge 'test -e /data/healthy'

fresh
mkdir "$place/bundle"
printf '[update]\ncompatible=x\nversion=3.1\n' >"$place/bundle/manifest.raucm"
begins() { # boot loader, device of the slot
  echo "bootloader=$1" >"$place/system.conf"
  PATH=$place/bin:$PATH RAUC_SYSTEM_CONFIG=$place/system.conf RAUC_TARGET_SLOTS=2 RAUC_SLOT_BOOTNAME_1=A RAUC_SLOT_BOOTNAME_2=B RAUC_SLOT_DEVICE_2=$2 \
    RAUC_BUNDLE_MOUNT_POINT=$place/bundle sh "$libexec/update-begins" >"$place/said"
}
begins grub /dev/sda3
holds "before a slot is written it is noted" "[ \"\$(cat /data/rauc/trial)\" = 'B 3.1' ]"
holds "and the timer of the trial before it is stopped" "grep -qx 'systemctl stop kuzzle-edge-trial-deadline.timer' /data/did"

fresh
begins uboot /dev/mmcblk0p3
holds "on a Raspberry Pi, too, if it was started from its card" "[ \"\$(cat /data/rauc/trial)\" = 'B 3.1' ]"
fresh
if begins uboot /dev/sda3; then echo "updated from USB" >/data/did; fi
holds "a Raspberry Pi that was started from USB refuses the update, and says why" "grep -q 'not started from an SD card' '$place/said' && [ ! -e /data/rauc/trial ] && [ ! -e /data/did ]"

fresh
grub-editenv /data/grubenv create
grub-editenv /data/grubenv set A_OK=1
inode=$(stat -c %i /data/grubenv)
sh "$libexec/boot-loader/grub-editenv" /data/grubenv set B_OK=1 "ORDER=B A"
holds "the boot loader's variables are written beside and moved" "[ \"\$(stat -c %i /data/grubenv)\" != $inode ] && [ ! -e /data/grubenv.new ]"
holds "and all are there" "[ \"\$(sh '$libexec/boot-loader/grub-editenv' /data/grubenv list | sort | paste -sd ' ')\" = 'A_OK=1 B_OK=1 ORDER=B A' ] && [ \$(stat -c %s /data/grubenv) = 1024 ]"

grub() { # name of a variable
  /usr/bin/grub-editenv /data/grubenv list | sed -n "s/^$1=//p"
}
GRUBENV=/data/grubenv

fresh
grub-editenv /data/grubenv create
grub-editenv /data/grubenv set "ORDER=B A" A_OK=1 A_TRY=1 B_OK=1 B_TRY=3
case_of "where the boot loader has passed over the slot that comes first, the one that runs is good" A "rauc status mark-good"
holds "the next start tries the other one again" "[ \$(grub B_TRY) = 0 ] && [ \"\$(grub ORDER)\" = 'B A' ]"
holds "and a note says so" "grep -q '^slot B, found at .* slot A runs instead' /data/rauc/passed-over"
case_of "when it has come up" B "rauc status mark-good;rauc status mark-good"
holds "the note is gone" "[ ! -e /data/rauc/passed-over ]"

fresh
grub-editenv /data/grubenv create
grub-editenv /data/grubenv set "ORDER=B A" A_OK=1 A_TRY=1 B_OK=0 B_TRY=0
case_of "a slot that was called bad" A "rauc status mark-good"
holds "is not tried again" "[ \$(grub B_OK) = 0 ] && [ ! -e /data/rauc/passed-over ]"

fresh
printf '%1024s' '' | tr ' ' '#' >/data/grubenv
case_of "when the boot loader's variables are torn" B "rauc status mark-good"
holds "they are made anew, for the slot that runs" "[ \"\$(grub-editenv /data/grubenv list | paste -sd ' ')\" = 'ORDER=B A B_OK=1 B_TRY=0 A_OK=0 A_TRY=0' ] && [ ! -e /data/grubenv.new ]"

fresh
: >/data/grubenv
echo torn >/data/grubenv.new
case_of "and when nothing is left of them" A "rauc status mark-good"
holds "too" "[ \"\$(grub-editenv /data/grubenv list | paste -sd ' ')\" = 'ORDER=A B A_OK=1 A_TRY=0 B_OK=0 B_TRY=0' ] && [ \$(stat -c %s /data/grubenv) = 1024 ]"
GRUBENV=

uboot() { # order, attempts left of A, of B
  mkdir /data/uboot
  echo "$1" >/data/uboot/BOOT_ORDER
  echo "$2" >/data/uboot/BOOT_A_LEFT
  echo "$3" >/data/uboot/BOOT_B_LEFT
}
fresh
uboot "B A" 2 0
case_of "with U-Boot, too, where the slot that comes first was passed over" A "rauc status mark-good"
holds "the next start tries it again" "[ \$(cat /data/uboot/BOOT_B_LEFT) = 3 ] && [ -e /data/rauc/passed-over ]"

fresh
uboot "A" 2 0
case_of "and one that RAUC has taken out of the order" A "rauc status mark-good"
holds "stays out" "[ \$(cat /data/uboot/BOOT_B_LEFT) = 0 ] && [ ! -e /data/rauc/passed-over ]"

exit $((failures > 0))
