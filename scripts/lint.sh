#!/usr/bin/env bash
# Every check that needs no test. Runs them all, then fails if one did: `make lint`.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

check() {
  local label=$1
  shift
  local start=$SECONDS output
  if output=$("$@" 2>&1); then
    printf '  %-34s ok  %3d s\n' "$label" $((SECONDS - start))
  else
    printf '  %-34s FAILED\n%s\n' "$label" "$output"
    failed+=("$label")
    return 1
  fi
}

no_registry_addresses() {
  # Built from parts, so that this file does not find itself.
  local hosts="registry\.(npmjs|yarnpkg)|pypi\.(org|python)|files\.python""hosted"
  ! git grep -nIE "$hosts" -- . ':!scripts/lint.sh'
}

as_in_production() {
  env -u DEBUG DEMO=none SECRET_KEY=$(head -c 60 /dev/urandom | base64 -w 0) \
    PUBLIC_URL=https://shop.example ALLOWED_HOSTS=shop.example BEHIND_PROXY=1 \
    $bin/python manage.py check --deploy --fail-level WARNING
}

# The types take longer than all the rest, so they are looked at beside it and told last.
types=$(mktemp)
trap 'rm -f "$types"' EXIT
check "types (mypy)" $bin/mypy >"$types" &
typed=$!

check "ruff check" $bin/ruff check .
check "ruff format" $bin/ruff format --check .
check "imports (import-linter)" $bin/lint-imports
check "templates (djhtml)" $bin/djhtml --check --tabwidth 2 templates
check "migrations are complete" $bin/python manage.py makemigrations --check --dry-run
check "settings are safe to deploy" as_in_production
check "no registry address is committed" no_registry_addresses
wait "$typed" || failed+=("types (mypy)")
cat "$types"

if ((${#failed[@]})); then
  echo "lint: ${#failed[@]} failed: ${failed[*]}"
  exit 1
fi
echo "lint: all checks passed"
