# Sourced by the scripts that build connectors, with `workspace` set: finds Rust's standard library for WebAssembly, and runs
# Cargo with it.
#
# It is looked for in this order, and GUEST_TOOLCHAIN forces one:
#   installed  the target that the Rust on the path already has;
#   rustup     `rustup target add`;
#   debian     Debian's packages, with the standard library compiled from source (needs root, or sudo without password).
#
# Afterwards `guest_directory` is where the modules are, one folder for each profile.

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
    echo "toolchain.sh: installing ${debian_packages[*]} with apt-get" >&2
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

# The flags go in encoded, which wins over flags that the caller has set, and lets paths hold spaces. The linker strips:
# compressed relocations, a tenth of a module, need it. No path of this machine lands in the module.
guest_flags() {
    local sysroot=$1
    local flags=(
        -Clink-arg=--compress-relocations
        -Clink-arg=--strip-all
        "--remap-path-prefix=$cargo_home/registry/src=registry"
        "--remap-path-prefix=$workspace=."
        "--remap-path-prefix=$sysroot/lib/rustlib/src/rust=rust"
    )
    local IFS=$'\x1f'
    echo "${flags[*]}"
}

# `cargo rustc` for the guest, with the arguments given.
compile_guest() {
    local cargo=cargo rustc=rustc arguments=(--locked --target "$target" --target-dir "$guest_target_directory")
    if [[ $toolchain == debian ]]; then
        cargo=/usr/bin/cargo rustc=/usr/bin/rustc
        arguments+=(-Zbuild-std=std,panic_abort -Zbuild-std-features=)
        # For speed, as the compiled library of rustup is.
        arguments+=(--config profile.release.package.core.opt-level=3 --config profile.release.package.alloc.opt-level=3)
        local -x RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
    fi
    CARGO_ENCODED_RUSTFLAGS=$(guest_flags "$("$rustc" --print sysroot)") RUSTC=$rustc \
        "$cargo" rustc "${arguments[@]}" "$@"
}

# Everything on the host by one command: Cargo chooses the features of a crate by what is built together,
# and would compile wasmtime and wit-component once more for each other choice.
build_host() {
    CARGO_TARGET_DIR=$workspace/target cargo build --workspace --locked
}

if ! toolchain=$(choose_toolchain); then
    echo "toolchain.sh: found no standard library of Rust for $target${GUEST_TOOLCHAIN:+ by way of GUEST_TOOLCHAIN=$GUEST_TOOLCHAIN}:" \
        "run \`rustup target add $target\`, or on Debian \`apt-get install ${debian_packages[*]}\`, and repeat." >&2
    exit 1
fi
# Another compiler's artefacts do not mix with rustup's, so it has a directory of its own.
guest_target_directory=$workspace/target
[[ $toolchain == debian ]] && guest_target_directory=$workspace/target/guest-debian
readonly toolchain guest_target_directory guest_directory=$guest_target_directory/$target
