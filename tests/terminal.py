"""A shell in a pseudo-terminal, driven by what is typed: none where it is not installed."""

import os
import pty
import select
import shutil
import signal
import time

#: Seconds that are waited for an answer: a loaded machine starts Python slowly.
PATIENCE = 60
COMMANDS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}


class Shell:
    """An interactive shell that reads what is typed and whose screen is a text."""

    def __init__(self, name, folder, environment):
        command = COMMANDS[name]
        variables = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "LANG": "C.UTF-8", **environment}
        self.screen = ""
        self.pid, self.handle = pty.fork()
        if not self.pid:
            os.chdir(folder)
            os.execvpe(shutil.which(command[0]), command, variables)

    def type(self, text):
        """Types `text`."""
        os.write(self.handle, text.encode())

    def wait(self, text, quiet=0.0):
        """Everything on the screen up to `text`, and whatever comes until it is `quiet` so long."""
        end = time.monotonic() + PATIENCE
        while text not in self.screen:
            assert time.monotonic() < end, f"no {text!r} in {self.screen!r}"
            self._read(0.1)
        while quiet and self._read(quiet):
            assert time.monotonic() < end
        seen, self.screen = (self.screen, "") if quiet else self._split(text)
        return seen

    def _split(self, text):
        place = self.screen.index(text) + len(text)
        return self.screen[:place], self.screen[place:]

    def _read(self, seconds):
        if not select.select([self.handle], [], [], seconds)[0]:
            return False
        try:
            self.screen += os.read(self.handle, 65536).decode(errors="replace")
        except OSError:
            return False
        return True

    def close(self):
        """Ends the shell."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.handle)
