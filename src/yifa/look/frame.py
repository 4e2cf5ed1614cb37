"""What stands around a page: the county's name, the sections, in whose capacity one acts. Faces fill it in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A way to go."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    count: int | None = None  # None: nothing is counted here
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """Ways to go under one heading of a menu."""

    label: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Menu:
    """A heading of the top bar that opens."""

    label: str
    icon: str
    groups: tuple[Group, ...]
    current: bool = False


@dataclass(frozen=True)
class Post:
    """A post the person may act in."""

    key: str
    title: str
    office: str
    current: bool = False


@dataclass(frozen=True)
class Frame:
    """`posts` and `person` are empty where nobody has logged in."""

    county: str
    home: str
    sections: tuple[Section, ...] = ()
    menus: tuple[Menu, ...] = ()
    posts: tuple[Post, ...] = ()
    person: str = ""
    here: str = ""  # this page's address, to come back to after a switch

    @property
    def post(self) -> Post | None:
        return next((p for p in self.posts if p.current), None)
