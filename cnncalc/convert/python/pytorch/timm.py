"""timm's list of models: of each the settings that its file has for it, by the names of its weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..expressions import settled
from ..standard.tools import natives, unchanged
from ..values import CodeFunction, Native, Opaque, UnknownReached, UnknownValue, Value
from .rewrites import nothing

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def _register(interpreter: Evaluator, function: Value) -> Value:
    """``register_model``: the function itself, whose file is found by its name from then on."""
    if isinstance(function, CodeFunction):
        interpreter.kept.setdefault("timm", {})[function.name] = function.module
    return function


def _pretrained(interpreter: Evaluator, name: Value, allow_unregistered: Value = True) -> Value:
    """The settings of a model, by its name and maybe a tag; None where its file has none."""
    model, _, tag = str(name).partition(".")
    module = interpreter.kept.get("timm", {}).get(model)
    if module is None:
        return None
    settings = settled(interpreter, module.names.get("default_cfgs"))
    if not isinstance(settings, dict):
        return Opaque("timm's settings", interpreter.here())
    found: dict[str, dict[str, Value]] = {}
    for key, setting in settings.items():
        owner, _, mine = str(key).partition(".")
        if owner == model and isinstance(setting, dict):
            found[mine] = setting
    tags = [tag] if tag else list(_ordered(found))
    chosen = next((found[one] for each in tags[:1] for one in (each, f"{each}*") if one in found), None)
    if chosen is None:
        return None
    made = settled(interpreter, interpreter.calls[-1][0].module.names["PretrainedCfg"])
    return interpreter.call(made, (), dict(chosen))


def _ordered(found: dict[str, dict[str, Value]]) -> Iterator[str]:
    """The tags, the default one first, as ``generate_default_cfgs`` of timm 1.0 puts them."""
    tags: list[str] = []
    starred = trained = False
    for tag, settings in found.items():
        weights = any(bool(settings.get(key)) for key in ("url", "file", "hf_hub_id"))
        first = (weights and not tag) or (tag.endswith("*") and not starred)
        tags.insert(0 if first or (weights and not trained) else len(tags), tag)
        starred, trained = starred or first, trained or weights
    yield from tags


def _entry(interpreter: Evaluator, name: Value) -> Value:
    """The function that makes the model of this name, maybe with a tag, from its file; None where no file has it."""
    model = _split(interpreter, name)[0]
    for module in interpreter.imports.finder.opened("timm.models."):
        function = settled(interpreter, module.names.get(model))
        if isinstance(function, CodeFunction) and interpreter.kept.get("timm", {}).get(model) is module:
            return function
    return None


def _entrypoint(interpreter: Evaluator, name: Value, *_: Value) -> Value:
    """``model_entrypoint``: what makes the model, its weights as they come: no shape hangs on them. Raises KeyError."""
    function = _entry(interpreter, name)
    if function is None:
        raise KeyError(name)

    def make(at: Evaluator, /, *args: Value, **kwargs: Value) -> Value:
        return at.call(function, args, {**kwargs, "pretrained": False} if "pretrained" in kwargs else kwargs)

    return Native(str(name), make)


def _split(interpreter: Evaluator, name: Value, no_tag: Value = "") -> tuple[Value, Value]:
    """``split_model_name_tag``: the name of a model, and the tag behind it."""
    if isinstance(name, UnknownValue):
        raise UnknownReached(name)
    model, dot, tag = str(name).partition(".")
    return model, tag if dot else no_tag


def registry_names() -> dict[str, Value]:
    """The names of timm.models._registry: nothing is downloaded."""
    return natives(
        register_model=_register, get_pretrained_cfg=_pretrained, generate_default_cfgs=lambda at, settings: settings,
        is_model=lambda at, name: _entry(at, name) is not None, model_entrypoint=_entrypoint,
        split_model_name_tag=_split, get_arch_name=lambda at, name: _split(at, name)[0],
        register_model_deprecations=nothing, register_notrace_module=unchanged,
    )  # fmt: skip
