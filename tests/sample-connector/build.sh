#!/usr/bin/env bash
# Builds target/connectors/: sample-desk.wasm, the good one, and for each feature one that is wrong in the way that it is
# named after. How the standard library is found is in component/toolchain.sh.
set -euo pipefail

workspace=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$workspace"
source component/toolchain.sh

# The only lines of the manifest of this form.
features() {
    sed -n 's/^\([a-z-]*\) = \[\]$/\1/p' tests/sample-connector/Cargo.toml
}

# A name, a feature or none, and what else packaging is told. The profile is that of the host, so that what runs in the
# compiler is compiled once. What it keeps for the next build of one feature would only take space.
build() {
    local name=$1 feature=$2
    shift 2
    CARGO_INCREMENTAL=0 compile_guest --quiet -p sample-connector --features "$feature"
    target/debug/package-component \
        tests/sample-connector "$guest_directory/debug/sample-connector.wasm" "target/connectors/$name.wasm" \
        --name "$name" --description 'A connector for an invented vendor, to test with' --maximum-bytes 1500000 "$@"
}

build_host
mkdir -p target/connectors
build sample-desk ''
for feature in $(features); do
    if [[ $feature == asks-for-wasi ]]; then
        build "$feature" "$feature" --any-import
    else
        build "$feature" "$feature"
    fi
done
