# The layout of the disk: names, sizes and identities of its partitions. The same in every image of every version, for an update finds its slot by them.
# Sourced, not run.
# shellcheck disable=SC2034 # used by those who source this

FIRMWARE_MEGABYTES=64
# Twice what a system needs today, because a slot can never grow again.
ROOT_MEGABYTES=768
# What data begins with; the first start makes it as large as the card.
DATA_MEGABYTES=256

DISK_UUID=6b757a7a-6c65-4564-8765-000000000000
FIRMWARE_UUID=6b757a7a-6c65-4564-8765-000000000001
ROOT_A_UUID=6b757a7a-6c65-4564-8765-000000000002
ROOT_B_UUID=6b757a7a-6c65-4564-8765-000000000003
DATA_UUID=6b757a7a-6c65-4564-8765-000000000004
# Of the file system in a slot, whichever slot that is.
ROOT_UUID=6b757a7a-6c65-4564-8765-000000000010
FIRMWARE_SERIAL=4b454447
