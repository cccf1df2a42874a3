"""C5: INN, BIK and account, and what is wrong with one."""

import re
from typing import Any

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.ru import inn as russian_inn

COMPANY_INN_DIGITS = 10
ENTREPRENEUR_INN_DIGITS = 12
_BIK_DIGITS = 9
_ACCOUNT_DIGITS = 20
_WEIGHTS = (7, 1, 3)
_CURRENCIES = {"810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "156": "CNY"}


def digits(value: Any) -> str:
    """The code without the spaces that people put into it; a number field's `7707083893.0` as what was meant."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"\s", "", "" if value is None or value is False else str(value))


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


def wrong_account(account: str, bik: str) -> str:
    """`account_digits`, or `account_key` when its key does not fit the BIK; a BIK that is wrong itself says nothing."""
    if not account.isascii() or not account.isdigit() or len(account) != _ACCOUNT_DIGITS or not account.strip("0"):
        return "account_digits"
    return "" if wrong_bik(bik) or _key_fits(account, bik) else "account_key"


def _key_fits(account: str, bik: str) -> bool:
    """The Bank of Russia's rule: bank's number and account, weighted 7 1 3, add up to a multiple of ten.

    The bank's number is the end of the BIK; where the account is held by the Bank of Russia itself (BIK ends with
    000–002, or a correspondent account), it is 0 and the BIK's fifth and sixth digits.
    """
    by_central_bank = bik[-3:] in ("000", "001", "002") or account.startswith("30101")
    bank = f"0{bik[4:6]}" if by_central_bank else bik[-3:]
    total = sum(int(digit) * _WEIGHTS[place % 3] for place, digit in enumerate(bank + account))
    return total % 10 == 0


def currency_of(account: str) -> str:
    """Currency of an account by its sixth to eighth digits; empty when it is a rare one."""
    return _CURRENCIES.get(account[5:8], "")
