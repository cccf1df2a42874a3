"""Departments, their people, and who is whose supervisor (D4, R2, R3)."""

from crm_robots.engine.directory import DirectoryCache
from crm_robots.portal.people import read_directory
from crm_robots.shared.people import Department, Directory, User

from tests.support.settings_portal import Portal


def company(*departments: Department, **users: User) -> Directory:
    return Directory({user.id: user for user in users.values()}, {one.id: one for one in departments})


TREE = company(
    Department(1, "Company", None, 1),
    Department(2, "Sales", 1, 2),
    Department(3, "Wholesale", 2, None),
    boss=User(1, "Boss", departments=(1,)),
    head=User(2, "Head", departments=(2,)),
    manager=User(3, "Manager", departments=(3,)),
    gone=User(4, "Gone", active=False, departments=(3,)),
    guest=User(5, "Guest", is_employee=False, departments=(3,)),
    nowhere=User(6, "Nowhere"),
)


def test_members_are_active_employees_of_the_whole_subtree():
    assert TREE.members(2) == (2, 3)
    assert TREE.members(1) == (1, 2, 3)
    assert TREE.members(99) == ()
    assert TREE.is_member(3, 1)
    assert not TREE.is_member(4, 3)


def test_d4_the_supervisor_is_looked_for_upwards():
    assert TREE.supervisor(3) == 2
    assert TREE.supervisor(2) == 1
    assert TREE.supervisor(1) is None
    assert TREE.supervisor(6) is None
    assert TREE.supervisor(77) is None


def test_d4_a_dismissed_head_is_passed_over():
    tree = company(
        Department(1, "Company", None, 1),
        Department(2, "Sales", 1, 2),
        boss=User(1, "Boss"),
        head=User(2, "Head", active=False),
        manager=User(3, "M", departments=(2,)),
    )
    assert tree.supervisor(3) == 1
    assert tree.head(2) == 1


def test_d4_of_several_departments_the_first_with_a_head_decides():
    tree = company(
        Department(1, "A", None, None),
        Department(2, "B", None, 7),
        head=User(7, "Head"),
        manager=User(3, "M", departments=(1, 2)),
    )
    assert tree.supervisor(3) == 7


def test_a_cycle_of_departments_ends():
    tree = company(Department(1, "A", 2), Department(2, "B", 1), manager=User(3, "M", departments=(1,)))

    assert tree.supervisor(3) is None
    assert tree.members(1) == (3,)


def test_names_of_people_that_the_portal_hides():
    assert (TREE.name(3), TREE.name(99)) == ("Manager", "#99")


def test_the_directory_is_read_from_the_portal_once_in_half_an_hour(dynamodb):
    portal, now = Portal(), [1000.0]

    def cache() -> DirectoryCache:
        return DirectoryCache(portal, dynamodb, "SettingsTable", lambda: now[0])  # type: ignore[arg-type]

    first = cache()
    assert first.get().name(2) == "Олег Оптов"
    assert cache().get().users[9].active is False
    assert portal.requests == 1

    now[0] += 31 * 60
    assert first.get().supervisor(3) == 1
    assert portal.requests == 2


def test_every_page_is_read_and_the_next_time_in_one_request(monkeypatch):
    rows = [(n, "N", f"L{n}", f"{n}@x.ru", True, [1]) for n in range(1, 121)]
    portal = Portal()
    monkeypatch.setattr("tests.support.settings_portal.USERS", rows)

    directory = read_directory(portal)  # type: ignore[arg-type]
    assert len(directory.users) == 120
    assert portal.requests == 2

    assert read_directory(portal, directory) == directory  # type: ignore[arg-type]
    assert portal.requests == 3


def test_heads_come_from_the_messenger_where_departments_do_not_tell(monkeypatch):
    departments = [(number, name, parent, None) for number, name, parent, _ in [(1, "A", None, 0), (2, "B", 1, 0)]]
    monkeypatch.setattr("tests.support.settings_portal.DEPARTMENTS", departments)
    portal = Portal()
    portal.managers = {"2": [3]}

    directory = read_directory(portal)  # type: ignore[arg-type]

    assert (directory.departments[1].head, directory.departments[2].head) == (None, 3)


def test_p4_a_company_that_publishing_has_just_read_is_known_within_a_minute(dynamodb):
    now = [1_000.0]
    robots = DirectoryCache(Portal(), dynamodb, "SettingsTable", lambda: now[0])  # type: ignore[arg-type]
    publishing = DirectoryCache(Portal(), dynamodb, "SettingsTable", lambda: now[0])  # type: ignore[arg-type]
    before = robots.get()
    made = Directory(before.users, {**before.departments, 99: Department(99, "Новый отдел")})

    now[0] += 10
    publishing.put(made)
    now[0] += 45

    assert 99 in robots.get().departments
