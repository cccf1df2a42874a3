"""Builds and deploys to the local AWS, with the SAM command and the same template that goes to AWS."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from local_aws.server import WORK
from local_aws.settings import LOCAL, ROOT, STACK, TroubleError

SAM = ROOT / ".tools/sam/bin/sam"
BUCKET = "crm-robots-artifacts"
BUNDLE = ROOT / ".aws-sam/local"
BUILT = BUNDLE / "sources"  # hash of what the bundle was made from; DEPLOYED: the same of the running stack
DEPLOYED = WORK / "deployed"
SOURCES = ("template.yaml", "samconfig.toml", "uv.lock", "functions", "layers")


def build() -> str:
    """Builds the bundle for this machine, unless it is there already; returns the hash of its sources.

    One build at a time: `sam build` empties the folder that another one would be filling.
    """
    BUNDLE.parent.mkdir(exist_ok=True)
    with (BUNDLE.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = _hash_of_sources()
        if not _says(BUILT, sources):
            _sam("build")
            BUILT.write_text(sources)
    return sources


def bring_up_to_date(**parameters: str) -> None:
    """Builds and deploys, unless the running stack was made from the same sources with the same parameters."""
    given = [f'{name}="{value}"' for name, value in {"Architecture": _architecture(), **parameters}.items()]
    wanted = " ".join((build(), *given))
    if not _says(DEPLOYED, wanted):
        _make_bucket()
        _sam("deploy", "--parameter-overrides", *given)
        DEPLOYED.write_text(wanted)


def outputs() -> dict[str, str]:
    """The stack's outputs by name."""
    described = boto3.client("cloudformation").describe_stacks(StackName=STACK)
    return {output["OutputKey"]: output["OutputValue"] for output in described["Stacks"][0].get("Outputs", [])}


def _says(file: Path, text: str) -> bool:
    return file.exists() and file.read_text() == text


def _hash_of_sources() -> str:
    digest = hashlib.sha256()
    for file in _source_files():
        digest.update(f"{file.relative_to(ROOT)}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        path = ROOT / name
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in files if file.is_file() and "__pycache__" not in file.parts)


def _make_bucket() -> None:
    try:
        boto3.client("s3").create_bucket(Bucket=BUCKET)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
            raise


def _sam(command: str, *options: str) -> None:
    """Runs one SAM command with the section `local` of samconfig.toml; its output goes to a log."""
    log = LOCAL / f"sam-{command}.log"
    config = ("--config-file", ROOT / "samconfig.toml", "--config-env", "local")
    with log.open("wb") as output:
        done = subprocess.run(
            [SAM, command, *config, *options],
            cwd=ROOT,
            env=os.environ | {"ARCHITECTURE": "local"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise TroubleError(f"`sam {command}` failed; the end of {log}:\n{tail}")


def _architecture() -> str:
    return "arm64" if os.uname().machine in {"arm64", "aarch64"} else "x86_64"
