"""The Chromium that reads the built book for its tests, and prints it."""

import shutil

from playwright.sync_api import Browser, Error, Playwright

EXECUTABLES = (
    "chromium-headless-shell",  # a window of it costs half of what a whole browser's does
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class NoChromiumError(Exception):
    """That none could be started, and why."""


def launch(playwright: Playwright) -> Browser:
    """Start a Chromium for which no host but this machine exists.

    Raises:
        NoChromiumError: If neither one that is installed nor Playwright's own starts.
    """
    failures = []
    for executable in [*filter(None, map(shutil.which, EXECUTABLES)), None]:
        try:
            return playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        except Error as error:
            failures.append(f"{executable or 'Playwright’s own'}: {error.message}")
    raise NoChromiumError(
        "No Chromium could be started; `make browser` installs one.\n" + "\n".join(failures)
    )
