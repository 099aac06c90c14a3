# From the base system to the disk, without anything that takes long. Sourced by image/build, whose variables it uses.
# shellcheck shell=bash disable=SC2154

# Puts the gateway and the appliance's own files into the base system.
compose_root() { # directory
  local root=$1
  if [ -n "$deb" ]; then
    # Before the package makes them by numbers of chance. (Debian's i2c-tools has made the group i2c already; nothing that is kept belongs to it.)
    install -D -m 644 image/root/etc/sysusers.d/kuzzle-edge.conf "$root/etc/sysusers.d/kuzzle-edge.conf"
    cp "$deb" "$root/kuzzle-edge.deb"
    unshare --mount --pid --fork --kill-child bash -c '
      mount -t proc proc "$1/proc"
      PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C exec chroot "$1" dpkg --install /kuzzle-edge.deb
    ' bash "$root" >"$work/dpkg.log" 2>&1 || { cat "$work/dpkg.log" >&2; return 1; }
    rm "$root/kuzzle-edge.deb"
    check_identities "$root" || return 1
  fi

  local tree
  for tree in image/root "image/$target/root"; do
    [ ! -d "$tree" ] || tar -C "$tree" --owner=0 --group=0 --mode='u=rwX,go=rX' -cf - . | tar -C "$root" -xf - --no-same-owner --keep-directory-symlink
  done
  # Without the gateway there is nobody to number.
  [ -n "$deb" ] || rm "$root/etc/sysusers.d/kuzzle-edge.conf"
  # What first boot writes there is for the gateway to read, too.
  [ -z "$deb" ] || chmod g+s "$root/etc/kuzzle-edge/kuzzlerc.d"
  [ -z "$keyring" ] || install -D -m 644 "$keyring" "$root/etc/rauc/keyring.pem"
  sed -e "s/@FIRMWARE@/$FIRMWARE_UUID/" image/lib/fstab >"$root/etc/fstab"
  mkdir -p "$root/data" "$root/boot/firmware"
  : >"$root/etc/machine-id"
  echo kuzzle-edge >"$root/etc/hostname"
  ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
  local suite
  # Debian's own, wherever the packages came from, should somebody want apt nevertheless.
  for suite in "$release" "$release-updates"; do echo "deb http://deb.debian.org/debian $suite main non-free-firmware"; done >"$root/etc/apt/sources.list"
  echo "deb http://security.debian.org/debian-security $release-security main non-free-firmware" >>"$root/etc/apt/sources.list"
  rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap"
  rm -f "$root"/etc/ssh/ssh_host_* "$root/var/lib/dbus/machine-id" "$root"/etc/*- "$root/var/cache/ldconfig/aux-cache"
  rm -rf "$root"/var/log/* "$root"/var/cache/apt "$root"/var/lib/apt/lists "$root"/var/lib/systemd/deb-systemd-helper* "$root"/run/* "$root"/tmp/* "$root"/vmlinuz* "$root"/initrd.img*
  mkdir -p "$root/var/log/journal"
  local kernel
  kernel=$(basename "$(ls -d "$root"/boot/vmlinuz-*)")
  ln -sf "$kernel" "$root/boot/vmlinuz"
  ln -sf "initrd.img-${kernel#vmlinuz-}" "$root/boot/initrd.img"
  # Nobody logs in by a password that this image brings.
  sed -i 's/^root:[^:]*:/root:!*:/' "$root/etc/shadow"

  local unit
  while read -r unit; do
    # What runs the gateway's program is not for an image without it. (kuzzle-edge-trial does so only after an update.)
    case $unit in kuzzle-edge-first-boot.* | kuzzle-edge-claim.* | kuzzle-edge-restart.*) [ -n "$deb" ] || continue ;; esac
    systemctl --quiet --root="$root" enable "$unit"
  done < <(packages image/lib/enabled)
  while read -r unit; do systemctl --quiet --root="$root" mask "$unit"; done < <(packages image/lib/masked)
  cat >>"$root/usr/lib/os-release" <<RELEASE
IMAGE_ID=kuzzle-edge-$target
IMAGE_VERSION=$(image_version)
RELEASE

  # /usr is as old as its commit, and /etc and /var are told that they belong to it: else systemd would take each start for the first one after an update.
  find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  touch --date="@$SOURCE_DATE_EPOCH" "$root/usr"
  local place
  for place in etc var; do
    printf '# Written when the image was made.\nTIMESTAMP_NSEC=%s000000000\n' "$SOURCE_DATE_EPOCH" >"$root/$place/.updated"
    touch --date="@$SOURCE_DATE_EPOCH" "$root/$place/.updated" "$root/$place"
  done
}

# An update must find what the image before it has written: the gateway's number is that of every image.
check_identities() { # directory
  local wanted=500 user group owner
  user=$(awk -F : '$1 == "kuzzle-edge" { print $3 ":" $4 }' "$1/etc/passwd")
  group=$(awk -F : '$1 == "kuzzle-edge" { print $3 }' "$1/etc/group")
  owner=$(stat --format %u:%g "$1/etc/kuzzle-edge")
  [ "$user $group $owner" = "$wanted:$wanted $wanted 0:$wanted" ] && return
  echo "image/build: the gateway's user is '$user', its group '$group', its configuration is of '$owner'; all images have $wanted (image/root/etc/sysusers.d)" >&2
  return 1
}

# The version of the gateway in it, or of the sources.
image_version() {
  if [ -n "$deb" ]; then dpkg-deb --field "$deb" Version; else git describe --always --dirty; fi
}

make_root_file_system() { # directory, file
  # No journal: nothing ever writes to it but an update, and that writes all of it.
  mke2fs -q -F -t ext4 -d "$1" -L root -U "$ROOT_UUID" -O '^has_journal,^resize_inode' -m 0 -N 32768 -E "hash_seed=$ROOT_UUID,lazy_itable_init=0,nodiscard" "$2" "${ROOT_MEGABYTES}M"
  # When a file was changed last is what mke2fs takes from this machine; nobody reads it there, and equal builds shall be equal.
  local inode last
  last=$(dumpe2fs -h "$2" 2>/dev/null | awk -F ': *' '/^Inode count/ { all = $2 } /^Free inodes/ { free = $2 } END { print all - free }')
  for ((inode = 2; inode <= last; inode++)); do printf 'sif <%d> ctime @%d\nsif <%d> atime @%d\n' "$inode" "$SOURCE_DATE_EPOCH" "$inode" "$SOURCE_DATE_EPOCH"; done >"$2.times"
  debugfs -w -f "$2.times" "$2" >/dev/null 2>&1
  rm "$2.times"
}

df_of_ext4() { # file
  dumpe2fs -h "$1" 2>/dev/null | awk -F ': *' '/^Block count/ { all = $2 } /^Free blocks/ { free = $2 } /^Block size/ { size = $2 } END { printf "%d of %d MB used", (all - free) * size / 1048576, all * size / 1048576 }'
}

make_firmware() { # unpacked boot loaders, file
  local tree=$work/firmware
  mkdir "$tree"
  "firmware_of_${target//-/_}" "$1" "$tree"
  find "$tree" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
  truncate --size "${FIRMWARE_MEGABYTES}M" "$2"
  mkfs.vfat --invariant -F 32 -s 1 -n FIRMWARE -i "$FIRMWARE_SERIAL" "$2" >/dev/null
  (cd "$tree" && find . -mindepth 1 -maxdepth 1 -print0 | sort -z | TZ=UTC xargs -0 -I '{}' mcopy -s -m -Q -i "$2" '{}' ::/)
}

# Signed by Debian, so that it starts where Secure Boot is on; that GRUB looks for its configuration in EFI/debian.
firmware_of_pc_amd64() { # unpacked boot loaders, directory
  mkdir -p "$2/EFI/BOOT" "$2/EFI/debian"
  cp "$1/usr/lib/shim/shimx64.efi.signed" "$2/EFI/BOOT/BOOTX64.EFI"
  cp "$1/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$2/EFI/BOOT/grubx64.efi"
  sed -e "s/@ROOT_A@/$ROOT_A_UUID/" -e "s/@ROOT_B@/$ROOT_B_UUID/" image/pc-amd64/grub.cfg >"$2/EFI/debian/grub.cfg"
  # 1024 bytes, of which GRUB rewrites single blocks: the form of grub-editenv.
  printf '%-1024s' "# GRUB Environment Block
ORDER=A B
A_OK=1
A_TRY=0
B_OK=0
B_TRY=0
" | tr ' ' '#' | sed 's/^#.GRUB.Environment.Block$/# GRUB Environment Block/; s/^ORDER=A.B$/ORDER=A B/' >"$2/EFI/debian/grubenv"
}

make_disk() { # directory of the file systems, file
  local type table=gpt firmware=
  # The boot ROMs of the Raspberry Pi before 4 know the old table (MBR) only, and in it they look for a FAT: there the partition "firmware" stands in both tables. Everything else,
  # and everybody else (U-Boot, Linux, systemd-repart), goes by GPT.
  [ "$target" != rpi-arm64 ] || { table=hybrid; firmware='partition-type = 0x0c'; }
  # The partition types of the Discoverable Partitions Specification.
  [ "$architecture" = amd64 ] && type=4f68bce3-e8cd-4db1-96e7-fbcaf984b709 || type=b921b045-1df0-41c3-af44-4c6f280d3fae
  cat >"$work/genimage.cfg" <<GENIMAGE
image $(basename "$2") {
  hdimage {
    partition-table-type = "$table"
    align = 1M
    disk-uuid = "$DISK_UUID"
  }
  partition firmware {
    $firmware
    partition-type-uuid = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
    partition-uuid = "$FIRMWARE_UUID"
    image = "firmware.vfat"
  }
  partition root-a {
    partition-type-uuid = "$type"
    partition-uuid = "$ROOT_A_UUID"
    image = "root.ext4"
  }
  partition root-b {
    partition-type-uuid = "$type"
    partition-uuid = "$ROOT_B_UUID"
    size = ${ROOT_MEGABYTES}M
  }
  partition data {
    partition-type-uuid = "0fc63daf-8483-4772-8e79-3d69d8477de4"
    partition-uuid = "$DATA_UUID"
    image = "data.ext4"
  }
}
GENIMAGE
  mkdir -p "$work/empty" "$work/tmp"
  genimage --loglevel 1 --config "$work/genimage.cfg" --inputpath "$1" --outputpath "$(dirname "$2")" --rootpath "$work/empty" --tmppath "$work/tmp" 2>"$work/genimage.log" \
    || { cat "$work/genimage.log" >&2; return 1; }
  [ "$table" = gpt ] || move_protection "$2"
}

# The old table's entry that stands for GPT goes from the second place to the fourth: firmware that knows GPT a little looks for it in the first two, and would not read the first.
move_protection() { # image
  local entries=446 place
  [ "$(od -A n -t x1 -j $((entries + 16 + 4)) -N 1 "$1" | tr -d ' ')" = ee ] || { echo "image/build: genimage has not put GPT's entry into the second place of the old table" >&2; return 1; }
  place=$work/protection
  dd if="$1" of="$place" bs=1 skip=$((entries + 16)) count=16 status=none
  dd if=/dev/zero of="$1" bs=1 seek=$((entries + 16)) count=16 conv=notrunc status=none
  dd if="$place" of="$1" bs=1 seek=$((entries + 48)) count=16 conv=notrunc status=none
}

# What a person needs who was not there when it was built: packed, with a map of what is not empty, its sum, and what Raspberry Pi Imager wants to know of it.
release_files() { # image
  need_command bmaptool bmap-tools
  local name extracted packed date
  name=$(basename "$1")
  date=$(TZ=UTC date --date="@$SOURCE_DATE_EPOCH" +%F)
  bmaptool create --output "$1.bmap" "$1" >/dev/null
  xz --threads=0 --keep --force -6 "$1"
  extracted=$(sha256sum "$1" | cut -d ' ' -f 1)
  packed=$(sha256sum "$1.xz" | cut -d ' ' -f 1)
  (cd "$(dirname "$1")" && sha256sum "$name.xz" >"$name.xz.sha256")
  local devices='"pc"' architecture_name=amd64 medium=
  [ "$target" != rpi-arm64 ] || { devices='"pi4-64bit", "pi3-64bit"'; architecture_name=armv8; medium=", for SD card or eMMC"; }
  # The address is that of the file beside the list; who publishes both elsewhere changes it.
  cat >"$(dirname "$1")/os_list-$target.json" <<JSON
{
  "os_list": [
    {
      "name": "Kuzzle.Edge $(image_version)",
      "description": "MQTT broker, Kuzzle backend and sensor gateway ($target$medium)",
      "icon": "",
      "url": "${IMAGE_URL:-file://$(realpath "$1").xz}",
      "release_date": "$date",
      "extract_size": $(stat --format %s "$1"),
      "extract_sha256": "$extracted",
      "image_download_size": $(stat --format %s "$1.xz"),
      "image_download_sha256": "$packed",
      "devices": [$devices],
      "architecture": "$architecture_name",
      "init_format": "rpi-preseed",
      "capabilities": ["passwordless_sudo"]
    }
  ]
}
JSON
}

# Where U-Boot puts the kernel, aligned so that it is not moved, and the initramfs behind it.
KERNEL_ADDRESS=0x00200000
RAMDISK_ADDRESS=0x04000000
# The smallest boards have 512 MB, of which the graphics have some and U-Boot the end.
RAMDISK_END=0x10000000

# A kernel that grows over its initramfs would not start, and the slot would be given up in the field.
check_addresses() { # root file system's archive
  local magic kernel ramdisk
  tar -xf "$1" -C "$work" --wildcards --transform='s,.*/,,' './boot/vmlinuz-*' './boot/initrd.img-*'
  magic=$(od -A n -t x1 -j 56 -N 4 "$work"/vmlinuz-* | tr -d ' ')
  [ "$magic" = 41524d64 ] || { echo "image/build: the kernel is no arm64 image that U-Boot's booti starts" >&2; return 1; }
  # What it takes in memory (image_size of its header), which is more than the file.
  kernel=$(od -A n -t u8 --endian=little -j 16 -N 8 "$work"/vmlinuz-* | tr -d ' ')
  ramdisk=$(stat --format %s "$work"/initrd.img-*)
  rm "$work"/vmlinuz-* "$work"/initrd.img-*
  [ $((KERNEL_ADDRESS + kernel)) -le $((RAMDISK_ADDRESS)) ] && [ $((RAMDISK_ADDRESS + ramdisk)) -le $((RAMDISK_END)) ] && return
  echo "image/build: the kernel takes $kernel bytes of memory from $KERNEL_ADDRESS, the initramfs $ramdisk from $RAMDISK_ADDRESS: they do not fit (image/lib/compose.sh, check_addresses)" >&2
  return 1
}

