"""Classes of typed fields that are made quickly: `Value`, which cannot be changed, and `Record`, which can.

They read like dataclasses with slots, and type checkers know them as such, but a class costs next to nothing
to define: making a dataclass takes a millisecond, and a search loads dozens of them. Only of a class that has
many instances is code generated, which makes further ones faster than those of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn, TypeVar, dataclass_transform

AnyFields = TypeVar("AnyFields", bound="_Fields")


#: So many instances of a class are made without code of its own.
_FEW = 32


class _Made:
    """The default of a field whose value is made anew for each instance."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], Any]) -> Any:
    """Return the default of a field that `default_factory` makes for each instance."""
    return _Made(default_factory)


class _DataclassFields:
    """What the module `dataclasses` asks a class for, made when asked: so its functions work here too."""

    def __get__(self, _: object, owner: type[_Fields]) -> Any:
        from dataclasses import make_dataclass

        made: Any = make_dataclass(owner.__name__, owner.__match_args__)
        owner.__dataclass_fields__ = made.__dataclass_fields__
        return owner.__dataclass_fields__


class _Fields:
    """What values and records share: fields in the order of the annotations, those of a base class first."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()
    __dataclass_fields__: ClassVar[Any] = _DataclassFields()
    _defaults: ClassVar[tuple[Any, ...]] = ()
    _plain_defaults: ClassVar[tuple[Any, ...]] = ()
    _setters: ClassVar[tuple[Callable[[Any, Any], None], ...]] = ()
    _count: ClassVar[list[None]] = []

    def __init__(self, *values: Any, **named: Any) -> None:
        setters = self._setters
        if named or len(values) != len(setters):
            values = self._completed(values, named)
        for put, value in zip(setters, values, strict=True):
            put(self, value)
        self._count.append(None)
        if len(self._count) >= _FEW:
            type.__setattr__(type(self), "__init__", _compiled_init(type(self)))

    def _completed(self, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Return a value for each field: of `values`, then of `named`, then of the defaults."""
        names, defaults = self.__match_args__, self._plain_defaults
        lacking = len(names) - len(values)
        if not named and 0 < lacking <= len(defaults):
            return values + defaults[-lacking:]
        optional = len(names) - len(self._defaults)
        given = list(values)
        for at in range(len(values), len(names)):
            if names[at] in named:
                given.append(named.pop(names[at]))
            elif at >= optional:
                default = self._defaults[at - optional]
                given.append(default.make() if isinstance(default, _Made) else default)
            else:
                raise TypeError(f"{type(self).__name__} needs {names[at]}")
        if named or len(given) > len(names):
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(names)}, each once")
        return tuple(given)

    def __repr__(self) -> str:
        fields = zip(self.__match_args__, _values(self), strict=True)
        return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in fields)})"

    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if type(other) is type(self) else NotImplemented

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), _values(self)


def _compiled_init(owner: type[_Fields]) -> Any:
    """Return a function that does what `_Fields.__init__` does for one class, in far less time."""
    names = owner.__match_args__
    optional = len(names) - len(owner._defaults)
    known: dict[str, Any] = {}
    given, body = [], []
    for at, name in enumerate(names):
        known[f"_put_{name}"] = owner._setters[at]
        value = name
        if at < optional:
            given.append(name)
        else:
            default = known[f"_default_{name}"] = owner._defaults[at - optional]
            given.append(f"{name}=_default_{name}")
            if isinstance(default, _Made):
                known[f"_make_{name}"] = default.make
                value = f"_make_{name}() if {name} is _default_{name} else {name}"
        body.append(f"    _put_{name}(_self, {value})")
    exec("\n".join([f"def __init__(_self, {', '.join(given)}):", *body, "    pass"]), known)
    return known["__init__"]


def _values(fields: Any) -> tuple[Any, ...]:
    return tuple([getattr(fields, name) for name in fields.__match_args__])


def replace(fields: AnyFields, /, **changes: Any) -> AnyFields:
    """Return the same value or record with other values for the fields named."""
    return type(fields)(**{**dict(zip(fields.__match_args__, _values(fields), strict=True)), **changes})


def _behind_made(defaults: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the defaults behind the last that is made anew for each instance."""
    made = [at for at, default in enumerate(defaults) if isinstance(default, _Made)]
    return defaults[made[-1] + 1 :] if made else defaults


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class _ValueType(type):
    """Makes a class with a slot for each of its annotations."""

    def __new__(cls, name: str, bases: tuple[type[_Fields]], body: dict[str, Any]) -> Any:
        own = tuple(body.get("__annotations__", ()))
        defaults = tuple([body.pop(field) for field in own if field in body])
        slots: dict[str, Any] = {"__slots__": own, "__match_args__": bases[0].__match_args__ + own}
        slots |= {"_count": [], "__init__": _Fields.__init__}  # not the base's, which may be compiled by now
        made: Any = super().__new__(cls, name, bases, slots | body)
        made.__dataclass_fields__ = _DataclassFields()  # not those of the base, if they were made
        made._defaults = bases[0]._defaults + defaults
        made._plain_defaults = _behind_made(made._defaults)
        # The slots' own setters: they go past __setattr__.
        made._setters = bases[0]._setters + tuple([getattr(made, field).__set__ for field in own])
        return made


@dataclass_transform(field_specifiers=(field,))
class _RecordType(_ValueType):
    """The same; type checkers let fields be set."""


class Value(_Fields, metaclass=_ValueType):
    """A base for frozen values: its subclasses' annotations are their fields, in order, with defaults last.

    Values are equal if they are of the same class and their fields are; they can be hashed if their fields
    can, copied, pickled, matched by position, and changed only by `replace`, into another value.
    """

    def __hash__(self) -> int:
        return hash(_values(self))

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be deleted")


class Record(_Fields, metaclass=_RecordType):
    """A base like `Value`, for fields that may be set; such an object has no hash."""
