"""A running Suricata, to be measured beside `leptonnet live`: its flow log of one interface, without rules."""

import pathlib
import re

from .sensor import Running

SETTINGS = """%YAML 1.1
---
default-log-dir: {folder}
af-packet:
  - interface: {interface}
    threads: auto
    cluster-id: 97
    cluster-type: cluster_flow
    defrag: yes
    use-mmap: yes
    tpacket-v3: yes
    ring-size: 30000
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      types: [flow]
stats:
  enabled: no
logging:
  default-log-level: notice
  outputs:
    - console:
        enabled: yes
"""


class Suricata(Running):
    """`command` may run it elsewhere, such as `chroot /srv/trixie suricata`, where the folder is at the same path."""

    output = None

    def __init__(self, network, command, folder):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        settings = folder / "suricata.yaml"
        settings.write_text(SETTINGS.format(folder=folder, interface=network.sensing), encoding="utf-8")
        words = [*command, "-c", settings, f"--af-packet={network.sensing}", "-l", folder, "-S", "/dev/null"]
        super().__init__(network, words, "Engine started", folder / "words")

    def kernel(self):
        """Packets that the kernel saw and dropped, as said at the end."""
        found = re.search(r"packets: (\d+), drops: (\d+)", self.words())
        if not found:
            raise RuntimeError(f"Suricata did not say what it saw: {self.words()}")
        return int(found.group(1)), int(found.group(2))
