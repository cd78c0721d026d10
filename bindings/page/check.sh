#!/usr/bin/env bash
# Builds the page into target/dist/psa-connectors.html and tests it in Chromium. Without Chromium, what needs it is left out,
# unless PSA_REQUIRE_TOOLS is set.
set -euo pipefail
cd "$(dirname "$0")"

command -v npm >/dev/null || { echo "npm is missing: install Node.js 20.18 or later, then repeat." >&2; exit 1; }
npm ci --no-audit --no-fund --prefer-offline
(cd ../node && npm ci --no-audit --no-fund --prefer-offline && npm run --silent build)
npm run --silent build
npm test --silent
