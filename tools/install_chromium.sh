#!/bin/sh
# Make sure that the browser tests find a Chromium: one that is here, Debian's package, or Playwright's.
set -eu
cd "$(dirname "$0")/.."

found() {
    for name in chromium-headless-shell chromium google-chrome; do
        command -v "$name" && return 0
    done
    .venv/bin/python - <<'PYTHON'
import pathlib, sys
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
print(path)
sys.exit(not pathlib.Path(path).exists())
PYTHON
}

if browser=$(found); then
    echo "Chromium is at $browser"
    exit 0
fi

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --quiet=2 --yes --no-install-recommends "$1" fonts-wqy-zenhei
}

# Ubuntu's package named chromium is a pointer to a snap, which cannot be driven by the tests.
if command -v apt-get >/dev/null && ! grep -q '^ID=ubuntu' /etc/os-release; then
    as_root apt-get update --quiet=2
    # A window costs less in Debian's headless shell; who lacks the package gets the whole browser.
    install chromium-headless-shell || install chromium
else
    .venv/bin/playwright install --with-deps chromium
fi
echo "Chromium is at $(found)"
