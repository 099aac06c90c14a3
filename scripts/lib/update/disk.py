"""The image on its way into the emulator: a copy that a test may write to, with a way in."""
import json
import os
import shutil
import subprocess

AGENT = r"""#!/bin/sh
# A request is a number and a script in base64, an answer the number, the exit code and the output in base64; so nothing in them is taken for a line's end.
stty -F /dev/ttyS1 raw -echo 115200
exec 3<>/dev/ttyS1
echo 'agent up' >&3
while IFS=' ' read -r turn script <&3; do
  echo "$script" | base64 -d >/run/test-script
  sh /run/test-script </dev/null >/run/test-output 2>&1 3<&-
  echo "$turn $? $(base64 -w 0 /run/test-output)" >&3
done
"""

AGENT_UNIT = """[Unit]
Description=The test's shell on the second serial port
[Service]
ExecStart=/bin/sh /etc/test-agent
Restart=always
[Install]
WantedBy=multi-user.target
"""


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options).stdout


def partition(disk, name):
    """Where a partition is: its first byte and its size."""
    table = json.loads(run("sfdisk", "--json", disk))["partitiontable"]
    for one in table["partitions"]:
        if one.get("name") == name:
            return one["start"] * 512, one["size"] * 512
    raise LookupError(f"{disk} has no partition {name}")


def copy_range(source, target, start, size, target_start=0):
    """Copies bytes and leaves holes where there is nothing but zeros."""
    with open(source, "rb") as reader, open(target, "r+b") as writer:
        reader.seek(start)
        writer.seek(target_start)
        left = size
        while left > 0:
            block = reader.read(min(left, 1 << 20))
            left -= len(block)
            if block.count(0) == len(block):
                writer.seek(len(block), os.SEEK_CUR)
            else:
                writer.write(block)


def group_of(root, name):
    """The number of a group in a root file system."""
    for line in run("debugfs", "-R", "cat /etc/group", root).splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split(":")[2])
    raise LookupError(f"{root} has no group {name}")


def write_into(file_system, files, folders=()):
    """Writes files into an ext4 file system that nobody has mounted. files: [(path, content, mode)]; a content of None takes the file away. folders: [(path, mode, group)]
    of those that are made and are not for everybody."""
    folder = file_system + ".files"
    os.makedirs(folder)
    commands, made = [], set()
    for number, (path, content, mode) in enumerate(files):
        parts = path.strip("/").split("/")
        for depth in range(1, len(parts)):
            parent = "/" + "/".join(parts[:depth])
            if parent not in made:
                made.add(parent)
                commands.append(f"mkdir {parent}")
        commands.append(f"rm {path}")
        if content is None:
            continue
        if content.startswith("-> "):
            commands.append(f"symlink {path} {content[3:]}")
            continue
        source = os.path.join(folder, str(number))
        with open(source, "w") as file:
            file.write(content)
        commands += [f"write {source} {path}", f"set_inode_field {path} mode 0100{mode:o}", f"set_inode_field {path} uid 0", f"set_inode_field {path} gid 0"]
    for path, mode, group in folders:
        commands += [f"set_inode_field {path} mode 0{0o40000 | mode:o}", f"set_inode_field {path} gid {group}"]
    # What is there already, or is to be removed and is not, is no fault.
    subprocess.run(["debugfs", "-w", "-f", "-", file_system], input="\n".join(commands) + "\n", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, check=True)
    shutil.rmtree(folder)


def prepare(image, root, disk, size, configuration):
    """A disk of a size with the image on it; its data partition holds the test's way in and a configuration."""
    shutil.copyfile(image, disk)
    os.truncate(disk, size)
    start, length = partition(image, "data")
    data = disk + ".data"
    with open(data, "wb") as file:
        file.truncate(length)
    copy_range(image, data, start, length)
    etc = "/etc/upper"
    gateway = group_of(root, "kuzzle-edge")
    write_into(data, [
        (f"{etc}/test-agent", AGENT, 0o755),
        (f"{etc}/systemd/system/test-agent.service", AGENT_UNIT, 0o644),
        (f"{etc}/systemd/system/multi-user.target.wants/test-agent.service", "-> ../test-agent.service", 0),
        (f"{etc}/kuzzle-edge/kuzzlerc.d/50-test.json", configuration, 0o644),
    ], [
        # As in the image, whose folders these cover: what the box writes there at its first start is for the gateway, too.
        (f"{etc}/kuzzle-edge", 0o750, gateway),
        (f"{etc}/kuzzle-edge/kuzzlerc.d", 0o2750, gateway),
    ])
    copy_range(data, disk, 0, length, start)
    os.remove(data)
