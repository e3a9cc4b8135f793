"""Short fingerprints of states (recognition §1 to §3) and recognitions that agree (recognition §4)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Callable, Dict, List, NamedTuple, Optional

from .charter import Charter, verify_chain, verify_charter
from .inputs import bad_input, hex_bytes, list_of, members, text
from .recognition import LevelMap, verify_recognition
from .refusal import Refusal
from .registries import registry

DOMAIN = b"comity/fingerprint/1"
LISTS = {"en": "english", "fr": "french", "es": "spanish", "zh": "simplified-chinese"}
WORDS = 12
DIGITS = 40
MAX_TOLD_BYTES = 1024
ARABIC_INDIC = {zero + value: str(value) for zero in (0x660, 0x6F0) for value in range(10)}
TO_ARABIC = {ord("0") + value: 0x660 + value for value in range(10)}
SMALL = {ord("A") + place: ord("a") + place for place in range(26)}


class Told(NamedTuple):
    """What a text says: a short fingerprint, where it is of a QR code with a state code, or a state id."""

    short: Optional[bytes] = None
    code: Optional[str] = None
    state: Optional[str] = None


def short_fingerprint(charter: Charter) -> bytes:
    """Recognition 1.1. The charter is the last one."""
    return hashlib.sha256(DOMAIN + bytes.fromhex(charter.state) + charter.digest).digest()[:16]


def number(short: bytes) -> int:
    """The number that all forms are spellings of (recognition 2.1)."""
    return int.from_bytes(short, "big") << 4 | hashlib.sha256(short).digest()[0] >> 4


@lru_cache(maxsize=None)
def words(language: str) -> List[str]:
    return list(registry("words/" + LISTS[language])["words"])


@lru_cache(maxsize=None)
def places(language: str) -> Dict[str, int]:
    return {bare(word): place for place, word in enumerate(words(language))}


def in_words(value: int, language: str) -> str:
    """Recognition 2.2."""
    return " ".join(words(language)[value >> 11 * (WORDS - 1 - place) & 0x7FF] for place in range(WORDS))


def in_digits(value: int) -> str:
    """Recognition 2.3."""
    digits = str(value).rjust(DIGITS, "0")
    return " ".join(digits[place : place + 5] for place in range(0, DIGITS, 5))


def in_code(value: int, code: str) -> str:
    """Recognition 2.4."""
    return f"COMITY:{code}:{in_digits(value).replace(' ', '')}"


def bare(told: str) -> str:
    """A text without what does not count (recognition 2.5)."""
    decomposed = unicodedata.normalize("NFKD", told)
    kept = (each for each in decomposed if unicodedata.category(each) not in ("Mn", "Mc", "Me", "Cf"))
    return "".join(kept).translate(SMALL).translate(ARABIC_INDIC)


def pieces(told: str) -> List[str]:
    """Words and groups of a text (recognition 2.5)."""
    found = [piece for piece in re.split("[ \\t\\n\\r,.-]+", bare(told)) if piece]
    return [part for piece in found for part in (list(piece) if re.fullmatch("[\u4e00-\u9fff]+", piece) else [piece])]


def read_told(told: str) -> List[Told]:
    """What a text can be read as (recognition 2.6, 2.7)."""
    if len(told.encode()) > MAX_TOLD_BYTES:
        raise Refusal("fingerprint.form")
    found = pieces(told)
    joined = "".join(found)
    if re.fullmatch("[0-9a-f]{64}", joined):
        return [Told(state=joined)]
    scanned = re.fullmatch("comity:([a-z]{3}):([0-9]{40})", joined)
    digits = scanned.group(2) if scanned else joined
    if re.fullmatch("[0-9]+", digits):
        if len(digits) != DIGITS:
            raise Refusal("fingerprint.form")
        return [Told(checked(int(digits)), scanned.group(1).upper() if scanned else None)]
    return read_words(found)


def read_words(found: List[str]) -> List[Told]:
    if len(found) != WORDS:
        raise Refusal("fingerprint.form")
    languages = [language for language in LISTS if all(word in places(language) for word in found)]
    if not languages:
        raise Refusal("fingerprint.unknown-word")
    values = []
    for language in languages:
        value = 0
        for word in found:
            value = value << 11 | places(language)[word]
        values.append(value)
    good = [value for value in values if is_whole(value)]
    return [Told(checked(value)) for value in good or values[:1]]


def is_whole(value: int) -> bool:
    return value < 1 << 132 and number((value >> 4).to_bytes(16, "big")) == value


def checked(value: int) -> bytes:
    """Recognition 2.7."""
    if not is_whole(value):
        raise Refusal("fingerprint.check")
    return (value >> 4).to_bytes(16, "big")


def is_of(told: Told, charter: Charter) -> bool:
    """Recognition 3.2 and 3.3."""
    if told.state is not None:
        return told.state == charter.state and charter.digest.hex() == charter.state
    return told.code in (None, charter.code) and told.short == short_fingerprint(charter)


def last_charter(charters: List[bytes]) -> Charter:
    if not charters:
        bad_input()
    return verify_chain(charters)


def fingerprint_show(value: Dict[str, object]) -> object:
    """`fingerprint.show` (recognition 6.1)."""
    charter = last_charter(members(value, {"charters": list_of(hex_bytes)})["charters"])
    short = short_fingerprint(charter)
    spelled = number(short)
    return {
        "short": short.hex(),
        "words": {language: in_words(spelled, language) for language in LISTS},
        "digits": in_digits(spelled),
        "arabicDigits": in_digits(spelled).translate(TO_ARABIC),
        "code": in_code(spelled, charter.code),
    }


def fingerprint_compare(value: Dict[str, object]) -> object:
    """`fingerprint.compare` (recognition 6.2)."""
    read = members(value, {"charters": list_of(hex_bytes), "told": text})
    charter = last_charter(read["charters"])
    if not any(is_of(told, charter) for told in read_told(read["told"])):
        raise Refusal("peer.fingerprint-mismatch")
    return {"state": charter.state}


def recognition_agree(value: Dict[str, object]) -> object:
    """`recognition.agree` (recognition 6.3)."""
    forms = {"own": hex_bytes, "other": hex_bytes, "issuer": hex_bytes, "subject": hex_bytes}
    read = members(value, forms)
    issuer, subject = verify_charter(read["issuer"]), verify_charter(read["subject"])
    own = verify_recognition(read["own"], issuer, subject)
    other = verify_recognition(read["other"], subject, issuer)
    if not (is_same(own.outbound, other.inbound) and is_same(own.inbound, other.outbound)):
        raise Refusal("identity.equivalence-not-agreed")
    return {"outbound": own.outbound.levels, "inbound": own.inbound.levels}


def is_same(one: LevelMap, other: LevelMap) -> bool:
    """Recognition 4.2."""
    return (one.origin, one.target, one.levels) == (other.origin, other.target, other.levels)


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "fingerprint.show": fingerprint_show,
    "fingerprint.compare": fingerprint_compare,
    "recognition.agree": recognition_agree,
}
