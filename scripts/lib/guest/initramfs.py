"""The guest's root file system: Debian's busybox and libraries, the kernel modules asked for, and files of our own, as one cpio archive."""
import io
import lzma
import os
import re
import stat
import subprocess

LIBRARIES = re.compile(r"^(usr/lib64/|usr/lib/x86_64-linux-gnu/)[^/]*\.so(\.[^/]*)?$")
MERGED = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}  # as Debian's base-files has them
FOLDERS = ["dev", "etc", "proc", "root", "run", "sys", "tmp", "usr/bin", "usr/sbin", "usr/lib64", "var/lib"]


def _name(path):
    """A module is named with underscores, its file as its author liked."""
    return os.path.basename(path).split(".ko")[0].replace("-", "_")


class Modules:
    """The modules of one kernel, with what they need."""

    def __init__(self, root):
        base = os.path.join(root, "usr/lib/modules")
        if not os.path.isdir(base):
            base = os.path.join(root, "lib/modules")
        self.version = max(os.listdir(base))
        self.folder = os.path.join(base, self.version)
        self.files = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                if re.search(r"\.ko(\.xz|\.zst)?$", name):
                    self.files[_name(name)] = os.path.join(folder, name)
        self.chosen = {}  # name: (content, needs, aliases), what is needed first
        self.lacking = []

    def kernel(self, root):
        """The kernel's image, which stands beside the modules or in /boot."""
        for path in (os.path.join(self.folder, "vmlinuz"), os.path.join(root, "boot", "vmlinuz-" + self.version)):
            if os.path.exists(path):
                return path
        raise FileNotFoundError(f"no kernel image {self.version} under {root}")

    def choose(self, name):
        """Adds a module and what it needs; one that the kernel has no file for is built in or absent, and noted."""
        name = name.replace("-", "_")
        if name in self.chosen:
            return
        if name not in self.files:
            self.lacking.append(name)
            return
        content = self._read(self.files[name])
        facts = self._facts(content)
        needs = [n for n in ",".join(facts.get("depends", [])).split(",") if n]
        for need in needs:
            self.choose(need)
        self.chosen[name] = (content, [n.replace("-", "_") for n in needs], facts.get("alias", []))

    @staticmethod
    def _read(path):
        if path.endswith(".xz"):
            with lzma.open(path) as packed:
                return packed.read()
        if path.endswith(".zst"):
            return subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
        with open(path, "rb") as plain:
            return plain.read()

    @staticmethod
    def _facts(content):
        """What the section .modinfo says, found by its form: key=value, each between zero bytes."""
        facts = {}
        for key, value in re.findall(rb"\0(depends|alias)=([^\0]*)(?=\0)", content):
            facts.setdefault(key.decode(), []).append(value.decode())
        return facts

    def index(self):
        """modules.dep and modules.alias, as modprobe wants them."""
        depends, aliases = [], []
        for name, (_, _, names) in self.chosen.items():
            depends.append(f"kernel/{name}.ko:" + "".join(f" kernel/{needed}.ko" for needed in reversed(self._loaded_before(name))))
            aliases += [f"alias {alias} {name}" for alias in names]
        return "\n".join(depends) + "\n", "\n".join(aliases) + "\n"

    def _loaded_before(self, name):
        """What a module needs, itself and through others, in the order of loading. modprobe reads the list from its end."""
        ordered = []
        for need in self.chosen[name][1]:
            if need in self.chosen:
                ordered += [further for further in [*self._loaded_before(need), need] if further not in ordered]
        return ordered


class Archive:
    """A cpio archive in the form that the kernel unpacks (newc). Everything in it belongs to root."""

    def __init__(self):
        self.out = io.BytesIO()
        self.count = 0
        self.names = set()

    def _add(self, name, mode, content=b""):
        if name in self.names:
            raise ValueError(f"{name} is in the archive twice")
        self.names.add(name)
        self.count += 1
        raw = name.encode() + b"\0"
        fields = [self.count, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(raw), 0]
        self.out.write(b"070701" + b"".join(b"%08X" % field for field in fields) + raw)
        self._pad()
        self.out.write(content)
        self._pad()

    def _pad(self):
        self.out.write(bytes(-self.out.tell() % 4))

    def folder(self, name):
        parts = name.split("/")
        for end in range(1, len(parts) + 1):
            if "/".join(parts[:end]) not in self.names:
                self._add("/".join(parts[:end]), stat.S_IFDIR | 0o755)

    def link(self, name, target):
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def file(self, name, content, mode=0o644):
        if "/" in name:
            self.folder(os.path.dirname(name))
        self._add(name, stat.S_IFREG | mode, content if isinstance(content, bytes) else content.encode())

    def write(self, path):
        self._add("TRAILER!!!", 0)
        with open(path, "wb") as out:
            out.write(self.out.getvalue())


def build(root, modules, files, path):
    """Writes the archive. files: {name: (content or a path on this machine, mode)}."""
    archive = Archive()
    for folder in FOLDERS:
        archive.folder(folder)
    for name, target in MERGED.items():
        archive.link(name, target)

    with open(os.path.join(root, "usr/bin/busybox"), "rb") as busybox:
        archive.file("usr/bin/busybox", busybox.read(), 0o755)
    archive.link("usr/bin/sh", "busybox")
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            whole = os.path.join(folder, name)
            relative = os.path.relpath(whole, root)
            if not LIBRARIES.match(relative):
                continue
            if os.path.islink(whole):
                archive.folder(os.path.dirname(relative))
                archive.link(relative, os.readlink(whole))
            else:
                with open(whole, "rb") as library:
                    archive.file(relative, library.read(), 0o755)

    home = f"usr/lib/modules/{modules.version}"
    for name, (content, _, _) in modules.chosen.items():
        archive.file(f"{home}/kernel/{name}.ko", content)
    depends, aliases = modules.index()
    archive.file(f"{home}/modules.dep", depends)
    archive.file(f"{home}/modules.alias", aliases)
    archive.file(f"{home}/modules.symbols", "")

    for name, (content, mode) in files.items():
        archive.file(name, content, mode)
    archive.write(path)
