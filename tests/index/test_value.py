"""Values and records, beside the dataclasses that they stand in for."""

from __future__ import annotations

import copy
import pickle
from dataclasses import asdict, dataclass, fields
from dataclasses import replace as replace_in_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.value import Record, Value, field, replace


class Point(Value):
    """A value."""

    x: int
    y: int = 2
    tags: tuple[str, ...] = ()


class Named(Point):
    """A value with the fields of another before its own."""

    name: str = ""


class Other(Value):
    """A value with the same fields as a point."""

    x: int
    y: int = 2
    tags: tuple[str, ...] = ()


class Tally(Record):
    """A record with a field that is made for each."""

    total: int
    seen: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """What a point is to be like."""

    x: int
    y: int = 2
    tags: tuple[str, ...] = ()


NAMES = ("x", "y", "tags", "z")
ARGUMENTS = st.integers(0, 2) | st.just(())


def test_the_hundredth_instance_is_made_like_the_first() -> None:
    class Base(Value):
        x: int
        y: int = 2

    class Derived(Base):
        seen: list[int] = field(default_factory=list)
        z: int = 3

    first = Derived(1, z=5)
    for number in range(100):
        assert Base(number) == Base(x=number, y=2)
        assert Derived(1, 2, [], 5) == Derived(1, z=5) == first
        made = Derived(number)
        made.seen.append(number)
        assert (made.x, made.y, made.seen, made.z) == (number, 2, [number], 3)
        assert replace(made, z=4).seen is made.seen
        wrong: tuple[Any, ...]
        for wrong in ((), (1, 2, [], 3, 4)):
            with pytest.raises(TypeError):
                Derived(*wrong)
        with pytest.raises(TypeError):
            Derived(1, w=1)  # type: ignore[call-arg]


@given(st.lists(ARGUMENTS, max_size=4), st.dictionaries(st.sampled_from(NAMES), ARGUMENTS))
def test_arguments_are_taken_as_a_dataclass_takes_them(given: list[Any], named: dict[str, Any]) -> None:
    try:
        model = Model(*given, **named)
    except TypeError:
        with pytest.raises(TypeError):
            Point(*given, **named)
        return
    point = Point(*given, **named)
    assert (point.x, point.y, point.tags) == (model.x, model.y, model.tags)
    assert repr(point) == repr(model).replace("Model", "Point")


@given(*[st.tuples(st.integers(0, 1), st.integers(0, 1))] * 2)
def test_values_are_equal_and_hashed_by_class_and_fields(one: tuple[int, int], two: tuple[int, int]) -> None:
    assert (Point(*one) == Point(*two)) == (one == two)
    assert one != two or hash(Point(*one)) == hash(Point(*two))
    assert Point(*one) != Other(*one)
    assert Point(*one) != one


@pytest.mark.parametrize("change", [lambda point: setattr(point, "x", 1), lambda point: delattr(point, "x")])
def test_a_value_cannot_be_changed(change: Any) -> None:
    point = Point(7)
    with pytest.raises(AttributeError):
        change(point)
    assert point == Point(7)


@pytest.mark.parametrize("made", [Point(1), Named(1, 2, ("a",), "b"), Tally(1, {"a": 1})])
def test_no_other_attribute_and_no_dictionary(made: Any) -> None:
    with pytest.raises(AttributeError):
        object.__setattr__(made, "other", 1)
    assert not hasattr(made, "__dict__")


@pytest.mark.parametrize("made", [Point(1), Named(1, 2, ("a",), "b"), Tally(1, {"a": 1})])
def test_copies_and_pickles_are_equal(made: Any) -> None:
    for same in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made)), replace(made)):
        assert type(same) is type(made)
        assert same == made


def test_fields_of_a_base_come_first() -> None:
    named = Named(1, name="b")
    assert (named.x, named.y, named.tags, named.name) == (1, 2, (), "b")
    match named:
        case Named(x, y, tags, name):
            assert (x, y, tags, name) == (1, 2, (), "b")


def test_replace_changes_what_it_names() -> None:
    assert replace(Point(1, 5), x=3) == Point(3, 5)
    with pytest.raises(TypeError):
        replace(Point(1), z=3)


def test_the_functions_of_dataclasses_work_too() -> None:
    assert asdict(Point(1, 5, ("a",))) == asdict(Model(1, 5, ("a",)))
    for made in (Point(1, 5), Named(1, 5, (), "b"), Tally(1)):
        assert tuple(field.name for field in fields(made)) == type(made).__match_args__
    assert replace_in_dataclass(Named(1, 5), x=3) == Named(3, 5)


def test_a_record_may_be_set_and_has_no_hash() -> None:
    one, two = Tally(1), Tally(1)
    one.seen["a"] = 1
    one.total += 1
    assert (one.total, one.seen, two.seen) == (2, {"a": 1}, {})
    with pytest.raises(TypeError):
        hash(one)
