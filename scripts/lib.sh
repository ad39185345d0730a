# shellcheck shell=bash
#
# What the scripts share; sourced, never run. Sets `root`, the folder of the package.
#
# What a script says about its own work goes to standard error, so that the output of the program stays alone.

set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

swift_needed=6.3

# What the program is built from and linked with: ncurses; libxml2 under FoundationXML; the C++ library under
# the cryptography; and what the Swift package manager calls.
build_packages=(git binutils libc6-dev libstdc++-12-dev libncursesw5-dev libxml2-dev)

# The peers of the interop cases, and what their scripts use.
peer_packages=(
    kamailio kamailio-presence-modules kamailio-tls-modules kamailio-websocket-modules kamailio-outbound-modules
    sip-tester baresip-core openssl iproute2 procps python3
)

say() { printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2; }
die() { say "$*"; exit 1; }

# need_swift - a toolchain that is new enough
need_swift() {
    local found
    command -v swift >/dev/null ||
        die "no swift in PATH; install Swift $swift_needed or later from https://www.swift.org/install/linux/"
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [[ $(printf '%s\n%s\n' "$swift_needed" "$found" | sort -V | head -n 1) == "$swift_needed" ]] ||
        die "Swift ${found:-of unknown version} is too old; lastcall needs $swift_needed or later (https://www.swift.org/install/linux/)"
}

# need_packages PACKAGE... - installs those Debian packages that are missing, as root or by sudo
need_packages() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null; then
        say "this is not a Debian system: make sure that you have what these packages hold: $*"
        return
    fi
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    local as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null && sudo -v 2>/dev/null ||
            die "missing packages; as root, run: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    local log
    log=$(mktemp)
    # A source that cannot be refreshed does no harm if the packages are found all the same.
    if ! { "${as_root[@]}" apt-get update || true
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y --no-install-recommends "${missing[@]}"; } </dev/null >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        die "could not install ${missing[*]}"
    fi
    rm -f "$log"
    # The package starts a server of its own on port 5060, which nobody here needs.
    if [[ " ${missing[*]} " == *" kamailio "* && -d /run/systemd/system ]]; then
        "${as_root[@]}" systemctl disable --now kamailio >/dev/null 2>&1 || true
    fi
}

# newer_sources FILE - true if the file is missing, or something it is built from is newer
newer_sources() {
    [[ ! -e $1 || -n $(find "$root/Sources" "$root/Package.swift" -newer "$1" -print -quit) ]]
}

# build_release PRODUCT - builds it if need be, and sets `binary`. Linked statically with the Swift library: such
# a program starts in half the time, and stands alone.
build_release() {
    local product=$1 stamp
    binary=$root/.build/release/$product
    stamp=$root/.build/release-$product.stamp
    if [[ -x $binary ]] && ! newer_sources "$stamp"; then return; fi
    need_swift
    need_packages "${build_packages[@]}"
    if [[ -e $root/.build/release ]]; then
        say "building $product (release)"
    else
        say "building $product (release) for the first time, with its libraries: about five minutes"
    fi
    mkdir -p "$root/.build"
    touch "$stamp.new"
    swift build --package-path "$root" -c release --static-swift-stdlib --product "$product" >&2 ||
        die "the build failed"
    mv "$stamp.new" "$stamp"
}

# play_stories PROGRAM [ARGUMENT...] - the robot user
play_stories() {
    need_packages tmux python3
    LASTCALL=$1 PYTHONDONTWRITEBYTECODE=1 python3 "$root/Tests/Stories/stories.py" "${@:2}"
}

# build_debug [FLAG...] - everything with its tests, and no import that Package.swift does not declare
build_debug() {
    need_swift
    need_packages "${build_packages[@]}"
    say "building (debug${*:+, $*})"
    swift build --package-path "$root" "$@" --build-tests --explicit-target-dependency-import-check error >&2 ||
        die "the build failed"
}
