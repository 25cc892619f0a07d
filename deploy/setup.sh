#!/bin/sh
# Makes .venv ready: the environment, a pinned uv, the pinned dependencies, the workspace's own packages (editable).
# Called by make. Does nothing, and needs no network, when nothing changed since it last succeeded.
#
#     sh deploy/setup.sh            everything
#     sh deploy/setup.sh bootstrap  the environment and uv only (to compile the requirements)
set -eu
cd "$(dirname "$0")/.."

venv=.venv
stamp=$venv/set-up
members="schemas/portfolio_schemas schemas/portfolio_log services/ledger services/projector deploy"

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    found=$(${PYTHON:-python3} --version 2>/dev/null) || found="no ${PYTHON:-python3} that runs"
    fail "Python 3.11 or newer is needed (found: ${found:-none}); install one, or name it: make PYTHON=/path/to/python3"
}

# Whatever the machine's administrator trusts, uses as a package index or keeps read-only, uv and its cache follow.
respect_machine() {
    if [ -z "${SSL_CERT_FILE:-}" ] && [ -n "${REQUESTS_CA_BUNDLE:-${PIP_CERT:-}}" ]; then
        export SSL_CERT_FILE="${REQUESTS_CA_BUNDLE:-$PIP_CERT}"
    fi
    for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
        if [ -r "$bundle" ]; then export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"; fi
    done
    index=${PIP_INDEX_URL:-$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"; fi
    cache=${UV_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/uv}
    if ! mkdir -p "$cache" 2>/dev/null || [ ! -w "$cache" ]; then
        export UV_CACHE_DIR="$PWD/.cache/uv"
    fi
    export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}" UV_PYTHON_DOWNLOADS=never
}

make_environment() {
    if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import pip' 2>/dev/null && [ "$(cat "$venv/made-for" 2>/dev/null)" = "$PWD" ]; then
        return
    fi
    python=$(find_python) || exit 1
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python has no venv and ensurepip modules; install them (on Debian and Ubuntu: the package python3-venv)"
    say "Making a Python environment in $venv ($("$python" --version))"
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "$python cannot make a virtual environment in $venv; what it said stands above"
    pwd >"$venv/made-for"
}

# once FILE SIGNATURE COMMAND...: run the command unless it succeeded for this signature before.
once() {
    file=$venv/$1 signature=$2
    shift 2
    [ "$(cat "$file" 2>/dev/null)" = "$signature" ] && return
    rm -f "$file" "$stamp"
    "$@"
    printf '%s' "$signature" >"$file"
}

install_uv() {
    say "Installing uv, which installs the rest"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
        -r requirements/bootstrap.txt || fail "uv could not be installed; is the network there? (only the first run needs it)"
}

install_dependencies() {
    say "Installing the pinned dependencies (the first time about 140 MB to download: a Java runtime, PostgreSQL, Node.js and others)"
    "$venv/bin/uv" pip sync --compile-bytecode --python "$venv/bin/python" --require-hashes \
        requirements/bootstrap.txt requirements/development.txt || fail "the dependencies could not be installed; is the network there? (only the first run needs it)"
    rm -f "$venv/members-installed" # they were not among the pinned ones, and are gone
}

install_members() {
    set --
    for member in $members; do set -- "$@" --editable "$member"; done
    "$venv/bin/uv" pip install --python "$venv/bin/python" --no-deps --quiet "$@" || fail "the workspace's own packages could not be installed"
}

signature() { cat "$@" | cksum; }

pyprojects() { for member in $members; do printf '%s ' "$member/pyproject.toml"; done; }

everything() { { pwd; cat deploy/setup.sh requirements/*.txt $(pyprojects); } | cksum; }

# One at a time, as when `make up` and `make test` are typed at once. A Python holds the lock for the shell that it becomes.
alone() {
    python=$venv/bin/python
    "$python" -c '' 2>/dev/null || python=$(find_python) || exit 1
    mkdir -p .cache
    SETUP_IS_ALONE=1 exec "$python" -c '
import fcntl, os, sys
lock = os.open(".cache/setup.lock", os.O_CREAT | os.O_RDWR, 0o644)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Waiting for another setup in this folder", flush=True)
    fcntl.flock(lock, fcntl.LOCK_EX)
os.set_inheritable(lock, True)
os.execvp("sh", ["sh", "deploy/setup.sh", *sys.argv[1:]])' "$@"
}

if [ "${1:-}" != bootstrap ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(everything)" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi
[ -n "${SETUP_IS_ALONE:-}" ] || alone "$@"
make_environment
respect_machine
once uv-installed "$(signature requirements/bootstrap.txt)" install_uv
if [ "${1:-}" != bootstrap ]; then
    once dependencies-installed "$(signature requirements/bootstrap.txt requirements/development.txt)" install_dependencies
    once members-installed "$(signature $(pyprojects))" install_members
    everything >"$stamp"
fi
