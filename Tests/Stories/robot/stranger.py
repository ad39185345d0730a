"""Somebody out there who writes SIP by hand, and not with good intentions."""

import socket


def quoted(name):
    """A display name as a quoted string (RFC 3261 §25.1): what may not stand there as it is has a backslash in front."""
    def is_escaped(character):
        return character in '"\\\x7f' or (character < " " and character not in "\r\n\t")
    return '"' + "".join("\\" + character if is_escaped(character) else character for character in name) + '"'


class Stranger:
    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.number = 0
        self.last = None

    def close(self):
        self.socket.close()

    def _send(self, method, branch, fields, body=b"", kind=None):
        lines = [
            f"{method} sip:alice@127.0.0.1:{self.target[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{branch};rport", "Max-Forwards: 70", *fields,
            *([f"Content-Type: {kind}"] if kind else []), f"Content-Length: {len(body)}", "", "",
        ]
        self.socket.sendto("\r\n".join(lines).encode() + body, self.target)

    def _fields(self, method, name, tag):
        self.number += 1
        return [
            f"From: {quoted(name)} <sip:{tag}@evil.example>;tag=f{self.number}",
            f"To: <sip:alice@sandbox.test>", f"Call-ID: {self.number}-{tag}@evil.example", f"CSeq: 1 {method}",
        ]

    def message(self, name, text, tag):
        self._send("MESSAGE", f"m{self.number}", self._fields("MESSAGE", name, tag), text.encode(), "text/plain")

    def invite(self, name, tag):
        """A call that is let ring until `cancel`."""
        branch, fields = f"i{self.number}", self._fields("INVITE", name, tag)
        self.last = (branch, fields)
        offer = (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
        ).encode()
        contact = f"Contact: <sip:{tag}@127.0.0.1:{self.port}>"
        self._send("INVITE", branch, [*fields, contact], offer, "application/sdp")

    def cancel(self):
        branch, fields = self.last
        method = [field.replace("CSeq: 1 INVITE", "CSeq: 1 CANCEL") for field in fields]
        self._send("CANCEL", branch, method)
        # The answers are not read; the final one is acknowledged, so that it is not sent for half a minute.
        tag = self._tag_of_final()
        acknowledged = [
            field.replace("CSeq: 1 INVITE", "CSeq: 1 ACK") if not field.startswith("To:") else f"{field};tag={tag}"
            for field in fields
        ]
        self._send("ACK", branch, acknowledged)

    def _tag_of_final(self):
        self.socket.settimeout(10)
        while True:
            text = self.socket.recv(65_535).decode(errors="replace")
            if text.startswith("SIP/2.0 487"):
                to = next(line for line in text.split("\r\n") if line.startswith(("To:", "t:")))
                return to.rpartition("tag=")[2]
