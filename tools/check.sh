#!/bin/sh
# Names what the machine lacks to run the product, with the command that installs it.
# Usage: tools/check.sh PYTHON
python=$1
missing=""

if ! command -v "$python" >/dev/null; then
    missing="$missing python3 python3-venv"
elif ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "PhishNet needs Python 3.11 or later; $python is $("$python" -V 2>&1)." >&2
    echo "Name another with: make PYTHON=python3.12 run" >&2
    exit 1
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    missing="$missing python3-venv"
fi
command -v setpriv >/dev/null || missing="$missing util-linux"

if [ -n "$missing" ]; then
    echo "Missing on this machine:$missing. Install with:" >&2
    echo "    apt-get install$missing" >&2
    exit 1
fi
