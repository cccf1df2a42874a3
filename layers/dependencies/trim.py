"""Takes out of the layer what no function reads: every start of a function unpacks what is left."""

import shutil
import sys
from pathlib import Path

# The AWS services that functions call. botocore describes all of them, in 25 MB of the layer's 60.
SERVICES = {"dynamodb", "lambda", "sns", "sqs", "ssm", "sts"}

# Names of places, operators and zones behind phone numbers: 20 MB that nobody asks for.
# `shortdata` stays: the package itself imports it.
PHONE_NAMES = ("carrierdata", "geodata", "tzdata")


def trim(site: Path) -> None:
    """Leaves only our services' descriptions, and no names of places, scripts or tests, under `site`."""
    for package in ("botocore", "boto3"):
        for folder in (site / package / "data").iterdir():
            if folder.is_dir() and folder.name not in SERVICES:
                shutil.rmtree(folder)
    for unread in PHONE_NAMES:
        shutil.rmtree(site / "phonenumbers" / unread, ignore_errors=True)
    shutil.rmtree(site / "bin", ignore_errors=True)
    for folder in [*site.rglob("tests"), *site.rglob("__pycache__")]:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    trim(Path(sys.argv[1]))
