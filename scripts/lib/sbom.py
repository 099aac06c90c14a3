"""The bill of materials of a published program, as CycloneDX 1.6 JSON: what is in it, in which version, under which licence, with which checksum.

  sbom.py make --assets FILE --rid RID --version VERSION --binary FILE --commit COMMIT --time SECONDS --output FILE
  sbom.py check FILE

Written from what the restore has decided (project.assets.json) and from the packages themselves; nothing is fetched. The same commit gives the same file.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import sys
import time
import uuid
import xml.etree.ElementTree as xml

# What the program asks the system for: names of Debian, the licence of each, and what it is for.
SYSTEM = [
    ("libsqlite3-0", "3.40.0", "blessing", "the database; loaded at run time, security-maintained by the distribution"),
    ("libc6", "2.34", "LGPL-2.1-or-later", "the C library"),
    ("libstdc++6", None, "GPL-3.0-or-later WITH GCC-exception-3.1", "used by the .NET runtime"),
    ("libgcc-s1", None, "GPL-3.0-or-later WITH GCC-exception-3.1", "used by the .NET runtime"),
    ("libssl3", "3.0", "Apache-2.0", "TLS; loaded at run time"),
]


def nuspec(folder):
    """The description of an unpacked package, without the namespace that differs from version to version."""
    name = next(entry for entry in sorted(os.listdir(folder)) if entry.endswith(".nuspec"))
    root = xml.parse(os.path.join(folder, name)).getroot()
    for element in root.iter():
        element.tag = re.sub(r"^\{.*\}", "", element.tag)
    return root.find("metadata")


def licence(described):
    """As CycloneDX has it: an SPDX expression where the package states one, else its name or address."""
    stated = described.find("license")
    if stated is not None and stated.get("type") == "expression":
        text = stated.text.strip()
        return [{"expression": text}] if " " in text else [{"license": {"id": text}}]
    if stated is not None:
        return [{"license": {"name": "see " + stated.text.strip() + " in the package"}}]
    address = described.find("licenseUrl")
    if address is None or not address.text:
        return []
    return [{"license": {"name": "see the address", "url": address.text.strip()}}]


class Packages:
    def __init__(self, assets):
        self.folders = list(assets["packageFolders"])

    def component(self, name, version, kind="library", scope="required"):
        folder = self._find(name, version)
        described = nuspec(folder)
        with open(os.path.join(folder, f"{name}.{version}.nupkg.sha512".lower())) as recorded:
            digest = base64.b64decode(recorded.read().strip()).hex()
        component = {
            "type": kind,
            "bom-ref": f"pkg:nuget/{name}@{version}",
            "name": name,
            "version": version,
            "scope": scope,
            "hashes": [{"alg": "SHA-512", "content": digest}],
            "licenses": licence(described),
            "purl": f"pkg:nuget/{name}@{version}",
        }
        authors = described.find("authors")
        if authors is not None and authors.text:
            component["authors"] = [{"name": author.strip()} for author in authors.text.split(",")]
        return component

    def _find(self, name, version):
        for folder in self.folders:
            path = os.path.join(folder, name.lower(), version.lower())
            if os.path.isdir(path):
                return path
        raise SystemExit(f"sbom: the package {name} {version} is not in {', '.join(self.folders)}; restore first")


def is_part(library):
    """Whether something of a package goes into the program; analyzers and tasks of the build do not."""
    return any(not path.endswith("/_._") for part in ("runtime", "runtimeTargets", "native") for path in library.get(part, {}))


def make(options):
    with open(options.assets) as file:
        assets = json.load(file)
    framework = next(iter(assets["project"]["frameworks"]))
    target = assets["targets"].get(f"{framework}/{options.rid}")
    if target is None:
        raise SystemExit(f"sbom: {options.assets} was not made for {options.rid}; publish first")

    packages = Packages(assets)
    self_reference = f"pkg:generic/kuzzle-edge@{options.version}"
    components, depends, built_with = [], [], []
    for key, library in sorted(target.items()):
        name, version = key.split("/")
        if library["type"] != "package":
            continue
        part = is_part(library)
        components.append(packages.component(name, version, scope="required" if part else "excluded"))
        (depends if part else built_with).append((components[-1]["bom-ref"], library))
    for download in sorted(assets["project"]["frameworks"][framework].get("downloadDependencies", []), key=lambda one: one["name"]):
        version = download["version"].strip("[]").split(",")[0].strip()
        is_runtime = ".Runtime." in download["name"]
        components.append(packages.component(download["name"], version, "framework" if is_runtime else "application", "required" if is_runtime else "excluded"))
        (depends if is_runtime else built_with).append((components[-1]["bom-ref"], {}))
    for name, least, identifier, use in SYSTEM:
        reference = f"pkg:deb/debian/{name}"
        components.append({
            "type": "library", "bom-ref": reference, "name": name, "version": f">= {least}" if least else "any", "scope": "required", "description": f"From the system: {use}.",
            "licenses": [{"expression": identifier}] if " " in identifier else [{"license": {"id": identifier}}], "purl": reference,
            "properties": [{"name": "kuzzle-edge:provided-by", "value": "the operating system"}],
        })
        depends.append((reference, {}))

    by_name = {key.split("/")[0].lower(): f"pkg:nuget/{key.replace('/', '@')}" for key, library in target.items() if library["type"] == "package"}
    with open(options.binary, "rb") as binary:
        digest = hashlib.file_digest(binary, "sha256").hexdigest()
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'kuzzle-edge/{options.commit}/{options.rid}/{digest}')}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(options.time)),
            "lifecycles": [{"phase": "build"}],
            "component": {
                "type": "application", "bom-ref": self_reference, "name": "kuzzle-edge", "version": options.version, "licenses": [{"license": {"id": "Apache-2.0"}}],
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "properties": [{"name": "kuzzle-edge:runtime-identifier", "value": options.rid}, {"name": "kuzzle-edge:commit", "value": options.commit}],
            },
        },
        "components": components,
        "dependencies": [{"ref": self_reference, "dependsOn": sorted(reference for reference, _ in depends)}] + [
            {"ref": reference, "dependsOn": sorted(by_name[name.lower()] for name in library.get("dependencies", {}) if name.lower() in by_name)}
            for reference, library in sorted(depends + built_with, key=lambda pair: pair[0])
        ],
    }
    with open(options.output, "w") as output:
        json.dump(bom, output, indent=2)
        output.write("\n")
    complain(options.output, faults(bom))


def faults(bom):
    """What CycloneDX 1.6 requires and is not there, or not as it must be; and what we promise beyond it: version, licence and checksum of every package."""
    def need(where, there, *keys):
        return [f"{where} has no {key}" for key in keys if not there.get(key)]

    found = need("the document", bom, "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "dependencies")
    if bom.get("bomFormat") != "CycloneDX" or bom.get("specVersion") != "1.6":
        found.append("it is not CycloneDX 1.6")
    if not re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bom.get("serialNumber", "")):
        found.append("serialNumber is not a URN of a UUID")
    if not isinstance(bom.get("version"), int) or bom["version"] < 1:
        found.append("version is not a number from 1")
    subject = bom.get("metadata", {}).get("component", {})
    found += need("the subject", subject, "type", "name", "version", "bom-ref", "hashes")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", bom.get("metadata", {}).get("timestamp", "")):
        found.append("metadata.timestamp is no time")
    kinds = {"application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver", "firmware", "file", "machine-learning-model", "data", "cryptographic-asset"}
    lengths = {"SHA-256": 64, "SHA-512": 128}
    references = [subject.get("bom-ref")]
    for component in [subject] + bom.get("components", []):
        name = component.get("name", "a component")
        if component is not subject:
            found += need(name, component, "type", "name", "version", "bom-ref", "purl", "licenses", "scope")
            references.append(component.get("bom-ref"))
        if component.get("type") not in kinds:
            found.append(f"{name} is of the unknown type {component.get('type')}")
        if component.get("scope", "required") not in ("required", "optional", "excluded"):
            found.append(f"{name} has the unknown scope {component.get('scope')}")
        if component.get("purl", "").startswith("pkg:nuget/"):
            found += need(name, component, "hashes")
        for checksum in component.get("hashes", []):
            if not re.fullmatch(r"[0-9a-f]{%d}" % lengths.get(checksum.get("alg"), 0), checksum.get("content", "")):
                found.append(f"{name} has a checksum that is none")
        for one in component.get("licenses", []):
            if ("expression" in one) == ("license" in one) or ("license" in one and ("id" in one["license"]) == ("name" in one["license"])):
                found.append(f"{name} has a licence that is none")
    found += [f"{reference} is there twice" for reference in sorted({one for one in references if one and references.count(one) > 1})]
    for dependency in bom.get("dependencies", []):
        for reference in [dependency.get("ref")] + dependency.get("dependsOn", []):
            if reference not in references:
                found.append(f"{reference} is depended on and not there")
    return found


def complain(path, found):
    for fault in found:
        print(f"sbom: {path}: {fault}", file=sys.stderr)
    if found:
        raise SystemExit(1)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    for name in ("--assets", "--rid", "--version", "--binary", "--commit", "--output"):
        making.add_argument(name, required=True)
    making.add_argument("--time", type=int, required=True)
    checking = commands.add_parser("check")
    checking.add_argument("file")
    options = parser.parse_args()
    if options.command == "make":
        make(options)
    else:
        with open(options.file) as file:
            complain(options.file, faults(json.load(file)))


main()
