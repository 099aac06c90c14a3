#!/usr/bin/busybox sh
# The guest's first process: file systems, modules, simulated hardware, the gateway, and a shell for the machine outside on the second serial port.
/usr/bin/busybox --install -s /usr/bin
ln -s ../bin/busybox /usr/sbin/modprobe # where the kernel looks when it wants a module
export PATH=/usr/bin:/usr/sbin TERM=dumb HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmpfs /run
modprobe configfs 2>/dev/null
# What udev does on a whole Debian: a device that appears gets the driver that knows its alias.
echo '$MODALIAS=.* 0:0 660 @modprobe -q "$MODALIAS"' >/etc/mdev.conf
mdev -d
mount -t configfs configfs /sys/kernel/config

ifconfig lo 127.0.0.1 up
while read -r module; do modprobe $module || echo "modprobe $module failed"; done </etc/modules
[ -e /sys/class/net/eth0 ] && ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up && route add default gw 10.0.2.2

/etc/hardware || echo "the hardware is not complete"
/usr/sbin/gateway start

# A request is a number and a script in base64, an answer the number, the exit code and the output in base64; so nothing in them is taken for a line's end.
stty -F /dev/ttyS1 raw -echo 115200
exec 3<>/dev/ttyS1
echo 'agent up' >&3
while IFS=' ' read -r turn script <&3; do
  echo "$script" | base64 -d >/run/script
  sh /run/script </dev/null >/run/output 2>&1 3<&-
  echo "$turn $? $(base64 -w 0 /run/output)" >&3
done
poweroff -f
