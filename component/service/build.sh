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

# As the connector's description advises.
requests-at-once() {
    local described advised
    described=$(target/debug/psa-host describe "target/$1-psa.wasm" --json) || return
    advised=$(sed -n 's/.*"concurrent-requests": \([0-9]*\).*/\1/p' <<<"$described")
    echo "--concurrent-requests=${advised:-16}"
}

psa-build -p psa-wasi-http --export $http --output $parts/adapter.wasm
psa-build -p psa-service --features service --export wasi:http/incoming-handler@0.2.0 --output $parts/service.wasm
psa-build -p psa-service --features recorded --export $http --output $parts/recorded.wasm
for connector in $CONNECTORS; do
    served=("$parts/service.wasm" target/json/parts/front.wasm "target/$connector-psa.wasm")
    at_once=$(requests-at-once "$connector")
    compose "$connector-wasi" "target/$connector-psa.wasm" $parts/adapter.wasm "$at_once"
    compose "$connector-service" "${served[@]}" $parts/adapter.wasm "$at_once"
    compose "$connector-recorded" "${served[@]}" $parts/recorded.wasm
done
# For `psa-host conform-host`. It is no connector to be packaged, so it is beside what those are made of.
at_once=$(requests-at-once probe)
compose parts/probe $parts/service.wasm target/json/parts/front.wasm target/probe-psa.wasm $parts/adapter.wasm "$at_once"
