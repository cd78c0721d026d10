#!/usr/bin/env bash
# Builds target/broken/: a connector for each feature, broken in the way that it is named after.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The profile is that of the host, so that what runs in the compiler is compiled once. What it keeps for the next build of one
# feature would only take space.
build() {
    CARGO_INCREMENTAL=0 CARGO_TERM_QUIET=true target/debug/psa-build -p broken-connectors --profile dev --output "target/broken/$1.wasm" "${@:2}"
}

# The only lines of the manifest of this form.
for feature in $(sed -n 's/^\([a-z-]*\) = \[\]$/\1/p' tests/broken/Cargo.toml); do
    options=(--features "$feature")
    [[ $feature != asks-for-wasi ]] || options+=(--any-import)
    build "$feature" "${options[@]}"
done
