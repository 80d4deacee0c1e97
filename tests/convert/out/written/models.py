"""An ONNX model as lines of text."""

from __future__ import annotations

from typing import Any


def described(data: bytes) -> str:
    """Its inputs, constants, weights (the first number of each), operators with the shapes that they give, outputs."""
    import onnx

    model = onnx.load_from_string(data)
    graph = model.graph
    shapes = {one.name: _shape(one) for one in (*graph.value_info, *graph.output)}
    lines = [f"{graph.name} {', '.join(f'{one.domain} {one.version}'.strip() for one in model.opset_import)}"]
    lines += [f"in  {one.name} {_shape(one)}" for one in graph.input]
    lines += [f"    {_tensor(one)}" for one in graph.initializer]
    for node in graph.node:
        results = ", ".join(f"{name} {shapes.get(name, '')}".strip() for name in node.output)
        attributes = "".join(f" {one.name}={_value(one)}" for one in node.attribute)
        lines.append(f"{node.name}: {results} = {node.domain or ''}{node.op_type}({', '.join(node.input)}){attributes}")
    return "\n".join([*lines, f"out {', '.join(one.name for one in graph.output)}"]) + "\n"


def _shape(info: Any) -> str:
    tensor = info.tensor_type if hasattr(info, "tensor_type") else info.type.tensor_type
    sizes = "x".join(str(one.dim_param or one.dim_value) for one in tensor.shape.dim)
    return f"[{sizes}]{' integers' if tensor.elem_type == 7 else ''}"


def _tensor(tensor: Any) -> str:
    import onnx

    values = onnx.numpy_helper.to_array(tensor)
    few = values.reshape(-1)[: None if values.size < 9 and tensor.data_type == 7 else 4]
    return f"{tensor.name} [{'x'.join(map(str, tensor.dims))}] = {' '.join(f'{one:.5g}' for one in few)}"


def _value(attribute: Any) -> str:
    import onnx

    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode()
    if hasattr(value, "dims"):
        return _tensor(value).strip()
    return f"{value:.6g}" if isinstance(value, float) else str(list(value) if hasattr(value, "__len__") else value)
