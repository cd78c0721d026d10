#!/usr/bin/env bash
# Builds what is released into target/dist/: the connector, the text of the contract, `psa-host` for this machine, and the
# SHA-256 checksum of each. `make dist` builds the connector first.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked -p psa-cli
rm -rf target/dist
mkdir target/dist
cp target/connectwise-psa.wasm wit/connector.wit target/release/psa-host target/dist/
cd target/dist
# GNU and macOS have different names for it; both write, and check, the same lines.
sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
sha256 connectwise-psa.wasm connector.wit psa-host >SHA256SUMS
cat SHA256SUMS
