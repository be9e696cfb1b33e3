"""What may be written where: walking the models' annotations along a path of keys, as pydantic does.

Used for what pydantic does not tell: which keys would have been right beside an unknown one.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from ircal.config.document import NAMED_INSIDE
from ircal.model.values import Value


def known_keys(shape: Any, path: list[int | str]) -> list[str]:
    """The keys that people may write in the mapping at the end of the path; none when it is no mapping of ours."""
    for step in path:
        shape = _below(shape, step)
    return sorted({key for model in _models(shape) for key in _keys(model)})


def _keys(model: type[Value]) -> list[str]:
    hidden = {"place"} if model in NAMED_INSIDE else {"place", "id"}
    return [field.alias or name for name, field in model.model_fields.items() if name not in hidden]


def _below(shape: Any, step: int | str) -> Any:
    """The annotation one step down; the name of a union's branch chooses that branch."""
    shape = _bare(shape)
    origin = get_origin(shape)
    if origin is dict:
        return get_args(shape)[1]
    if origin is tuple:
        return get_args(shape)[0]
    if origin in {Union, UnionType}:
        return next((branch for branch in _models(shape) if step in _branch_names(branch)), shape)
    if isinstance(shape, type) and issubclass(shape, Value):
        named = {field.alias or name: field.annotation for name, field in shape.model_fields.items()}
        return named.get(str(step))
    return None


def _branch_names(model: type[Value]) -> tuple[str, ...]:
    kind = model.model_fields.get("kind")
    return (model.__name__, *(get_args(kind.annotation) if kind else ()))


def _bare(shape: Any) -> Any:
    """The annotation without Annotated, and without `| None`."""
    while get_origin(shape) is Annotated:
        shape = get_args(shape)[0]
    if get_origin(shape) in {Union, UnionType}:
        kept = [_bare(each) for each in get_args(shape) if each is not type(None)]
        return kept[0] if len(kept) == 1 else Union[tuple(kept)]  # noqa: UP007  # built at run time
    return shape


def _models(shape: Any) -> list[type[Value]]:
    shape = _bare(shape)
    if isinstance(shape, type) and issubclass(shape, Value):
        return [shape]
    return [model for each in get_args(shape) if get_origin(shape) in {Union, UnionType} for model in _models(each)]
