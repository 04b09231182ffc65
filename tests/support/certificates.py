"""Certificates for servers that speak https in tests: of an authority, or of nobody."""

from __future__ import annotations

import datetime
import ipaddress
import ssl

import pytest

_DAY = datetime.timedelta(days=1)


class Authority:
    """Authority that issues certificates for an address on loopback. Needs the package cryptography."""

    def __init__(self, name, above=None, *, starts=-_DAY, ends=_DAY):
        """`above`: the authority that has signed its certificate; None: itself."""
        self._library = pytest.importorskip("cryptography.x509")
        from cryptography.hazmat.primitives.asymmetric import ec

        self._name = self._library.Name([self._library.NameAttribute(self._library.NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.own = (above or self)._signed(self._name, self._key, "127.0.0.1", starts, ends, is_authority=True)

    @property
    def pem(self):
        """Its own certificate."""
        return self.own[0]

    def issued(self, *, address="127.0.0.1", name="", starts=-_DAY, ends=_DAY):
        """A certificate for an address, or a name, valid from and until so long from now."""
        from cryptography.hazmat.primitives.asymmetric import ec

        subject = self._library.Name([self._library.NameAttribute(self._library.NameOID.COMMON_NAME, "server")])
        return self._signed(subject, ec.generate_private_key(ec.SECP256R1()), name or address, starts, ends)

    def _signed(self, name, key, address="127.0.0.1", starts=-_DAY, ends=_DAY, *, is_authority=False):
        from cryptography.hazmat.primitives import hashes, serialization

        x509, now = self._library, datetime.datetime.now(datetime.UTC)
        try:
            meant = x509.IPAddress(ipaddress.ip_address(address))
        except ValueError:
            meant = x509.DNSName(address)
        others = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign")
        others += ("encipher_only", "decipher_only")
        usage = x509.KeyUsage(True, key_cert_sign=is_authority, **dict.fromkeys(others, False))
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + starts)
            .not_valid_after(now + ends)
            .add_extension(x509.SubjectAlternativeName([meant]), critical=False)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            # Without these, Python 3.13 and later trust nobody.
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return made.public_bytes(serialization.Encoding.PEM), private


def context_of(folder, certificate, key, *others):
    """A server's context with a certificate, which is written to `server.pem` in `folder`; `others` are sent along."""
    file = folder / "server.pem"
    file.write_bytes(key + certificate + b"".join(others))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def untrusted_tls(folder):
    """A server's context with a certificate for 127.0.0.1 that it has signed itself, made in `folder`."""
    return context_of(folder, *Authority("scripted").own)
