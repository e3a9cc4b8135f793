"""Ed25519: the one rule of verification (keys §2) and the enrolment of keys (keys 1.2).

The equation without the cofactor is computed by OpenSSL through `cryptography`. Everything in which implementations
differ is decided here, before it is asked.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import NoReturn, Optional, Tuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .refusal import Refusal

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493  # keys 2.2
D = -121665 * pow(121666, P - 2, P) % P
SQRT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)

# keys 2.3, with the top bit clear
SMALL_ORDER = frozenset(
    int.from_bytes(bytes.fromhex(encoding), "little")
    for encoding in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)

Point = Tuple[int, int, int, int]  # extended coordinates X, Y, Z, T of RFC 8032 §5.1.4


def key_id(public_key: bytes) -> bytes:
    """The COSE Key Thumbprint with SHA-256 (keys 1.4)."""
    return hashlib.sha256(bytes.fromhex("a301012006215820") + public_key).digest()


def refuse(name: str) -> NoReturn:
    raise Refusal("ed25519." + name)


def y_of(encoding: bytes) -> int:
    """The y coordinate of an encoded point: all but the top bit of the last byte."""
    return int.from_bytes(encoding, "little") & ((1 << 255) - 1)


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Verifies a signature by the rule of keys §2, in the order of keys 2.6. Refuses with the codes of keys §9."""
    if len(public_key) != 32:
        refuse("public-key-length")
    if len(signature) != 64:
        refuse("signature-length")
    if int.from_bytes(signature[32:], "little") >= L:
        refuse("s-not-reduced")
    check_encoding(public_key, "public-key")
    check_encoding(signature[:32], "r")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        refuse("bad-signature")


def check_encoding(encoding: bytes, name: str) -> None:
    """Refuses a point of small order (keys 2.3), then a y coordinate that is not reduced (keys 2.4)."""
    y = y_of(encoding)
    if y in SMALL_ORDER:
        refuse(name + "-small-order")
    if y >= P:
        refuse(name + "-not-canonical")


def enrol(public_key: bytes) -> None:
    """Checks a key that a charter or certificate brings in (keys 1.2)."""
    fault = enrolment_fault(public_key)
    if fault is not None:
        refuse(fault)


@lru_cache(maxsize=65536)
def enrolment_fault(public_key: bytes) -> Optional[str]:
    """What keeps a key from enrolment, or `None`. It is remembered, because one key comes in many documents."""
    if len(public_key) != 32:
        return "public-key-length"
    try:
        check_encoding(public_key, "public-key")
    except Refusal as refusal:
        return refusal.code[len("ed25519.") :]
    point = decompress(public_key)
    if point is None:
        return "public-key-not-on-curve"
    x, y, z, _ = multiply(L, point)
    # The point of order 1 is (0, 1). Any other result has a component of small order in it.
    return None if x == 0 and y == z else "public-key-mixed-order"


def decompress(encoding: bytes) -> Optional[Point]:
    """The point of a canonical encoding (RFC 8032 §5.1.3), or `None` where there is none."""
    y = y_of(encoding)
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    square = v * x * x % P
    if square == P - u:
        x = x * SQRT_OF_MINUS_1 % P
    elif square != u:
        return None
    if x == 0 and encoding[31] >> 7:
        return None
    if x & 1 != encoding[31] >> 7:
        x = P - x
    return (x, y, 1, x * y % P)


def add(p: Point, q: Point) -> Point:
    """Addition of RFC 8032 §5.1.4."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def double(p: Point) -> Point:
    """Doubling of RFC 8032 §5.1.4."""
    a, b = p[0] * p[0] % P, p[1] * p[1] % P
    c = 2 * p[2] * p[2] % P
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1])
    g = a - b
    f = c + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar: int, point: Point) -> Point:
    """[scalar]point, bit by bit from the highest. Nothing here is secret."""
    result: Point = (0, 1, 1, 0)
    for bit in range(scalar.bit_length() - 1, -1, -1):
        result = double(result)
        if scalar >> bit & 1:
            result = add(result, point)
    return result
