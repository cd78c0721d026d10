#!/usr/bin/env bash
# Tries `psa-host mcp` with the official client of another language. Needs Python 3.11 or later, target/debug/psa-host and the
# connectors beside it. Packages come from the registry, as requirements.txt has them.
set -euo pipefail
cd "$(dirname "$0")"
readonly venv=$PWD/../../target/agent/venv
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1

python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' ||
    { echo "test.sh: Python 3.11 or later with venv and ensurepip is missing: install it, then repeat." >&2; exit 1; }
[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --only-binary :all: --require-hashes --requirement requirements.txt
"$venv/bin/python" -W error::ResourceWarning -m unittest "$@" test_agent
