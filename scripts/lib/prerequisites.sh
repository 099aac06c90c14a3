# What the scripts need from the machine: looked for, installed where that is possible, and named clearly where it is not.
# Sourced, not run.

# Prints what is missing and how to get it, and ends the script.
missing() { # what, how
  echo "$(basename "$0"): $1 is missing." >&2
  echo "  $2" >&2
  exit 69
}

apt_updated=no

# Installs a Debian package when this is root on a machine with apt; else says which one is needed.
install_package() { # package, what it is for
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    missing "$2" "Install the package $1 (Debian, Ubuntu, Raspberry Pi OS: sudo apt-get install $1)."
  fi
  if [ $apt_updated = no ]; then
    apt-get update -qq || missing "$2" "'apt-get update' failed; see above."
    apt_updated=yes
  fi
  echo "installing $1"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null || missing "$2" "'apt-get install $1' failed; see above."
}

need_command() { # command, Debian package
  command -v "$1" >/dev/null || install_package "$2" "the command $1"
}

need_library() { # file name, Debian package
  { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "$1" || install_package "$2" "the library $1"
}

need_dotnet() {
  command -v dotnet >/dev/null || missing "the .NET 10 SDK" "Get it from https://dot.net/download or your distribution (package dotnet-sdk-10.0)."
  dotnet --list-sdks | grep -q '^10\.' || missing "the .NET 10 SDK" "Found only: $(dotnet --list-sdks | tr '\n' ' '). Get it from https://dot.net/download."
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}

# The runtime identifier of this machine.
host_rid() {
  case $(uname -m) in
    x86_64) echo linux-x64 ;;
    aarch64) echo linux-arm64 ;;
    *) missing "a supported processor" "Kuzzle.Edge is built for x86_64 and aarch64; this is $(uname -m)." ;;
  esac
}
