"""A DNS server on loopback that answers as a test tells it, and notes what it saw."""

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Behaviour = Callable[[dns.message.Message, bool], dns.message.Message | bytes | None]


def text(*values: str, ttl: int = 300) -> Behaviour:
    """Answer with a TXT record for each value, cut into strings as they must be."""
    records = [
        " ".join(f'"{value[at : at + 250]}"' for at in range(0, len(value), 250))
        for value in values
    ]

    def answer(query: dns.message.Message, _is_tcp: bool) -> dns.message.Message:
        reply = dns.message.make_response(query)
        name = query.question[0].name
        reply.answer.append(dns.rrset.from_text(name, ttl, "IN", "TXT", *records))
        return reply

    return answer


def refused(code: str) -> Behaviour:
    """Answer with an error."""

    def answer(query: dns.message.Message, _is_tcp: bool) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.from_text(code))
        return reply

    return answer


def silent(_query: dns.message.Message, _is_tcp: bool) -> None:
    """Answer nothing at all."""


def truncated(then: Behaviour) -> Behaviour:
    """Say over UDP that the answer needs TCP."""

    def answer(query: dns.message.Message, is_tcp: bool) -> Any:
        if is_tcp:
            return then(query, is_tcp)
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.TC
        return reply

    return answer


def alias(*names: str) -> Behaviour:
    """Answer with a chain of other names, and nothing at its end."""

    def answer(query: dns.message.Message, _is_tcp: bool) -> dns.message.Message:
        reply = dns.message.make_response(query)
        chain = [query.question[0].name.to_text(), *(f"{name}." for name in names)]
        for one, other in pairwise(chain):
            reply.answer.append(dns.rrset.from_text(one, 60, "IN", "CNAME", other))
        return reply

    return answer


class Nameserver:
    """What it answers under which name; others do not exist. `asked` is in order."""

    def __init__(self) -> None:
        self.records: dict[str, Behaviour] = {}
        self.asked: list[str] = []
        self.address = ""

    def wire(self, packet: bytes, *, is_tcp: bool) -> bytes | None:
        query = dns.message.from_wire(packet)
        name = query.question[0].name.to_text().rstrip(".").lower()
        self.asked.append(name)
        answer = self.records.get(name, refused("NXDOMAIN"))(query, is_tcp)
        return answer.to_wire() if isinstance(answer, dns.message.Message) else answer


@contextmanager
def serving() -> Iterator[Nameserver]:
    """Serve UDP and TCP on one port of loopback."""
    known = Nameserver()

    class Datagram(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            packet, sock = self.request
            if answer := known.wire(packet, is_tcp=False):
                sock.sendto(answer, self.client_address)

    class Stream(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!H", self.rfile.read(2))
            if answer := known.wire(self.rfile.read(length), is_tcp=True):
                self.wfile.write(struct.pack("!H", len(answer)) + answer)

    with _bound(Datagram, Stream) as servers:
        known.address = f"127.0.0.1:{servers[0].server_address[1]}"
        for server in servers:
            threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            yield known
        finally:
            for server in servers:
                server.shutdown()


@contextmanager
def _bound(
    datagram: type[socketserver.BaseRequestHandler],
    stream: type[socketserver.BaseRequestHandler],
) -> Iterator[tuple[socketserver.BaseServer, socketserver.BaseServer]]:
    """Both on one port; a port that is free for one may be taken for the other."""
    for _ in range(50):
        udp = socketserver.ThreadingUDPServer(("127.0.0.1", 0), datagram)
        try:
            tcp = socketserver.ThreadingTCPServer(udp.server_address, stream)
        except OSError:
            udp.server_close()
            continue
        udp.daemon_threads = tcp.daemon_threads = True
        with udp, tcp:
            yield udp, tcp
        return
    raise OSError("no port is free for both")
