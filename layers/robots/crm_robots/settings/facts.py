"""Names become ids: a section's view of the portal, which notes every name that it cannot find."""

from collections.abc import Callable, Iterable, Sequence

from crm_robots.portal.items import our_name, universal_name
from crm_robots.settings.drift import Used, user_names
from crm_robots.settings.portal_data import Category, EnumItem, PortalData, PortalField, Stage
from crm_robots.settings.problems import Problem, listed, nearest_names
from crm_robots.shared.names import folded
from crm_robots.shared.people import Department, User

_NO_CATEGORY = -1


class PortalFacts:
    """Lookups for one section. `key` is the setting's path within it, `directions.Оптовик.responsible.user`.

    What is not found is noted in `problems` and a stand-in is returned, so that one compilation finds all problems;
    then the section is refused. A name comes before an id, an exact spelling before one that only differs in
    letter case or spaces.
    """

    def __init__(self, section: str, data: PortalData, language: str = "ru") -> None:
        self.section = section
        self.data = data
        self.language = language
        self.problems: list[Problem] = []
        self.used: list[Used] = []
        """Every name that was found, and what it means (P8)."""
        self._keys_of_items: dict[tuple[str, str, int | str], str] = {}

    def note(self, key: str, reason: str, **words: object) -> None:
        """Refuses the section for a reason of `problems.py`."""
        self.problems.append(Problem(f"{self.section}.{key}", reason, **words))  # type: ignore[arg-type]

    def lead_stages(self) -> tuple[Stage, ...]:
        """All stages of leads, in order."""
        return self.data.stages.get(None, ())

    def deal_stages(self, category_id: int) -> tuple[Stage, ...]:
        """All stages of a category, in order."""
        return self.data.stages.get(category_id, ())

    def lead_stage(self, key: str, ref: str) -> Stage:
        """A stage of leads."""
        return self._stage(key, ref, self.lead_stages())

    def deal_stage(self, key: str, category: Category, ref: str) -> Stage:
        """A stage of deals in that category; no further problem is noted for a category that was not found."""
        if category.id == _NO_CATEGORY:
            return Stage("", ref)
        return self._stage(key, ref, self.deal_stages(category.id))

    def deal_stages_named(self, key: str, category: Category | None, ref: str) -> tuple[Stage, ...]:
        """The stages of that name: one in a category, up to one per category without."""
        if category:
            return (self.deal_stage(key, category, ref),)
        every = [stage for one in self.data.categories for stage in self.deal_stages(one.id)]
        named = tuple(s for s in every if folded(s.name) == folded(ref)) or tuple(s for s in every if s.id == ref)
        for stage in named:
            self._note_use(key, "stage", ref, stage.id, _of_stage(stage))
        return named or (self._stage(key, ref, every),)

    def category(self, key: str, ref: str) -> Category:
        """A category (funnel) of deals."""
        found = self._find(key, "category", ref, self.data.categories, lambda c: (c.name,), lambda c: str(c.id))
        if found:
            self._note_use(key, "category", ref, str(found.id))
        return found or Category(_NO_CATEGORY, ref)

    def user(self, key: str, ref: str, *, words: Sequence[str] = ()) -> User:
        """An active employee, by e-mail, full name or id. `words` are other values that the key accepts."""
        people = self.data.directory.users.values()
        user = self._find(key, "user", ref, [one for one in people if one.is_employee], user_names, _id, words=words)
        if user:
            self._note_use(key, "user", ref, str(user.id))
        if user and not user.active:
            self.note(key, "dismissed", found=ref)
        return user or User(0, ref)

    def department(self, key: str, ref: str) -> Department:
        """A department."""
        places = list(self.data.directory.departments.values())
        found = self._find(key, "department", ref, places, lambda one: (one.name,), _id)
        if found:
            self._note_use(key, "department", ref, str(found.id))
        return found or Department(0, ref)

    def addressee(self, key: str, ref: str, *, words: Sequence[str] = ()) -> User | Department:
        """An employee or a department by a plain name (P9); `words` might stand there as well."""
        places = [one for one in self.data.directory.departments.values() if folded(one.name) == folded(ref)]
        people = [one for one in self.data.directory.users.values() if one.is_employee and _is_called(one, ref)]
        if places and people:
            self.note(key, "ambiguous", what="user", found=ref, expected="{user: …}, {department: …}")
        if places and not people:
            return self.department(key, ref)
        every = [*words, *(one.name for one in self.data.directory.departments.values())]
        return self.user(key, ref, words=every)

    def has_field(self, kind: str, code: str) -> bool:
        """Whether items of that kind have the field."""
        return (kind, _our_code(code)) in self.data.fields

    def field(self, key: str, kind: str, code: str, types: Sequence[str] = ()) -> PortalField:
        """A field of leads, deals, contacts or companies, of one of these types if any are given."""
        found = self.data.fields.get((kind, _our_code(code)))
        if found is None:
            known = [one for owner, one in self.data.fields if owner == kind]
            labels = {field.label: field.code for (owner, _), field in self.data.fields.items() if owner == kind}
            near = nearest_names(code, known) or nearest_names(code, labels)
            self.note(key, "not_found", what="field", found=code, expected=listed(known), nearest=near)
            return PortalField(kind, code, code, types[0] if types else "string")
        if types and found.type not in types:
            self.note(key, "field_type", found=code, expected=listed(types))
        self._note_use(key, "field", code, found.code, kind)
        return found

    def item(self, key: str, field: PortalField, label: str) -> EnumItem:
        """An item of a dropdown, by label, XML_ID or id. A field that is no dropdown was noted before."""
        if not field.items and self._is_noted(field.code):
            return EnumItem(0, label)
        found = self._find(key, "item", label, field.items, lambda i: (i.value,), lambda i: str(i.id), _xml_id)
        if found:
            self._once(key, field, found, label)
            self._note_use(key, "item", label, str(found.id), f"{field.kind} {field.code}")
        return found or EnumItem(0, label)

    def _once(self, key: str, field: PortalField, item: EnumItem, label: str) -> None:
        """An item that is the key of a map may not stand there a second time, by its id say."""
        parent = key.removesuffix(f".{label}")
        if parent != key:
            first = self._keys_of_items.setdefault((parent, field.code, item.id), label)
            if first != label:
                self.note(key, "repeated_key", found=label, expected=first)

    def _is_noted(self, code: str) -> bool:
        return any(one.reason in ("not_found", "field_type") and one.found == code for one in self.problems)

    def _stage(self, key: str, ref: str, stages: Sequence[Stage]) -> Stage:
        found = self._find(key, "stage", ref, stages, lambda one: (one.name,), lambda one: one.id)
        if found:
            self._note_use(key, "stage", ref, found.id, _of_stage(found))
        return found or Stage("", ref)

    def _note_use(self, key: str, what: str, name: str, number: str, of: str = "") -> None:
        self.used.append(Used(f"{self.section}.{key}", what, name, number, of))

    def _find[T](
        self,
        key: str,
        what: str,
        ref: str,
        candidates: Sequence[T],
        names: Callable[[T], Iterable[str]],
        *codes: Callable[[T], str],
        words: Sequence[str] = (),
    ) -> T | None:
        tests: list[Callable[[T], bool]] = [
            lambda one: ref in names(one),
            lambda one: folded(ref) in map(folded, names(one)),
            *(lambda one, code=code: code(one) == ref for code in codes),
        ]
        for test in tests:
            found = [one for one in candidates if test(one)]
            if len(found) > 1:
                ids = listed(codes[0](one) for one in found)
                self.note(key, "ambiguous", what=what, found=ref, expected=ids)
            if found:
                return found[0]
        owners = dict.fromkeys(words, "") | {name: codes[0](one) for one in candidates for name in names(one) if name}
        # Somebody with several names, such as a first name and an e-mail, is named once.
        usual = [*words, *(next(filter(None, names(one)), "") for one in candidates)]
        near = {owners[name] or name: name for name in reversed(nearest_names(ref, owners))}
        expected = listed(filter(None, usual))
        self.note(key, "not_found", what=what, found=ref, expected=expected, nearest=tuple(reversed(near.values())))
        return None


def _of_stage(stage: Stage) -> str:
    return "lead" if stage.category_id is None else str(stage.category_id)


def _our_code(code: str) -> str:
    """`STATUS_ID` and `stageId` are both our `STAGE_ID`."""
    return code if code.startswith("UF_") else our_name(universal_name(code) if code.upper() == code else code)


def _id(one: User | Department) -> str:
    return str(one.id)


def _xml_id(item: EnumItem) -> str:
    return item.xml_id


def _is_called(user: User, ref: str) -> bool:
    return folded(ref) in map(folded, user_names(user)) or str(user.id) == ref
