#!/usr/bin/env bash
# Installs the tools of requirements.txt into target/release-tools/. Needs Python 3.11 with venv, and its registry.
set -euo pipefail
cd "$(dirname "$0")"
readonly folder=$PWD/../target/release-tools
export PIP_DISABLE_PIP_VERSION_CHECK=1

[[ -x $folder/bin/python ]] || python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --only-binary :all: --require-hashes --requirement requirements.txt
