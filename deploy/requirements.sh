#!/bin/sh
# Compiles requirements/*.txt: every dependency pinned with its hashes, one file per thing that is installed, no host named.
# Releases younger than a week are left out. Pins are kept while they still fit; with --upgrade the newest that fit are taken.
set -eu
cd "$(dirname "$0")/.."
unset UV_FIND_LINKS UV_EXTRA_INDEX_URL

compile() {
    output=requirements/$1.txt
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --exclude-newer "7 days" \
        --custom-compile-command "make requirements" --no-emit-index-url --no-emit-find-links \
        --no-emit-package portfolio-schemas --no-emit-package portfolio-log --no-emit-package portfolio-ledger \
        --no-emit-package portfolio-projector --no-emit-package portfolio-deploy \
        --output-file "$output" "$@" >/dev/null
    if grep -nE '://|^--' "$output"; then
        echo "requirements: $output names a place, as shown above; it must name packages only" >&2
        exit 1
    fi
}

compile bootstrap "$@" requirements/bootstrap.in
compile development "$@" pyproject.toml --group dev
for program in services/ledger services/projector deploy; do
    compile "$(basename "$program")" "$@" --constraints requirements/development.txt "$program/pyproject.toml"
done
