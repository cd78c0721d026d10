#!/usr/bin/env bash
# Builds the JSON edition of each connector that is released, target/json/NAME.wasm, from what target/ has of it.
set -euo pipefail
cd "$(dirname "$0")/../.."

: "${CONNECTORS:?names the connectors; run this as \`make json\`}"

psa-build() {
    target/debug/psa-build -p psa-json --any-import "$@"
}

psa-build --features front --export psa:connector-json/service-desk@0.2.0 --output target/json/parts/front.wasm
psa-build --features back --export psa:connector/http@0.2.0 --output target/json/parts/back.wasm
for connector in $CONNECTORS; do
    target/debug/psa-compose target/json/parts/front.wasm "target/$connector-psa.wasm" target/json/parts/back.wasm \
        --output "target/json/$connector.wasm"
done
