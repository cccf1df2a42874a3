"""P3: whatever somebody writes, the answer is a section or a list of problems in words, never a crash."""

import contextlib

import yaml
from crm_robots.settings.problems import SettingsError, describe
from crm_robots.settings.sections import SECTIONS
from crm_robots.settings.source import split
from crm_robots.settings.validate import validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.settings_portal import EXAMPLE

WHOLE = yaml.safe_load(EXAMPLE.read_text())
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates()
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3), max_leaves=6
)


def paths(value, path=()):
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield from paths(inner, (*path, key))


PATHS = [path for path in paths(WHOLE) if len(path) > 1]


def replaced(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), ANYTHING)
def test_p3_anything_in_place_of_a_value_is_taken_or_told(path, new):
    name = path[0]
    text = yaml.safe_dump(replaced(WHOLE, path, new)[name], allow_unicode=True)
    try:
        validate(name, SECTIONS[name].model, text)
    except SettingsError as error:
        for problem in error.problems:
            assert problem.key.startswith(name)
            assert describe(problem, "ru")
            assert describe(problem, "en")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab:[]{}-?!&*#'\"|>%@`,\n \t1.ё", max_size=40))
def test_p3_any_text_is_split_or_refused(text):
    with contextlib.suppress(SettingsError):
        split(text)
