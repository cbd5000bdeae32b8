#!/usr/bin/env bash
# Writes the hash-pinned requirements that scripts/environment.py installs.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p requirements
lock() { # OUTPUT ARGUMENT...
  local output=$1; shift
  uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --no-emit-index-url --quiet "$@" -o "requirements/$output"
}
lock core.txt pyproject.toml requirements/build.in
lock dev.txt pyproject.toml requirements/build.in --extra dev --extra docs --extra formats
lock uv.txt requirements/uv.in
