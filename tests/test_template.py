"""What template.yaml promises: encryption, dead letters, exact roles, throttling, alarms."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from crm_robots.records.queue import HELD_SECONDS
from crm_robots.records.time_left import BEGIN_WITHIN
from crm_robots.robots.registry import ROBOTS, ROWS
from crm_robots.wiring import ANSWERED_WITHIN

from tests.support.tables import template

TEMPLATE = template()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
GLOBALS = TEMPLATE["Globals"]["Function"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: resource["Properties"] for name, resource in RESOURCES.items() if resource["Type"] == kind}


FUNCTIONS = of_type("AWS::Serverless::Function")
QUEUES = of_type("AWS::SQS::Queue")
ROLES = of_type("AWS::IAM::Role")
ROBOT_FUNCTIONS = {name: one for name, one in FUNCTIONS.items() if "Queue" in one.get("Events", {})}


def statements() -> list[tuple[str, dict[str, Any]]]:
    documents = [(role, policy["PolicyDocument"]) for role, one in ROLES.items() for policy in one["Policies"]]
    documents += [(name, one["PolicyDocument"]) for name, one in of_type("AWS::IAM::ManagedPolicy").items()]
    return [(name, statement) for name, document in documents for statement in document["Statement"]]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_functions_run_python_3_13_on_arm64_unless_asked_otherwise():
    assert GLOBALS["Runtime"] == "python3.13"
    assert TEMPLATE["Parameters"]["Architecture"]["Default"] == "arm64"


def test_w5_every_robot_has_a_fifo_queue_and_dead_letters_of_its_own():
    assert len(ROBOT_FUNCTIONS) == len(ROBOTS)
    for name, function in ROBOT_FUNCTIONS.items():
        event = function["Events"]["Queue"]["Properties"]
        queue = QUEUES[f"{name}Events"]
        assert event["Queue"] == f"{name}Events.Arn"
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert event["BatchSize"] == 10
        assert queue["FifoQueue"] is True
        assert queue["RedrivePolicy"]["deadLetterTargetArn"] == f"{name}DeadLetters.Arn"
        assert QUEUES[f"{name}DeadLetters"]["FifoQueue"] is True


def test_f1_a_queue_outlasts_what_it_may_have_to_wait_for():
    for name, function in ROBOT_FUNCTIONS.items():
        queue = QUEUES[f"{name}Events"]
        timeout = function.get("Timeout", GLOBALS["Timeout"])
        assert queue["VisibilityTimeout"] == 6 * timeout
        assert timeout < HELD_SECONDS < queue["VisibilityTimeout"]
        assert timeout > BEGIN_WITHIN + ANSWERED_WITHIN
        assert queue["MessageRetentionPeriod"] == QUEUES[f"{name}DeadLetters"]["MessageRetentionPeriod"] == 14 * 86400


def test_queues_and_tables_are_encrypted_and_tables_can_be_restored():
    assert all(queue["SqsManagedSseEnabled"] for queue in QUEUES.values())
    for table in of_type("AWS::DynamoDB::Table").values():
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_tables_outlive_the_stack():
    for resource in RESOURCES.values():
        if resource["Type"] == "AWS::DynamoDB::Table":
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
            assert resource["UpdateReplacePolicy"] == "Retain"
            assert resource["Properties"]["DeletionProtectionEnabled"] is True


def test_memory_and_journal_forget_by_themselves():
    for name in ("MemoryTable", "JournalTable"):
        assert RESOURCES[name]["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_role_and_a_log_of_its_own(name):
    function = FUNCTIONS[name]

    assert function["Role"] == f"{name}Role.Arn"
    assert "Policies" not in function
    assert function["LoggingConfig"]["LogGroup"] == f"{name}Logs"
    assert RESOURCES[f"{name}Logs"]["Properties"]["RetentionInDays"] == 30


def test_no_role_may_do_everything_or_touch_everything():
    for name, statement in statements():
        assert not [action for action in listed(statement["Action"]) if "*" in action], name
        for resource in listed(statement["Resource"]):
            assert resource != "*", name
            assert "*" not in resource or resource.endswith("/settings/*"), f"{name}: {resource}"


def test_no_role_has_a_policy_of_aws():
    assert all(set(role.get("ManagedPolicyArns", ())) <= {"RobotPolicy"} for role in ROLES.values())


def test_robots_write_nothing_of_the_settings_but_the_list_of_people():
    writes = [
        one for name, one in statements() if "SettingsTable.Arn" in listed(one["Resource"]) and name != "SettingsRole"
    ]
    writes = [one for one in writes if {"dynamodb:PutItem", "dynamodb:UpdateItem"} & set(listed(one["Action"]))]

    assert writes
    for one in writes:
        assert one["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["directory"]}}


def test_the_api_throttles():
    (settings,) = RESOURCES["Api"]["Properties"]["MethodSettings"]

    assert settings["ResourcePath"] == "/*"
    assert settings["ThrottlingRateLimit"] == "ThrottlingRate"
    assert settings["ThrottlingBurstLimit"] == "ThrottlingBurst"


def test_w3_what_the_api_answers_by_itself_is_json_with_a_sentence():
    """W3: a wrong path or method and a throttled request never reach the function."""
    answers = RESOURCES["Api"]["Properties"]["GatewayResponses"]

    assert {name: answer.get("StatusCode") for name, answer in answers.items()} == {
        "MISSING_AUTHENTICATION_TOKEN": 404,
        "THROTTLED": 429,
        "DEFAULT_5XX": None,
    }
    for answer in answers.values():
        assert json.loads(answer["ResponseTemplates"]["application/json"])["error"].endswith(".")


def test_w4_the_list_of_queue_addresses_is_there_only_if_it_is_wanted():
    """W4: its function, schedule, role, log and alarms, and nothing that would need them."""
    conditional = {name for name, one in RESOURCES.items() if one.get("Condition") == "KnowsQueueAddresses"}

    assert TEMPLATE["Parameters"]["QueueAddressesUrl"]["Default"] == ""
    assert {name for name in RESOURCES if "Addresses" in name} == conditional
    assert TEMPLATE["Outputs"]["QueueAddressesFunction"]["Condition"] == "KnowsQueueAddresses"
    schedule = FUNCTIONS["QueueAddresses"]["Events"]["EveryFiveMinutes"]["Properties"]
    assert schedule["ScheduleExpression"] == "rate(5 minutes)"


@pytest.mark.parametrize("url", ["", "https://dl.bitrix24.com/webhook/app-world.json", "http://127.0.0.1:8600/list"])
def test_w4_the_list_comes_over_https(url):
    """W4: plain HTTP is for loopback."""
    pattern = TEMPLATE["Parameters"]["QueueAddressesUrl"]["AllowedPattern"]

    assert re.fullmatch(pattern, url)
    assert not re.fullmatch(pattern, f"x{url}")
    assert not re.fullmatch(pattern, "http://dl.bitrix24.com/webhook/app-world.json")


def test_d1_the_day_is_looked_at_every_quarter_of_an_hour():
    schedule = FUNCTIONS["DailyRun"]["Events"]["EveryQuarterOfAnHour"]["Properties"]

    assert schedule["ScheduleExpression"] == "cron(0/15 * * * ? *)"
    assert schedule["Input"] == '{"time": "<aws.scheduler.scheduled-time>"}'


def test_a_second_stack_has_schedules_of_its_own():
    """1.1: SAM would name a schedule after its function, and an account holds each name once."""
    events = [event for function in FUNCTIONS.values() for event in function.get("Events", {}).values()]
    names = [str(event["Properties"]["Name"]) for event in events if event["Type"] == "ScheduleV2"]

    assert len(set(names)) == len(names) == 2
    assert all("${AWS::StackName}" in name for name in names)


def test_p2_a_change_of_a_settings_parameter_reaches_the_settings_function():
    pattern = FUNCTIONS["Settings"]["Events"]["ParameterChanged"]["Properties"]["Pattern"]

    assert pattern["source"] == ["aws.ssm"]
    assert pattern["detail-type"] == ["Parameter Store Change"]
    assert pattern["detail"]["name"] == [{"prefix": "/${AWS::StackName}/settings/"}]
    assert {"Create", "Update"} <= set(pattern["detail"]["operation"])


ALARMS = of_type("AWS::CloudWatch::Alarm")
OURS = "CrmRobots/${AWS::StackName}"


def lines_of(metric: str) -> dict[str, str]:
    """Log group -> the pattern whose lines the metric counts."""
    filters = of_type("AWS::Logs::MetricFilter").values()
    return {
        one["LogGroupName"]: one["FilterPattern"]
        for one in filters
        if one["MetricTransformations"][0]["MetricName"] == metric
    }


def test_section_10_seven_alarms_ask_for_all_that_goes_wrong():
    """Section 10: dead letters, errors, age of the oldest event, no finished daily run in 26 h; and what nobody saw."""
    always = {name for name in ALARMS if "Condition" not in RESOURCES[name]}

    assert always == {
        *("DeadLettersAlarm", "AgeAlarm", "ErrorsAlarm", "NoDailyRunAlarm"),
        *("TroubleAlarm", "LostWebhooksAlarm", "RefusedWebhooksAlarm"),
    }
    day = ALARMS["NoDailyRunAlarm"]
    assert (day["Period"] * day["EvaluationPeriods"], day["TreatMissingData"]) == (26 * 3600, "breaching")
    assert all(alarm["AlarmActions"] == ["Alarms"] for alarm in ALARMS.values())
    assert all("MetricName" in alarm for alarm in ALARMS.values()), "the local AWS knows no metric math"


def test_a_stack_never_answers_for_another():
    for alarm in ALARMS.values():
        mine = {alarm["Namespace"], *(one["Value"] for one in alarm.get("Dimensions", ()))}
        assert mine & {OURS, "AWS::StackName", "QueueAddresses"}
    for one in of_type("AWS::Logs::MetricFilter").values():
        assert one["MetricTransformations"][0]["MetricNamespace"] == OURS
    assert GLOBALS["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"] == OURS


def test_section_10_every_function_rings_when_it_fails_and_every_robot_when_events_wait():
    assert set(lines_of("Errors")) == {f"{name}Logs" for name in FUNCTIONS}
    assert set(lines_of("LateSeconds")) == {f"{name}Logs" for name in ROBOT_FUNCTIONS}
    assert set(lines_of("Trouble")) == {f"{name}Logs" for name in (*ROBOT_FUNCTIONS, "DailyRun", "Settings")}
    assert set(lines_of("DeadLetters")) == {"DailyRunLogs"}


def test_an_alarm_counts_lines_that_the_code_writes():
    code = "".join(file.read_text() for folder in ("layers/robots", "functions") for file in Path(folder).rglob("*.py"))
    patterns = {p for m in ("Errors", "LateSeconds", "Trouble", "DeadLetters", "Swept") for p in lines_of(m).values()}
    lambdas_own = {"[ERROR]", "Task timed out", "Runtime exited"}

    for words in {one for pattern in patterns for one in re.findall(r'"([^"]+)"', pattern)} - lambdas_own:
        assert words in code, words


def test_section_10_a_record_that_is_begun_anew_rings():
    """What a robot knew of a card is gone then; the log names it."""
    line = '$.message = "a record that could not be read is begun anew"'

    assert all(line in pattern for pattern in lines_of("Trouble").values())


def test_a_new_account_of_ten_functions_leaves_room_for_the_receiver():
    """Two functions at least, with one robot more, too: `tests/test_small_account.py` plays what they hold."""
    at_once = TEMPLATE["Parameters"]["QueueConcurrency"]["Default"]
    kinds = {event for row in ROWS for event in row.events}
    busiest = max(sum(event in row.events for row in ROWS) for event in kinds)

    assert at_once * busiest <= 10 - 2
    for function in ROBOT_FUNCTIONS.values():
        scaling = function["Events"]["Queue"]["Properties"]["ScalingConfig"]
        assert scaling == {"MaximumConcurrency": "QueueConcurrency"}


def test_secrets_are_no_part_of_the_template():
    assert not of_type("AWS::SSM::Parameter")
    assert not re.search(r"secret|token|webhook", " ".join(TEMPLATE["Parameters"]), re.IGNORECASE)


def test_the_layer_describes_every_service_that_a_function_calls():
    trim = ast.parse(Path("layers/dependencies/trim.py").read_text())
    kept = next(node.value for node in trim.body if isinstance(node, ast.Assign) and "SERVICES" in ast.dump(node))
    sources = [*Path("layers/robots").rglob("*.py"), *Path("functions").rglob("*.py")]
    called = {name for file in sources for name in re.findall(r'\bclient\("([a-z0-9-]+)"\)', file.read_text())}

    assert called
    assert called <= ast.literal_eval(kept)


def test_phones_are_read_with_what_the_layer_keeps_of_their_package(tmp_path):
    """C3: trimming takes names of places out of `phonenumbers`, and nothing that it imports."""
    for package in ("botocore", "boto3"):
        (tmp_path / package / "data").mkdir(parents=True)
    whole = Path(phonenumbers.__file__).parent
    shutil.copytree(whole, tmp_path / "phonenumbers", ignore=shutil.ignore_patterns("geodata"))
    program = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, 'layers/robots']\n"
    program += "from crm_robots.robots.conversion.phones import read; print(read('8 (916) 123-45-67', 'RU'))"

    subprocess.run([sys.executable, "layers/dependencies/trim.py", str(tmp_path)], check=True)
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)

    assert "+79161234567" in done.stdout, done.stderr
    assert not (tmp_path / "phonenumbers" / "tzdata").exists()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_sample_event(name):
    folder = Path(FUNCTIONS[name]["CodeUri"]).name

    assert Path("events", f"{folder}.json").is_file()


def test_d12_every_address_that_a_function_answers_is_one_of_the_api():
    """D12: SAM adds nothing to an API that writes down its paths itself."""
    paths = RESOURCES["Api"]["Properties"]["DefinitionBody"]["paths"]
    wanted = [
        (event["Properties"]["Path"], event["Properties"]["Method"].lower(), name)
        for name, function in FUNCTIONS.items()
        for event in function.get("Events", {}).values()
        if event["Type"] == "Api"
    ]

    assert {(path, method) for path, method, _ in wanted} == {
        (path, method) for path, methods in paths.items() for method in methods
    }
    for path, method, name in wanted:
        assert f"${{{name}.Arn}}" in str(paths[path][method])


def test_s8_whoever_reads_long_lists_may_use_the_webhook_for_them():
    """S8: publishing reads all cards too, when a date on the card or a stop-list is switched on."""
    readers = {
        name
        for name, one in statements()
        if "ssm:GetParameters" in listed(one["Action"]) and "scan-webhook" in str(one["Resource"])
    }

    assert readers == {"DailyRunRole", "SettingsRole"}
