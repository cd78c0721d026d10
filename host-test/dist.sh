#!/usr/bin/env bash
# Builds what is released into target/dist/: the connectors, the probe for hosts, the text of the contract, `psa-host` and `psa-relay` for this
# machine, and the SHA-256 checksum of each. `make dist` builds the connectors first, and says in CONNECTORS which.
set -euo pipefail
cd "$(dirname "$0")/.."

# Of the workspace, not of one package: so its dependencies have the features that the tests compiled them with.
cargo build --release --locked --workspace --bin psa-host --bin psa-relay
rm -rf target/dist
mkdir target/dist
files=(connector.wit psa-host psa-relay)
for connector in $CONNECTORS probe; do
    files+=("$connector-psa.wasm")
    cp "target/$connector-psa.wasm" target/dist/
done
cp wit/connector.wit target/release/psa-host target/release/psa-relay target/dist/
cd target/dist
# GNU and macOS have different names for it; both write, and check, the same lines.
sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
sha256 "${files[@]}" >SHA256SUMS
cat SHA256SUMS
