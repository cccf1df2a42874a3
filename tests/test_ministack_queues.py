"""The local AWS's own FIFO queues do what MiniStack's do, and do not slow down with what waits."""

import json
import subprocess

from local_aws.settings import ROOT

PYTHON = ROOT / ".tools/ministack/bin/python"
BEGIN = f"""
import asyncio, json, random, sys, time
sys.path.append({str(ROOT / "local_aws")!r})
from ministack.services import sqs
if sys.argv[1] == "ours":
    import ministack_queues
    ministack_queues.install()
def call(action, **asked):
    return asyncio.run(sqs._dispatch(action, asked, ""))
dead = call("CreateQueue", QueueName="dead.fifo", Attributes={{"FifoQueue": "true"}})["QueueUrl"]
arn = call("GetQueueAttributes", QueueUrl=dead)["Attributes"]["QueueArn"]
policy = json.dumps({{"deadLetterTargetArn": arn, "maxReceiveCount": 3}})
url = call("CreateQueue", QueueName="q.fifo", Attributes={{"FifoQueue": "true", "RedrivePolicy": policy}})["QueueUrl"]
def send(body, group, known):
    return call("SendMessage", QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=known)
"""
LIFE = """
chance, seen, held = random.Random(7), [], {}
bodies = {}
for number in range(3000):
    act = chance.choice(["send", "send", "take", "delete", "postpone", "purge" if number % 500 == 499 else "take"])
    if act == "send":
        known = str(chance.randrange(2000))
        sent = send(f"b{number}", f"g{chance.randrange(9)}", known)
        seen.append(bodies.setdefault(sent["MessageId"], f"b{number}"))
    elif act == "take":
        asked = {"MaxNumberOfMessages": chance.randrange(1, 11), "VisibilityTimeout": chance.choice([0, 30])}
        got = call("ReceiveMessage", QueueUrl=url, **asked).get("Messages", [])
        seen.append([one["Body"] for one in got])
        held |= {one["Body"]: one["ReceiptHandle"] for one in got}
    elif act == "delete":
        some = sorted(held)[: chance.randrange(1, 6)]
        if some:
            entries = [{"Id": str(n), "ReceiptHandle": held.pop(body)} for n, body in enumerate(some)]
            entries += [{"Id": "wrong", "ReceiptHandle": "wrong"}]
            answer = call("DeleteMessageBatch", QueueUrl=url, Entries=entries)
            seen.append([[one["Id"] for one in answer[part]] for part in ("Successful", "Failed")])
    elif act == "postpone" and held:
        body = sorted(held)[-1]
        try:
            call("ChangeMessageVisibility", QueueUrl=url, ReceiptHandle=held[body], VisibilityTimeout=0)
        except sqs._Err as error:
            seen.append(error.code)
    elif act == "purge":
        call("PurgeQueue", QueueUrl=url)
        held.clear()
    counts = call("GetQueueAttributes", QueueUrl=url)["Attributes"]
    left = call("GetQueueAttributes", QueueUrl=dead)["Attributes"]
    seen.append([one[n] for one in (counts, left) for n in sorted(one) if n.startswith("ApproximateNumber")])
print(json.dumps(seen))
"""
DEEP = """
def spent(waiting):
    call("PurgeQueue", QueueUrl=url)
    for number in range(waiting):
        send("b", f"{waiting}.{number}", f"{waiting}.{number}")
    start = time.process_time()
    for number in range(20):
        send("b", f"x{waiting}.{number}", f"x{waiting}.{number}")
        got = call("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(got)]
        call("DeleteMessageBatch", QueueUrl=url, Entries=entries)
    return time.process_time() - start
few, many = spent(300), spent(10_000)
print(json.dumps(many / few))
"""


def run(program: str, whose: str):
    done = subprocess.run([PYTHON, "-P", "-c", BEGIN + program, whose], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_w5_a_queue_lives_the_same_life_with_our_functions_as_with_ministacks():
    """W5: order within a group, one at a time, receipts, postponing, dead letters, duplicates, purging."""
    assert run(LIFE, "ours") == run(LIFE, "theirs")


def test_w6_a_message_costs_the_same_whether_10_000_others_wait_or_300():
    """W6: in a flood, the thread that looks through queues is the one that answers webhooks."""
    assert run(DEEP, "ours") < 8
