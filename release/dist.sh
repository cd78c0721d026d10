#!/usr/bin/env bash
# Builds what is released into target/dist/, and the SHA-256 checksum of each file. The same sources give the same bytes, wherever
# they lie. `make dist` builds the connectors and what is made of them first, and says in CONNECTORS which. It needs Linux on x86_64
# with musl-gcc (Debian: musl-tools), Python 3.11 with venv, Node.js 20.18 with npm, and the registries. Without MinGW (Debian:
# gcc-mingw-w64-x86-64), psa-host for Windows is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly dist=$PWD/target/dist staged=$PWD/target/staged built=$PWD/target/programs linux=x86_64-unknown-linux-musl windows=x86_64-pc-windows-gnu
# No file in an archive is older than archives can say, and none has the time of its build.
export SOURCE_DATE_EPOCH=315532800 TZ=UTC PIP_DISABLE_PIP_VERSION_CHECK=1
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)

# Builds programs for a target, in a folder of their own: Cargo puts what a profile `dist` needs on the way into target/dist/.
# Neither the folder of this clone nor that of the crates is in them.
programs() {
    local target=$1 cargo_home=${CARGO_HOME:-$HOME/.cargo} flags
    rustup target add "$target"
    printf -v flags '%s\x1f' "--remap-path-prefix=$PWD=." "--remap-path-prefix=$cargo_home/registry/src=registry"
    CARGO_ENCODED_RUSTFLAGS=${flags%?} CFLAGS="-ffile-prefix-map=$PWD=. -ffile-prefix-map=$cargo_home/registry/src=registry" \
        cargo build --locked --profile dist --target-dir "$built" --target "$target" "${@:2}"
}

# One program with what belongs to it, in target/staged/: connectors where it finds them, licences, and these files.
stage() {
    local name=$1 target=$2 program=$3 folder=$staged/$1-$version-$2
    mkdir -p "$folder/bin" "$folder/lib/$name" "$folder/share/doc/$name"
    cp "$built/$target/dist/$program" "$folder/bin/"
    cp $(printf 'target/%s-psa.wasm ' $CONNECTORS) "$folder/lib/$name/"
    cp LICENSE "$dist/THIRD-PARTY-LICENCES.txt" "${@:4}" "$folder/share/doc/$name/"
    if [[ $name = psa-host ]]; then
        cp release/psa-host.md "$folder/README.md"
        for tenant in $CONNECTORS; do
            mkdir -p "$folder/demo/$tenant"
            cp "tests/recordings/$tenant/"{settings.toml,*.json} "$folder/demo/$tenant/"
        done
    fi
}

# Nobody else may read settings, also those of nobody: `psa-host` would warn.
same_everywhere() {
    chmod -R u=rwX,go=rX "$1"
    find "$1" -name settings.toml -exec chmod 600 {} +
    find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}

tarball() {
    local name=$1 folder=$1-$version-$linux
    stage "$name" "$linux" "$name" "${@:2}"
    "$staged/$folder/bin/$name" share "$staged/$folder/share"
    same_everywhere "$staged/$folder"
    tar --directory "$staged" --create --format=ustar --sort=name --owner=0 --group=0 --numeric-owner "$folder" |
        gzip -9 --no-name >"$dist/$folder.tar.gz"
}

zip_for_windows() {
    local folder=psa-host-$version-$windows
    CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=$PWD/release/windows-gcc.sh programs "$windows" --package psa-cli --bin psa-host
    stage psa-host "$windows" psa-host.exe
    cp /usr/share/doc/mingw-w64-common/copyright "$staged/$folder/share/doc/psa-host/MINGW-W64.txt"
    same_everywhere "$staged/$folder"
    (cd "$staged" && python3 -m zipfile -c "$dist/$folder.zip" "$folder")
}

# As a user would: into an empty folder, then the first command of the README.
try_psa_host() {
    local empty=$staged/tried
    mkdir "$empty"
    tar --directory "$empty" --extract --file "$dist/psa-host-$version-$linux.tar.gz" --strip-components 1
    (cd "$empty" && bash -euc "$(sed -n '/^```sh$/,/^```$/{//!p}' README.md)") >"$empty/output.txt"
}

command -v musl-gcc >/dev/null || { echo "dist.sh: musl-gcc is missing: install musl-tools, then repeat." >&2; exit 1; }
rm -rf "$dist" "$staged"
mkdir -p "$dist" "$staged"
programs "$linux" --package psa-cli --package psa-relay --bin psa-host --bin psa-relay
with_windows=yes
command -v x86_64-w64-mingw32-gcc >/dev/null || {
    with_windows=
    echo 'dist.sh: psa-host for Windows is left out: install gcc-mingw-w64-x86-64 to have it.' >&2
}
bindings/python/wheels.sh
cp target/python/wheels/*.whl "$dist/"
(cd bindings/node && npm ci --no-audit --no-fund --prefer-offline && npm run --silent build && npm run --silent pack:all -- "$dist")
(cd bindings/page && npm ci --no-audit --no-fund --prefer-offline && npm run --silent build)
for connector in $CONNECTORS; do
    cp "target/$connector-psa.wasm" "$dist/"
    cp "target/json/$connector.wasm" "$dist/$connector-psa-json.wasm"
    for form in wasi service; do cp "target/wasi/$connector-$form.wasm" "$dist/$connector-psa-$form.wasm"; done
done
# The probe, for those who write a host.
cp wit/connector.wit LICENSE target/probe-psa.wasm "$dist/"
target/debug/psa-wit wit/connector.wit --output "$dist/psa-connector-$version.wit.wasm"
release/tools.sh
target/release-tools/bin/python release/contents.py "$dist" $with_windows
tarball psa-host
tarball psa-relay relay/deploy/psa-relay.service relay/deploy/relay.toml
try_psa_host
[[ -z $with_windows ]] || zip_for_windows
cd "$dist"
sha256sum -- * >"$staged/SHA256SUMS"
mv "$staged/SHA256SUMS" .
cat SHA256SUMS
