#!/usr/bin/env bash
# Puts the command `wasmtime`, which the tests of the service run, into target/wasmtime/. It comes from Python's registry, in the
# version and with the hash of wasmtime.txt. Needs Python with venv.
set -euo pipefail
cd "$(dirname "$0")/../.."
readonly folder=$PWD/target/wasmtime
readonly python=$folder/venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1

[[ -x $python ]] || python3 -m venv "$folder/venv"
"$python" -m pip install --quiet --only-binary :all: --no-deps --require-hashes \
    --requirement component/service/wasmtime.txt
program=("$folder"/venv/lib/python*/site-packages/wasmtime_cli/wasmtime)
# The package does not mark it as a program.
chmod +x "${program[0]}"
ln -sf "${program[0]}" "$folder/wasmtime"
