"""``nn.Module``: an instance that keeps its parts, parameters and buffers in the order in which they came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...torch.values import Storage, Tensor, stored
from ..faults import Stop, Undecided
from ..standard.builtin_classes import CLASSES
from ..standard.mappings import regardless
from ..values import BoundMethod, Class, Instance, Native, Place, Property, UnknownValue, Value
from .typed import retyping

if TYPE_CHECKING:
    from ..interpreter import Evaluator
    from .run import ModelRun


#: Modules of one model: the deepest networks that are published have some thousands.
_MOST_MODULES = 16_000


class LearnedTensor(Tensor):
    """A tensor that a module learns."""

    __slots__ = ()


def parameter(shape: tuple[int, ...], dtype: str = "float32", storage: Storage | None = None) -> LearnedTensor:
    """A new parameter."""
    return stored(LearnedTensor(shape, dtype, fixed=True, storages=(storage or Storage("", shape, "parameter"),)))


def buffer(tensor: Tensor) -> Tensor:
    """A tensor as a buffer keeps it: its numbers are stored."""
    if tensor.shape is None or tensor.storages:
        return tensor
    shape = tensor.counts
    return stored(Tensor(shape, tensor.dtype, tensor.numbers, fixed=True, storages=(Storage("", shape, "buffer"),)))


class ModuleInstance(Instance):
    """An instance of a module class."""

    __slots__ = ("buffers", "defined", "parameters", "parts", "ready")

    def __init__(self, cls: Class, defined: Place | None = None) -> None:
        super().__init__(cls)
        self.parts: dict[str, ModuleInstance | None] = {}
        self.parameters: dict[str, Value] = {}
        self.buffers: dict[str, Value] = {}
        #: Where it is made, and whether `nn.Module.__init__` has run.
        self.defined = defined
        self.ready = False

    def own(self, name: str) -> tuple[Value] | None:
        for kept in (self.parts, self.parameters, self.buffers):
            if name in kept:
                return (kept[name],)
        special = {"_modules": self.parts, "_parameters": self.parameters, "_buffers": self.buffers}
        return (special[name],) if name in special else None

    def put(self, interpreter: Evaluator, name: str, value: Value) -> None:
        kind = (
            "module" if isinstance(value, ModuleInstance) else "parameters" if isinstance(value, LearnedTensor) else ""
        )
        if kind:
            if not self.ready:
                raise AttributeError(f"cannot assign {kind} before Module.__init__() call")
            target: dict[str, Value] = self.parts if kind == "module" else self.parameters
            for kept in (self.attributes, self.parts, self.parameters, self.buffers):
                if kept is not target:
                    kept.pop(name, None)
            target[name] = value
        elif name in self.parts and (value is None or not isinstance(value, UnknownValue)):
            if value is not None:
                raise TypeError(f"cannot assign a value that is no module as child module '{name}'")
            self.parts[name] = None
        elif name in self.parameters and value is not None:
            raise TypeError(f"cannot assign a value that is no parameter as parameter '{name}'")
        elif name in self.parameters:
            self.parameters[name] = None
        elif name in self.buffers:
            self.buffers[name] = buffer(value) if isinstance(value, Tensor) else value
        else:
            self.attributes[name] = value

    def drop(self, name: str) -> None:
        for kept in (self.parts, self.parameters, self.buffers):
            if name in kept:
                del kept[name]
                return
        super().drop(name)

    def copied(self, part: Callable[[Value], Value], known: dict[int, Value]) -> Instance:
        instance = ModuleInstance(self.cls, self.defined)
        known[id(self)] = instance
        instance.ready = self.ready
        for mine, theirs in ((self.parts, instance.parts), (self.parameters, instance.parameters),
                             (self.buffers, instance.buffers), (self.attributes, instance.attributes)):  # fmt: skip
            for name, value in mine.items():
                theirs[name] = part(value)
        return instance

    def named(self) -> Iterator[tuple[str, ModuleInstance]]:
        """Itself and all modules in it, each once, by path."""
        visited: set[int] = set()
        work: list[tuple[str, ModuleInstance]] = [("", self)]
        while work:
            path, module = work.pop()
            if id(module) in visited:
                continue
            visited.add(id(module))
            yield path, module
            inner = [
                (f"{path}.{name}" if path else name, part) for name, part in module.parts.items() if part is not None
            ]
            work += reversed(inner)

    def stored(self) -> Iterator[tuple[str, Tensor]]:
        """The parameters of itself and all modules in it, each once, by path."""
        visited: set[int] = set()
        for path, module in self.named():
            for name, tensor in module.parameters.items():
                if isinstance(tensor, Tensor) and id(tensor) not in visited:
                    visited.add(id(tensor))
                    yield f"{path}.{name}" if path else name, tensor


# --- methods ----------------------------------------------------------------------------------------


def make_module(interpreter: Evaluator, cls: Class, /, *args: Value, **kwargs: Value) -> Value:
    """A module before its `__init__`."""
    interpreter.progress()
    made = interpreter.kept["modules"] = interpreter.kept.get("modules", 0) + 1
    if made > _MOST_MODULES:
        raise Stop(f"this makes more than {_MOST_MODULES:,} modules", interpreter.here(), code="python-bound")
    return ModuleInstance(cls, interpreter.here())


@regardless
def init_module(interpreter: Evaluator, module: ModuleInstance, /, *_: Value, **__: Value) -> None:
    """``nn.Module.__init__``."""
    module.ready = True


def call_module(interpreter: Evaluator, module: ModuleInstance, /, *args: Value, **kwargs: Value) -> Value:
    """What a module gives where it is called: its `forward`, one level deeper in the tree of names."""
    forward = module.cls.finds("forward")
    if forward is None:
        from .mistakes import without_forward

        raise without_forward(interpreter, module)
    own = module.attributes.get("forward")
    run = interpreter.kept["run"]
    run.enter(module)
    try:
        return interpreter.call(own if own is not None else BoundMethod(forward, module), args, kwargs)
    finally:
        run.leave()


def _register_buffer(
    interpreter: Evaluator, module: ModuleInstance, name: str, tensor: Value = None, persistent: Value = True
) -> None:
    module.attributes.pop(name, None)
    module.buffers[name] = buffer(tensor) if isinstance(tensor, Tensor) else tensor


def check_name(interpreter: Evaluator, name: Value) -> None:
    """Raises Undecided where it is not known under which name a module has a part or a parameter."""
    if isinstance(name, UnknownValue):
        raise Undecided("which part this is", name, interpreter.here())


def _register_parameter(interpreter: Evaluator, module: ModuleInstance, name: str, param: Value = None) -> None:
    check_name(interpreter, name)
    module.attributes.pop(name, None)
    module.parameters[name] = param


def _add_module(interpreter: Evaluator, module: ModuleInstance, name: Value, part: Value = None) -> None:
    check_name(interpreter, name)
    if part is not None and not isinstance(part, ModuleInstance):
        if isinstance(part, UnknownValue):
            module.attributes[str(name)] = part
            return
        raise TypeError(f"{name} is no Module")
    module.attributes.pop(str(name), None)
    module.parts[str(name)] = part


def _modules(interpreter: Evaluator, module: ModuleInstance, *_: Value) -> Value:
    return iter([instance for _, instance in module.named()])


def _named_modules(
    interpreter: Evaluator, module: ModuleInstance, /, memo: Value = None, prefix: str = "", **_: Value
) -> Value:
    return iter([(".".join(filter(None, (prefix, path))), instance) for path, instance in module.named()])


def _children(interpreter: Evaluator, module: ModuleInstance) -> Value:
    return iter({id(part): part for part in module.parts.values() if part is not None}.values())


def _named_children(interpreter: Evaluator, module: ModuleInstance) -> Value:
    return iter([(name, part) for name, part in module.parts.items() if part is not None])


def _parameters(interpreter: Evaluator, module: ModuleInstance, recurse: Value = True) -> Value:
    return iter([tensor for _, tensor in module.stored()])


def _named_parameters(
    interpreter: Evaluator, module: ModuleInstance, /, prefix: str = "", recurse: Value = True, **_: Value
) -> Value:
    return iter([(".".join(filter(None, (prefix, path))), tensor) for path, tensor in module.stored()])


def _buffers(interpreter: Evaluator, module: ModuleInstance, *_: Value) -> Value:
    return iter(
        [tensor for _, instance in module.named() for tensor in instance.buffers.values() if tensor is not None]
    )


def _named_buffers(interpreter: Evaluator, module: ModuleInstance, /, *_: Value, **__: Value) -> Value:
    return iter([
        (f"{path}.{name}" if path else name, tensor) for path, instance in module.named()
        for name, tensor in instance.buffers.items() if tensor is not None
    ])  # fmt: skip


def _nothing(interpreter: Evaluator, /, *_: Value, **__: Value) -> None:
    return None


def _submodule(interpreter: Evaluator, module: ModuleInstance, path: str) -> Value:
    found: Value = module
    for name in path.split(".") if path else ():
        found = interpreter.attribute(found, name)
    return found


def _hooked(interpreter: Evaluator, module: ModuleInstance, /, *_: Value, **__: Value) -> Value:
    raise Stop("hooks are not followed: what they change is not known", interpreter.here(), code="python-not-read")


def _state(interpreter: Evaluator, module: ModuleInstance, /, *_: Value, **__: Value) -> Value:
    """The tensors of itself and all modules in it, by path."""
    found: dict[str, Value] = {}
    for path, instance in module.named():
        for name, tensor in (*instance.parameters.items(), *instance.buffers.items()):
            if tensor is not None:
                found[f"{path}.{name}" if path else name] = tensor
    return found


def _no_text(interpreter: Evaluator, module: ModuleInstance) -> str:
    return ""


def _training(interpreter: Evaluator, module: ModuleInstance) -> bool:
    run: ModelRun = interpreter.kept["run"]
    return run.asked_training()


def _missing(interpreter: Evaluator, module: ModuleInstance, name: str) -> Value:
    own = module.own(name)
    if own is not None:
        return own[0]
    if module.cls.trait("opaque") is not None:
        return interpreter.unknown(f"'{name}' of {module.cls.trait('opaque')}")
    raise AttributeError(f"'{module.cls.name}' object has no attribute '{name}'", name=name, obj=module)


_METHODS: dict[str, Callable[..., Value]] = {
    "__init__": init_module, "__call__": call_module, "__getattr__": _missing, "register_buffer": _register_buffer,
    "register_parameter": _register_parameter, "add_module": _add_module, "register_module": _add_module,
    "modules": _modules, "named_modules": _named_modules, "children": _children, "named_children": _named_children,
    "parameters": _parameters, "named_parameters": _named_parameters, "buffers": _buffers,
    "named_buffers": _named_buffers, "state_dict": _state, "get_submodule": _submodule, "get_parameter": _submodule,
    "extra_repr": _no_text, "register_forward_hook": _hooked, "register_forward_pre_hook": _hooked,
    "get_buffer": _submodule, **dict.fromkeys(
        ("load_state_dict", "zero_grad", "register_load_state_dict_post_hook", "_load_from_state_dict",
         "_register_load_state_dict_pre_hook", "register_state_dict_pre_hook", "_register_state_dict_hook",
         "register_full_backward_hook", "register_backward_hook"), _nothing),
    **{name: retyping(name) for name in
       "to type float half double bfloat16 cuda cpu eval train requires_grad_ share_memory apply compile to_empty "
       "fuse_model".split()},
}  # fmt: skip
MODULE = Class(
    "Module", (CLASSES["object"],),
    {"training": Property(Native("training", _training), Native("training", _nothing)),
     **{name: Native(name, function) for name, function in _METHODS.items()}},
    make_module,
)  # fmt: skip
MODULE.traits["network"] = "module"
