"""Puts a kernel, its modules and an initramfs beside a root file system, so that it can be booted: image.py ROOT CACHE RELEASE INITRAMFS prints the path of the kernel."""
import os
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "guest"))
import feed  # noqa: E402
import initramfs  # noqa: E402

# To find the disk, and what the proof simulates. The SMBus of the machine is left out: so the stub is bus 0.
EARLY = ["virtio_pci", "virtio_blk", "ext4"]
MODULES = EARLY + ["i2c-dev", "i2c-stub", "gpio-sim", "lm75", "industrialio", "bmp280", "bmp280-i2c", "iio-trig-hrtimer", "iio-trig-sysfs", "configfs", "autofs4", "efivarfs", "loop"]

INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
for module in $(/bin/busybox cat /modules); do /bin/busybox insmod /$module; done
for try in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/vda ] && break; /bin/busybox sleep 0.5; done
/bin/busybox mount -t ext4 /dev/vda /root && exec /bin/busybox switch_root /root /usr/lib/systemd/systemd
exec /bin/busybox sh
"""


def main():
    root, cache, release, early = sys.argv[1:]
    packages, _ = feed.tree(cache, None, release, False)
    modules = initramfs.Modules(packages)
    for name in MODULES:
        modules.choose(name)
    home = os.path.join(root, "usr/lib/modules", modules.version)
    os.makedirs(os.path.join(home, "kernel"))
    for name, (content, _, _) in modules.chosen.items():
        with open(os.path.join(home, "kernel", name + ".ko"), "wb") as out:
            out.write(content)
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        path = os.path.join(modules.folder, name)
        if os.path.exists(path):
            subprocess.run(["cp", path, home], check=True)
    subprocess.run(["chroot", root, "depmod", modules.version], check=True, stderr=subprocess.DEVNULL)  # It warns of lists of built-in modules, which nobody reads here.

    archive = initramfs.Archive()
    for folder in ("bin", "dev", "proc", "root"):
        archive.folder(folder)
    with open(os.path.join(packages, "usr/bin/busybox"), "rb") as busybox:
        archive.file("bin/busybox", busybox.read(), 0o755)
    first = initramfs.Modules(packages)
    for name in EARLY:
        first.choose(name)
    for name, (content, _, _) in first.chosen.items():
        archive.file(name + ".ko", content)
    archive.file("modules", " ".join(name + ".ko" for name in first.chosen) + "\n")
    archive.file("init", INIT, stat.S_IRWXU)
    archive.write(early)
    print(modules.kernel(packages))


main()
