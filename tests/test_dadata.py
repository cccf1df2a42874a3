"""C6: the directory of companies and banks, up, down and odd."""

import httpx
import pytest
from crm_robots.robots.conversion.dadata import Dadata, party_of
from crm_robots.robots.conversion.known import Bank, DirectoryAnswer

from tests.support.conversion import BANK, BIK, INN, PARTY

URL = "https://directory.example/rs"


class Server:
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def suggestions(*data):
    return httpx.Response(200, json={"suggestions": [{"value": "x", "data": one} for one in data]})


def directory(server):
    return Dadata(lambda: "secret-token", httpx.Client(transport=httpx.MockTransport(server)))


def test_c6_a_party_and_a_bank():
    server = Server(suggestions(PARTY), suggestions(BANK))
    answer = directory(server).ask(f"{URL}/", INN, BIK)

    assert answer.party.name == "ПАО СБЕРБАНК"
    assert (answer.party.kpp, answer.party.ogrn) == ("773601001", "1027700132195")
    assert answer.party.address.startswith("117312")
    assert answer.bank == Bank(BIK, "ПАО СБЕРБАНК", "30101810400000000225")
    assert [str(request.url) for request in server.requests] == [f"{URL}/findById/party", f"{URL}/findById/bank"]
    assert server.requests[0].headers["Authorization"] == "Token secret-token"


def test_c6_an_unknown_inn_is_no_failure():
    assert directory(Server(suggestions())).ask(URL, INN, "") == DirectoryAnswer()


@pytest.mark.parametrize(
    "trouble",
    [httpx.ReadTimeout("slow"), httpx.Response(503), httpx.Response(403, json={}), httpx.Response(200, text="<html>")],
)
def test_c6_a_directory_that_does_not_answer_is_left_alone_for_the_window(trouble, caplog, capsys):
    server = Server(trouble, suggestions(PARTY))
    dadata = directory(server)

    assert dadata.ask(URL, INN, "").is_down
    assert dadata.ask(URL, INN, "").is_down
    assert len(server.requests) == 1
    dadata.begin()
    assert dadata.ask(URL, INN, "").party is not None
    logged = caplog.text + capsys.readouterr().out
    assert INN not in logged
    assert "secret-token" not in logged


def test_c6_a_party_counts_even_if_the_bank_does_not_come():
    answer = directory(Server(suggestions(PARTY), httpx.ReadTimeout("slow"))).ask(URL, INN, BIK)

    assert answer.party.kpp == "773601001"
    assert answer.is_down


def test_c6_without_a_token_the_directory_is_asked_all_the_same():
    server = Server(suggestions(PARTY))
    dadata = Dadata(lambda: "", httpx.Client(transport=httpx.MockTransport(server)))

    assert dadata.ask(URL, INN, "").party is not None
    assert "Authorization" not in server.requests[0].headers


def test_c6_the_head_office_comes_before_its_branches_and_other_parties_do_not_count():
    branch = PARTY | {"branch_type": "BRANCH", "kpp": "540602001"}
    stranger = PARTY | {"inn": "7736207543"}

    assert party_of(INN, [stranger, branch, PARTY]).kpp == "773601001"
    assert party_of(INN, [branch]).kpp == "540602001"
    assert party_of(INN, [stranger]) is None


def test_c6_an_entrepreneur_has_a_name_and_no_head():
    data = {
        "inn": "500100732259",
        "ogrn": "304500116000157",
        "type": "INDIVIDUAL",
        "name": {
            "full_with_opf": "Индивидуальный предприниматель Иванов Иван Иванович",
            "short_with_opf": "ИП Иванов И. И.",
        },
        "fio": {"surname": "Иванов", "name": "Иван", "patronymic": "Иванович"},
        "management": None,
        "state": {"status": "LIQUIDATED"},
    }
    party = party_of("500100732259", [data])

    assert party.person == ("Иванов", "Иван", "Иванович")
    assert (party.name, party.head, party.is_closed) == ("ИП Иванов И. И.", "", True)
