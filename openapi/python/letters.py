"""The mail that the service writes to its folder, as a person reads it: a link or six digits on a line of their own."""

import email
import email.policy
import os
import re
import threading
import time
from collections import defaultdict
from pathlib import Path

PATIENCE = 30
LINK = re.compile(r"^https?://\S+#\S+$")
CODE = re.compile(r"^[0-9]{6}$")


class Mailbox:
    """A folder of `.eml` files. What was read once is not read again: there are thousands of them in a long run."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._lock = threading.Lock()
        self._seen, self._changed = set(), 0
        self._lines = defaultdict(list)

    def links(self, address):
        return self._found(address, LINK)

    def codes(self, address):
        return self._found(address, CODE)

    def link(self, address, count=1):
        """The newest link to this address, once there are so many."""
        return self._newest(address, LINK, count)

    def code(self, address, count):
        """The newest code to this address, once there are so many."""
        return self._newest(address, CODE, count)

    def _newest(self, address, pattern, count):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self._found(address, pattern)
            if len(found) >= count:
                return found[-1]
            time.sleep(0.01)
        raise TimeoutError(f"no mail to {address} within {PATIENCE} s")

    def _found(self, address, pattern):
        with self._lock:
            self._read_new()
            return [line for line in self._lines[address] if pattern.match(line)]

    def _read_new(self):
        # What comes after this moment changes the folder again.
        changed = self.folder.stat().st_mtime_ns
        if changed == self._changed:
            return
        names = {name for name in os.listdir(self.folder) if name.endswith(".eml")}
        self._changed = changed
        for name in sorted(names - self._seen):
            letter = email.message_from_bytes((self.folder / name).read_bytes(), policy=email.policy.default)
            self._seen.add(name)
            lines = [line.strip() for line in letter.get_body(("plain",)).get_content().splitlines()]
            for address in letter["To"].addresses:
                self._lines[address.addr_spec].extend(lines)
