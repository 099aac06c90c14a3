# U-Boot's script: starts one of two slots, as image/pc-amd64/grub.cfg does. RAUC's names: BOOT_ORDER, and how many attempts each slot has left.
test -n "${BOOT_ORDER}" || setenv BOOT_ORDER "A B"
test -n "${BOOT_A_LEFT}" || setenv BOOT_A_LEFT 3
test -n "${BOOT_B_LEFT}" || setenv BOOT_B_LEFT 0

setenv slot
for next in ${BOOT_ORDER}; do
  if test -n "${slot}"; then
    true
  elif test "x${next}" = "xA"; then
    if test ${BOOT_A_LEFT} -gt 0; then
      setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1
      setenv slot A
      setenv part 2
      setenv root @ROOT_A@
    fi
  elif test "x${next}" = "xB"; then
    if test ${BOOT_B_LEFT} -gt 0; then
      setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1
      setenv slot B
      setenv part 3
      setenv root @ROOT_B@
    fi
  fi
done

# No slot is left. A box in the field must not stay dead: all over again.
if test -z "${slot}"; then
  setenv BOOT_A_LEFT 3
  setenv BOOT_B_LEFT 3
  saveenv
  reset
fi
# From the next start on no byte on the serial port, and no key, stops a start that nobody is there to go on with. (The variables must exist before U-Boot looks at them, and a file
# that was made for them with the image would have to hold all of U-Boot's own, which differ from board to board; so the first start still waits two seconds for a key.)
setenv bootdelay -2
# Nor does U-Boot start the USB any more before it needs it, and it needs it only when there is no card.
setenv preboot
saveenv

echo "Kuzzle.Edge: starting slot ${slot}"
setenv bootargs "root=PARTUUID=${root} rauc.slot=${slot} ro rootwait quiet panic=10 systemd.gpt_auto=0 console=ttyS0,115200 console=ttyS1,115200 console=tty0"
# The firmware has put the board's device tree at fdt_addr, overlays and memory included; in an emulator U-Boot has its own.
test -n "${fdt_addr}" || setenv fdt_addr ${fdtcontroladdr}
# U-Boot's own places leave the kernel 39 MB before it overwrites the initramfs; these 62 (image/build looks that it fits), and are within 512 MB of memory.
setenv kernel_addr_r @KERNEL_ADDRESS@
setenv ramdisk_addr_r @RAMDISK_ADDRESS@
if load ${devtype} ${devnum}:${part} ${kernel_addr_r} /boot/vmlinuz && load ${devtype} ${devnum}:${part} ${ramdisk_addr_r} /boot/initrd.img; then
  booti ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdt_addr}
fi
echo "Kuzzle.Edge: slot ${slot} cannot be started"
sleep 5
reset
