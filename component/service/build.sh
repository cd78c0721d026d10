#!/usr/bin/env bash
# Puts each connector that is released onto wasi:http, in target/wasi/: NAME-wasi.wasm has the contract's functions,
# NAME-service.wasm is an HTTP service, NAME-recorded.wasm the same service that answers from a recording.
set -euo pipefail
cd "$(dirname "$0")/../.."

: "${CONNECTORS:?names the connectors; run this as \`make wasi\`}"

readonly parts=target/wasi/parts http=psa:connector/http@0.2.0

psa-build() {
    target/debug/psa-build --any-import "$@"
}

compose() {
    target/debug/psa-compose "${@:2}" --output "target/wasi/$1.wasm"
}

psa-build -p psa-wasi-http --export $http --output $parts/adapter.wasm
psa-build -p psa-service --features service --export wasi:http/incoming-handler@0.2.0 --output $parts/service.wasm
psa-build -p psa-service --features recorded --export $http --output $parts/recorded.wasm
for connector in $CONNECTORS; do
    served=("$parts/service.wasm" target/json/parts/front.wasm "target/$connector-psa.wasm")
    compose "$connector-wasi" "target/$connector-psa.wasm" $parts/adapter.wasm
    compose "$connector-service" "${served[@]}" $parts/adapter.wasm
    compose "$connector-recorded" "${served[@]}" $parts/recorded.wasm
done