# The board's own firmware starts U-Boot, which starts a slot. Device trees are the firmware's; the kernel's own are in the slot.
firmware_of_rpi_arm64() { # unpacked boot loaders, directory
  local file
  check_addresses "$base/root.tar" || return 1
  for file in "$1"/usr/lib/raspi-firmware/{bootcode.bin,start*.elf,fixup*.dat}; do cp "$file" "$2/"; done
  cp "$1/usr/lib/u-boot/rpi_3/u-boot.bin" "$2/u-boot-rpi-3.bin"
  cp "$1/usr/lib/u-boot/rpi_4/u-boot.bin" "$2/u-boot-rpi-4.bin"
  cp image/rpi-arm64/config.txt "$2/config.txt"
  # Upstream's device trees, which fit the kernel in the slots. Not the Pi 5's: that of this kernel (6.12) lacks RP1, and with it network, USB and the pins.
  tar -xf "$base/root.tar" --wildcards './usr/lib/linux-image-*/broadcom/bcm2[78]*-rpi-*.dtb' --exclude='*/bcm2712-*' --to-command="cat >'$2'/\$(basename \"\$TAR_FILENAME\")"
  sed -e "s/@ROOT_A@/$ROOT_A_UUID/" -e "s/@ROOT_B@/$ROOT_B_UUID/" -e "s/@KERNEL_ADDRESS@/$KERNEL_ADDRESS/" -e "s/@RAMDISK_ADDRESS@/$RAMDISK_ADDRESS/" \
    image/rpi-arm64/boot.cmd >"$work/boot.cmd"
  mkimage -A arm64 -T script -C none -n "Kuzzle.Edge" -d "$work/boot.cmd" "$2/boot.scr" >/dev/null
}
