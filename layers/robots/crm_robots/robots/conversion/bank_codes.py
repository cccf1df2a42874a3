"""C5: INN, BIK and account, and what is wrong with one."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.ru import inn as russian_inn

from crm_robots.shared.typed import is_invisible

COMPANY_INN_DIGITS = 10
ENTREPRENEUR_INN_DIGITS = 12
_BIK_DIGITS = 9
_ACCOUNT_DIGITS = 20
_WEIGHTS = (7, 1, 3)
_CURRENCIES = {"810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "156": "CNY"}


def digits(value: Any) -> str:
    """The code without spaces and what nobody sees; a number field's `7707083893.0` as what was meant."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(char for char in ("" if value is None or value is False else str(value)) if not is_invisible(char))


def wrong_inn(inn: str) -> str:
    """`digits`, `zeros` or `checksum`; empty when it holds."""
    if not inn.isascii() or not inn.isdigit() or len(inn) not in (COMPANY_INN_DIGITS, ENTREPRENEUR_INN_DIGITS):
        return "inn_digits"
    if not inn.strip("0"):
        return "inn_zeros"
    try:
        russian_inn.validate(inn)
    except InvalidChecksum:
        return "inn_checksum"
    except ValidationError:
        return "inn_digits"
    return ""


def wrong_bik(bik: str) -> str:
    """`bik_digits`; empty when it holds."""
    is_bik = bik.isascii() and bik.isdigit() and len(bik) == _BIK_DIGITS and bool(bik.strip("0"))
    return "" if is_bik else "bik_digits"


class Key(Enum):
    """What a key is counted from, beside the account itself."""

    BANK = "the last three digits of the BIK"
    CENTRAL_BANK = "0 and the fifth and sixth digit of the BIK"
    NONE = "nothing: there is no key"


class Class(NamedTuple):
    """Accounts of one kind: how they begin, how their BIK ends, how they are keyed. An empty text is any."""

    accounts: Sequence[str]
    bik_ends: Sequence[str]
    key: Key


CLASSES = (
    # Treasury accounts. Order of the Federal Treasury of 2020-04-01 No. 15n: none of the 20 digits is a key.
    Class(("0",), (), Key.NONE),
    # Single treasury accounts: the Bank of Russia holds them for treasury bodies (BIK 00… or 01…), so they are keyed
    # like a correspondent account. Bank of Russia, 1997-09-08 No. 515; regulation 732-P of 2020-09-24 on BIKs.
    Class(("40102",), (), Key.CENTRAL_BANK),
    # Correspondent accounts of banks. Bank of Russia, 1997-09-08 No. 515: https://base.garant.ru/576000/
    Class(("30101",), (), Key.CENTRAL_BANK),
    # Any account held by a settlement centre or a head office of the Bank of Russia. The same document.
    Class((), ("000", "001", "002"), Key.CENTRAL_BANK),
    # All others are held by a bank. The same document.
    Class((), (), Key.BANK),
)
"""The first row that fits tells how an account is keyed."""


def wrong_account(account: str, bik: str) -> str:
    """`account_digits`, or `account_key` when its key does not fit the BIK; a BIK that is wrong itself says nothing."""
    if not account.isascii() or not account.isdigit() or len(account) != _ACCOUNT_DIGITS or not account.strip("0"):
        return "account_digits"
    return "" if wrong_bik(bik) or _key_fits(account, bik) else "account_key"


def _key_fits(account: str, bik: str) -> bool:
    """The bank's number and the account, weighted 7 1 3, add up to a multiple of ten."""
    key = _key(account, bik)
    if key is Key.NONE:
        return True
    bank = f"0{bik[4:6]}" if key is Key.CENTRAL_BANK else bik[-3:]
    total = sum(int(digit) * _WEIGHTS[place % 3] for place, digit in enumerate(bank + account))
    return total % 10 == 0


def _key(account: str, bik: str) -> Key:
    fitting = (
        one.key
        for one in CLASSES
        if account.startswith(tuple(one.accounts) or "") and bik.endswith(tuple(one.bik_ends) or "")
    )
    return next(fitting)


def currency_of(account: str) -> str:
    """Currency of an account by its sixth to eighth digits; empty when it is a rare one."""
    return _CURRENCIES.get(account[5:8], "")
