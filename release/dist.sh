#!/usr/bin/env bash
# Builds what is released into target/dist/, and the SHA-256 checksum of each file. The same sources give the same bytes, wherever
# they lie. `make dist` builds the connectors and what is made of them first, and says in CONNECTORS which. It needs Linux on x86_64
# with musl-gcc (Debian: musl-tools), Python 3.11 with venv, Node.js 20.18 with npm, and the registries.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly dist=$PWD/target/dist staged=$PWD/target/staged target=x86_64-unknown-linux-musl
# No file in an archive is older than archives can say, and none has the time of its build.
export SOURCE_DATE_EPOCH=315532800 PIP_DISABLE_PIP_VERSION_CHECK=1
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)

# Static programs. Neither the folder of this clone nor that of the crates is in them.
programs() {
    local cargo_home=${CARGO_HOME:-$HOME/.cargo} flags
    command -v musl-gcc >/dev/null || { echo "dist.sh: musl-gcc is missing: install musl-tools, then repeat." >&2; exit 1; }
    rustup target add "$target"
    printf -v flags '%s\x1f' "--remap-path-prefix=$PWD=." "--remap-path-prefix=$cargo_home/registry/src=registry"
    CARGO_ENCODED_RUSTFLAGS=${flags%?} CFLAGS="-ffile-prefix-map=$PWD=. -ffile-prefix-map=$cargo_home/registry/src=registry" \
        cargo build --locked --profile dist --target "$target" --package psa-cli --package psa-relay --bin psa-host --bin psa-relay
}

# One program with what belongs to it: connectors where it finds them, manual pages, completions, licences.
archive() {
    local name=$1 folder=$staged/$1-$version-$target
    mkdir -p "$folder/bin" "$folder/lib/$name" "$folder/share/doc/$name"
    cp "target/$target/dist/$name" "$folder/bin/"
    cp $(printf 'target/%s-psa.wasm ' $CONNECTORS) "$folder/lib/$name/"
    "$folder/bin/$name" share "$folder/share"
    cp LICENSE "$dist/THIRD-PARTY-LICENCES.txt" "${@:2}" "$folder/share/doc/$name/"
    chmod -R u=rwX,go=rX "$folder"
    tar --directory "$staged" --create --format=ustar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        "${folder##*/}" | gzip -9 --no-name >"$dist/${folder##*/}.tar.gz"
}

rm -rf "$dist" "$staged"
mkdir -p "$dist" "$staged"
programs
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
target/release-tools/bin/python release/contents.py "$dist"
archive psa-host
archive psa-relay relay/deploy/psa-relay.service relay/deploy/relay.toml
cd "$dist"
sha256sum -- * >"$staged/SHA256SUMS"
mv "$staged/SHA256SUMS" .
cat SHA256SUMS
