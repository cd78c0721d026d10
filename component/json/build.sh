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
compose() {
    target/debug/psa-compose target/json/parts/front.wasm "target/$1-psa.wasm" target/json/parts/back.wasm --output "target/json/$2.wasm"
}
for connector in $CONNECTORS; do
    compose "$connector" "$connector"
done
# For `psa-host conform-host`. It is no connector to be packaged, so it is beside those.
compose probe parts/probe
