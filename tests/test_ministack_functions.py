"""How the local AWS runs functions: an update ends no invocation."""

import json
import subprocess

from local_aws.settings import ROOT

PROGRAM = f"""
import json, sys
sys.path.append({str(ROOT / "local_aws")!r})
from ministack.core import lambda_runtime
from ministack.services import lambda_svc
import ministack_functions
ended = []
lambda_runtime.kill_workers = lambda workers: ended.extend(worker.name for worker in workers)
ministack_functions.let_invocations_finish()
arn = "arn:aws:lambda:us-east-1:000000000000:function:f"
config = {{"FunctionArn": arn, "FunctionName": "f", "Runtime": "python3.13"}}
def start(name, function="f"):
    worker, _ = lambda_runtime.acquire_worker(function, config, b"")
    worker.name = name
    return worker
busy, idle, other = start("busy"), start("idle"), start("other", "g")
lambda_svc.release_worker(idle)
lambda_svc.release_worker(other)
lambda_svc.invalidate_worker("f", qualifier="$LATEST")
after_update = list(ended)
fresh = start("fresh")
lambda_svc.release_worker(busy)
lambda_svc.release_worker(fresh)
print(json.dumps([after_update, ended, start("again") is fresh]))
"""


def test_w3_an_update_ends_environments_when_they_have_answered():
    """W3: a webhook that is being taken while `make up` brings the functions up to date gets its 200."""
    python = ROOT / ".tools/ministack/bin/python"
    done = subprocess.run([python, "-P", "-c", PROGRAM], capture_output=True, text=True, check=True)

    after_update, ended, is_pooled = json.loads(done.stdout.splitlines()[-1])

    assert after_update == ["idle"]
    assert ended == ["idle", "busy"]
    assert is_pooled
