"""The other end of a lone network's one cable: a name server that lies, a server of models, and a list of what came.

Run in a network of its own by `lone_program`, which puts the end of the cable there. Each line that comes asks for the
list: one JSON object a line, with the names that were asked for and the addresses and ports that packets were for.
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading

from tests.support.scripted_server import running_server
from tests.support.scripts import openai_chunks, openai_script, sse

SET_UP = """
echo 1 > /proc/sys/net/ipv6/conf/trip1/disable_ipv6
ip link set lo up
for each in 2 53 99; do ip addr add 192.0.2.$each/24 dev trip1; done
ip link set trip1 up
"""
LIE = "192.0.2.99"  # where every name leads to, as this name server says
_IPV4, _ALL = 0x0800, 0x0003
_TCP, _UDP, _DNS = 6, 17, 53


class Seen:
    """All that has come over the cable since the last time that it was told."""

    def __init__(self):
        self.names: set[str] = set()
        self.targets: set[str] = set()
        self._lock = threading.Lock()

    def note(self, packet):
        """Note a packet as the cable brought it, with its Ethernet head."""
        if len(packet) < 34 or struct.unpack("!H", packet[12:14])[0] != _IPV4:
            return
        head = packet[14:]
        length, protocol = (head[0] & 15) * 4, head[9]
        target = socket.inet_ntoa(head[16:20])
        port = struct.unpack("!H", head[length + 2 : length + 4])[0] if protocol in (_TCP, _UDP) else 0
        with self._lock:
            self.targets.add(f"{target}:{port}")
            if protocol == _UDP and port == _DNS:
                self.names.add(name_in(head[length + 8 :]))

    def tell(self):
        """Return what has come as JSON, and forget it."""
        with self._lock:
            told = json.dumps({"names": sorted(self.names), "targets": sorted(self.targets)})
            self.names.clear()
            self.targets.clear()
        return told


def name_in(question):
    """The name in a question to a name server."""
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode())
        at += 1 + question[at]
    return ".".join(labels)


def answer(question):
    """Tell that the name is at `LIE`; that it has no other kind of address."""
    end = question.index(0, 12) + 5
    is_ipv4 = question[end - 4 : end - 2] == b"\0\1"
    head = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_ipv4 else b"\0\0") + b"\0\0\0\0"
    found = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton(LIE) if is_ipv4 else b""
    return head + question[12:end] + found


def lie():
    """Answer every question for a name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("192.0.2.53", _DNS))
        while True:
            question, asker = server.recvfrom(4096)
            server.sendto(answer(question), asker)


def watch(seen, cable):
    """Note what comes, not what is answered."""
    while True:
        packet, (_, _, kind, *_) = cable.recvfrom(65_536)
        if kind != socket.PACKET_OUTGOING:
            seen.note(packet)


def main():
    sys.stdin.readline()  # the cable is there
    subprocess.run(["sh", "-e", "-c", SET_UP], check=True)
    seen = Seen()
    cable = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
    cable.bind(("trip1", 0))
    threading.Thread(target=watch, args=(seen, cable), daemon=True).start()
    threading.Thread(target=lie, daemon=True).start()
    with running_server(openai_script(sse(openai_chunks("It is four."))), host=LIE, port=8000):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin.readline():
            sys.stdout.write(f"{seen.tell()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
