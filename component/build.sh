#!/usr/bin/env bash
# Builds target/connectwise-psa.wasm: the guest for wasm32-unknown-unknown, then the component around it.
#
# The guest needs Rust's standard library for that target. It is looked for in this order, and GUEST_TOOLCHAIN forces one:
#   installed  the target that the Rust on the path already has;
#   rustup     `rustup target add`;
#   debian     Debian's packages, with the standard library compiled from source (needs root, or sudo without password).
set -euo pipefail

workspace=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$workspace"
readonly target=wasm32-unknown-unknown
readonly debian_packages=(rustc-web cargo-web rust-web-src lld-19)
readonly cargo_home=${CARGO_HOME:-$HOME/.cargo}

target_is_installed() {
    [[ -d $(rustc --print sysroot)/lib/rustlib/$target/lib ]]
}

add_target_with_rustup() {
    command -v rustup >/dev/null && rustup target add "$target" >&2 && target_is_installed
}

debian_toolchain_is_installed() {
    [[ -x /usr/bin/cargo && -x /usr/bin/rustc && -x /usr/bin/wasm-ld-19 ]] &&
        [[ -d $(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library ]]
}

install_debian_toolchain() {
    debian_toolchain_is_installed && return
    command -v apt-get >/dev/null || return
    local as_root=(env)
    [[ $(id -u) == 0 ]] || as_root=(sudo -n)
    echo "build.sh: installing ${debian_packages[*]} with apt-get" >&2
    "${as_root[@]}" apt-get update >&2 || return
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${debian_packages[@]}" >&2 || return
    debian_toolchain_is_installed
}

choose_toolchain() {
    case ${GUEST_TOOLCHAIN:-} in
    '')
        if target_is_installed; then
            echo installed
        elif add_target_with_rustup; then
            echo rustup
        elif install_debian_toolchain; then
            echo debian
        else
            return 1
        fi
        ;;
    installed) target_is_installed && echo installed ;;
    rustup) add_target_with_rustup && echo rustup ;;
    debian) install_debian_toolchain && echo debian ;;
    *) return 1 ;;
    esac
}

# The flags go in encoded, which wins over flags that the caller has set, and lets paths hold spaces.
# 64 KiB of stack instead of 1 MiB halves what a fresh instance costs. Compressed relocations are a tenth of the module; they
# need it stripped by the linker. No path of this machine lands in the module.
guest_flags() {
    local sysroot=$1
    local flags=(
        -Clink-arg=-zstack-size=65536
        -Clink-arg=--compress-relocations
        -Clink-arg=--strip-all
        "--remap-path-prefix=$cargo_home/registry/src=registry"
        "--remap-path-prefix=$workspace=."
        "--remap-path-prefix=$sysroot/lib/rustlib/src/rust=rust"
    )
    local IFS=$'\x1f'
    echo "${flags[*]}"
}

build_guest() {
    local cargo=$1 rustc=$2 target_directory=$3
    shift 3
    CARGO_ENCODED_RUSTFLAGS=$(guest_flags "$("$rustc" --print sysroot)") RUSTC=$rustc \
        "$cargo" rustc --release --locked -p connectwise-psa --lib --crate-type cdylib --features component \
        --target "$target" --target-dir "$target_directory" "$@"
}

if ! toolchain=$(choose_toolchain); then
    echo "build.sh: found no standard library of Rust for $target${GUEST_TOOLCHAIN:+ by way of GUEST_TOOLCHAIN=$GUEST_TOOLCHAIN}:" \
        "run \`rustup target add $target\`, or on Debian \`apt-get install ${debian_packages[*]}\`, and repeat." >&2
    exit 1
fi

if [[ $toolchain == debian ]]; then
    # Another compiler's artefacts do not mix with rustup's, so it has a directory of its own.
    guest_directory=$workspace/target/guest-debian
    RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 \
        build_guest /usr/bin/cargo /usr/bin/rustc "$guest_directory" \
        -Zbuild-std=std,panic_abort -Zbuild-std-features=
else
    guest_directory=$workspace/target
    build_guest cargo rustc "$guest_directory"
fi

# Everything on the host by one command: Cargo chooses the features of a crate by what is built together,
# and would compile wasmtime and wit-component once more for each other choice.
CARGO_TARGET_DIR=$workspace/target cargo build --workspace --locked
target/debug/package-component \
    "$workspace" "$guest_directory/$target/release/connectwise_psa.wasm" target/connectwise-psa.wasm
