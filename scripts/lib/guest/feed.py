"""Debian packages for the guest, fetched with apt under a configuration of its own: the machine's sources stay as they are."""
import json
import os
import re
import shutil
import subprocess
import tempfile

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
USERLAND = ["busybox-static", "libc6", "libgcc-s1", "libstdc++6", "libsqlite3-0", "libssl3t64", "libzstd1", "zlib1g"]


class Unavailable(Exception):
    """Something that the guest is made of cannot be had on this machine; the text names it."""


def mirror():
    """The Debian mirror that this machine installs from."""
    try:
        said = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)", "Created-By: Packages"],
            capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as fault:
        raise Unavailable(f"apt-get does not tell which Debian mirror this machine uses ({fault}); --mirror names one") from fault
    for line in said.splitlines():
        origin, label, uri = line.split("|")
        if origin == label == "Debian":
            return uri
    raise Unavailable("this machine installs from no Debian mirror; --mirror names one")


class Feed:
    """Fetches packages of one release and its backports into a cache, and unpacks them."""

    def __init__(self, cache, uri, release):
        self.folder = os.path.join(cache, "apt")
        self.release = release
        for part in ("lists/partial", "archives/partial"):
            os.makedirs(os.path.join(self.folder, part), exist_ok=True)
        open(os.path.join(self.folder, "status"), "w").close()
        signed = f"[signed-by={KEYRING}] " if os.path.exists(KEYRING) else ""
        with open(os.path.join(self.folder, "sources.list"), "w") as sources:
            for suite in (release, release + "-backports"):
                sources.write(f"deb {signed}{uri} {suite} main\n")

    def _apt(self, *arguments, **how):
        own = {
            "Dir::State": self.folder, "Dir::State::lists": self.folder + "/lists", "Dir::State::status": self.folder + "/status",
            "Dir::Cache": self.folder, "Dir::Cache::archives": self.folder + "/archives",
            "Dir::Etc::sourcelist": self.folder + "/sources.list", "Dir::Etc::sourceparts": "-",
            "Dir::Etc::preferences": "-", "Dir::Etc::preferencesparts": "-",
            "APT::Architecture": "amd64", "APT::Architectures": "amd64", "APT::Sandbox::User": "", "Acquire::Languages": "none",
        }
        command = [arguments[0]] + [part for key, value in own.items() for part in ("-o", f"{key}={value}")] + list(arguments[1:])
        done = subprocess.run(command, capture_output=True, text=True, timeout=540, **how)
        if done.returncode != 0:
            raise Unavailable(f"{' '.join(arguments)}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def unpack(self, into):
        """Fetches kernel and userland, unpacks them into a folder and returns {package: version}."""
        self._apt("apt-get", "update")
        plan = self._apt("apt-get", "--simulate", "--no-install-recommends", "--target-release", self.release + "-backports", "install", "linux-image-amd64")
        # The kernel is one package or several (image, modules, binary), as the release pleases; only versioned ones hold files.
        kernel = re.findall(r"^Inst (linux-(?:image|modules|binary)-\d\S*) ", plan, re.M)
        if not kernel:
            raise Unavailable(f"{self.release}-backports has no kernel for amd64")
        versions = {}
        with tempfile.TemporaryDirectory(dir=self.folder) as fetched:
            self._apt("apt-get", "download", *kernel, *USERLAND, cwd=fetched)
            for name in sorted(os.listdir(fetched)):
                package, version, _ = name.split("_")
                versions[package] = version.replace("%3a", ":")
                subprocess.run(["dpkg-deb", "--extract", os.path.join(fetched, name), into], check=True)
        missing = sorted({*kernel, *USERLAND} - versions.keys())
        if missing:
            raise Unavailable(f"the mirror did not give {', '.join(missing)}")
        return versions


def tree(cache, uri, release, fresh):
    """The folder of the unpacked packages and {package: version}; fetched once, then kept."""
    kept = os.path.join(cache, release + "-amd64")
    record = os.path.join(kept, "packages.json")
    if fresh and os.path.isdir(kept):
        shutil.rmtree(kept)
    if not os.path.exists(record):
        for tool in ("apt-get", "dpkg-deb"):
            if shutil.which(tool) is None:
                raise Unavailable(f"the command {tool} is missing: the guest is made of Debian packages")
        os.makedirs(cache, exist_ok=True)
        making = tempfile.mkdtemp(dir=cache)
        try:
            versions = Feed(cache, uri or mirror(), release).unpack(os.path.join(making, "root"))
            with open(os.path.join(making, "packages.json"), "w") as out:
                json.dump(versions, out, indent=2)
            if os.path.isdir(kept):
                shutil.rmtree(kept)
            os.rename(making, kept)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    with open(record) as recorded:
        return os.path.join(kept, "root"), json.load(recorded)
