"""An ONNX model of a network: its graph, its weights, and the bytes of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from ....diagnostics import ERROR, Diagnostic, SpecError
from ....layers.arguments import Padding, Sizes
from ....layers.op import Operator
from ....network import INPUT, Network, Node
from ...lookup import calls
from ...onnx import OWN_PRODUCER
from ...signatures import REQUIRED
from ..formats import WriteOptions, Written
from ..sayable import Unsayable, check_results, known, leaving, left_out, title_of, used_results
from . import dense, functions, maps, windows
from .call import LayerWriter
from .graph import SAMPLES, STUBS, OnnxGraph, OnnxNode, Whole
from .weights import Random

#: By kind; the others are what the table of names says.
HANDLERS: Mapping[str, Callable[[LayerWriter], str | list[str]]] = {
    **windows.HANDLERS, **dense.HANDLERS, **maps.HANDLERS, **functions.HANDLERS,
}  # fmt: skip
#: The oldest version of the operators that can be written.
OLDEST_OPSET = 13
#: Where whole numbers of 64 bits end.
_SIZES_END = 2**63
#: Bytes that a model may have: the limit of its format.
_LARGEST = 2**31 - 2**20


def write(network: Network, options: WriteOptions) -> Written:
    """The model. Raises SpecError, ValueError for a version that there is none of, ImportError."""
    from onnx import defs

    newest = defs.onnx_opset_version()
    if not OLDEST_OPSET <= options.opset <= newest:
        raise ValueError(f"version {options.opset} of the operators: {OLDEST_OPSET} to {newest} can be written")
    graph = OnnxGraph(network, options.opset, options.partial)
    nodes = known(network)
    _enter(graph, nodes)
    for node in nodes:
        if node.layer is not None and not node.further:
            _layer(graph, node)
    outputs = _outputs(graph)
    diagnostics = graph.refusals.diagnostics()
    _check_sizes(graph)
    stored = 4 * sum(prod(shape) for shape, _ in graph.weights.values())
    if options.weights and stored > _LARGEST:
        message = f"its weights are {stored:,} bytes, and a file of ONNX has at most {_LARGEST:,}"
        raise SpecError([Diagnostic(ERROR, "too-large", message, network.start, "without weights it has room")])
    return Written(_bytes(graph, outputs, options), [*diagnostics, *left_out(network)])


def _enter(graph: OnnxGraph, nodes: Sequence[Node]) -> None:
    """The inputs. What only a table of words reads are whole numbers."""
    readers: dict[int, set[str]] = {}
    for node in nodes:
        for position in node.inputs:
            readers.setdefault(position, set()).add(node.kind)
    for node in nodes:
        if node.kind == INPUT:
            name = graph.tensors[node.position] = graph.unique(node.name)
            assert node.output is not None
            dtype = "integer" if readers.get(node.position) == {"embed"} else "float"
            graph.entering[name] = ((SAMPLES, *node.output), dtype)


def _layer(graph: OnnxGraph, node: Node) -> None:
    """The operators of a layer, its results under its name."""
    first = len(graph.operators)
    try:
        if isinstance(node.layer, Operator):
            raise Unsayable(f"no kind of layer says what '{node.layer.name}' does")
        results = used_results(graph.network, node)
        check_results(node, results)
        call = LayerWriter(graph, node)
        found = HANDLERS.get(node.kind, tabled)(call)
    except Unsayable as error:
        del graph.operators[first:]
        graph.refuse(node, error)
        return
    for result, made in zip(results, [found] if isinstance(found, str) else found, strict=True):
        if made in call.inputs:  # nothing was to be done
            made = call.op("Identity", [made])
        graph.tensors[result.position] = graph.rename(made, result.name)
    path = "/".join(step.name for step in node.path)
    for operator in graph.operators[first:]:
        own = operator.outputs[0].removeprefix(f"{path}/")
        operator.name = f"/{path}/{own}" if path else own


def tabled(call: LayerWriter) -> str:
    """The operator that the table of names has for a kind, with the arguments that it names."""
    found = next((signature for signature in calls(call.node.kind, "onnx") if signature.writes), None)
    if found is None or len(call.inputs) != 1 or call.layer.weights(call.shapes, call.output):
        raise Unsayable(f"ONNX has no operator for {call.node.kind}")
    if any(isinstance(argument, Sizes | Padding) for argument in call.kind.args):
        raise Unsayable(f"how ONNX's {found.names[0]} has the sizes of {call.node.kind} is not known here")
    attributes: dict[str, Any] = {}
    for parameter in found.parameters:
        value = getattr(call.layer, parameter.ours) if parameter.ours else parameter.value
        if value is not REQUIRED and value is not None and value != parameter.default:
            attributes[parameter.name] = value
    return call.op(found.names[0], [call.x], **attributes)


def _outputs(graph: OnnxGraph) -> list[str]:
    """The tensors that leave, each under the name of its output."""
    found, given = [], set[str]()
    for port in leaving(graph.network):
        tensor, node = graph.tensors[port.node], graph.network.nodes[port.node]
        shape: Whole = (SAMPLES, *(node.output or ()))
        if tensor in graph.entering or tensor in given:
            tensor = graph.add("Identity", [tensor], [f"{port.name}.output"], [shape], {})[0]
            graph.makers[tensor].name = tensor
        found.append(tensor)
        given.add(tensor)
    return found


# --- its bytes --------------------------------------------------------------------------------------


def _bytes(graph: OnnxGraph, outputs: Sequence[str], options: WriteOptions) -> bytes:
    from onnx import helper

    from .... import __version__ as version

    network, left = graph.network, set(outputs)
    infos = {name: _info(name, *one) for name, one in (graph.entering | graph.values).items()}
    made = helper.make_graph(
        [*_filled(graph, options), *(_node(operator) for operator in graph.operators)],
        options.name or title_of(network, "main_graph"),
        [infos[name] for name in graph.entering],
        [infos[name] for name in outputs],
        _constants(graph),
        value_info=[infos[name] for name in graph.values if name not in left],
    )
    opsets = [helper.make_opsetid("", options.opset)]
    if any(operator.domain for operator in graph.operators):
        opsets.append(helper.make_opsetid(STUBS, 1))
    model = helper.make_model(made, producer_name=OWN_PRODUCER, producer_version=version, opset_imports=opsets,
                              ir_version=helper.find_min_ir_version_for(opsets, ignore_unknown=True))  # fmt: skip
    if options.weights:
        _fill(model.graph, graph, options.seed)
    data: bytes = model.SerializeToString(deterministic=True)
    return data


def _fill(made: Any, graph: OnnxGraph, seed: int) -> None:
    """Puts random weights into the model itself: they may be large, and are to be there once."""
    from onnx import TensorProto

    random = Random(seed)
    for name, (shape, what) in graph.weights.items():
        made.initializer.add(
            name=name, data_type=TensorProto.FLOAT, dims=shape, raw_data=random.tensor(shape, what).tobytes()
        )


def _info(name: str, shape: Whole, dtype: str) -> Any:
    from onnx import TensorProto, helper

    kind = TensorProto.INT64 if dtype == "integer" else TensorProto.FLOAT
    return helper.make_tensor_value_info(name, kind, shape)


def _node(operator: OnnxNode) -> Any:
    from onnx import TensorProto, helper

    given = operator.attributes
    if operator.op == "ConstantOfShape":
        given = {"value": helper.make_tensor("value", TensorProto.FLOAT, [1], [given["value"]])}
    return helper.make_node(operator.op, operator.inputs, operator.outputs, operator.name or operator.outputs[0],
                            domain=operator.domain, **given)  # fmt: skip


def _filled(graph: OnnxGraph, options: WriteOptions) -> list[Any]:
    """Without weights: an operator for each that makes a tensor of its shape, of zeros, of ones for variances."""
    if options.weights:
        return []
    return [
        _node(OnnxNode("ConstantOfShape", [graph.whole_numbers(shape)], [name], {"value": float(what == "variance")}))
        for name, (shape, what) in graph.weights.items()
    ]


def _constants(graph: OnnxGraph) -> list[Any]:
    """The constants that operators read."""
    from onnx import TensorProto, helper

    found = []
    for numbers, name in graph.integers.items():
        found.append(helper.make_tensor(name, TensorProto.INT64, [len(numbers)], numbers))
    for number, name in graph.numbers.items():
        found.append(helper.make_tensor(name, TensorProto.FLOAT, [], [number]))
    for name, values in graph.lists.items():
        found.append(helper.make_tensor(name, TensorProto.FLOAT, [len(values)], values))
    return found


def _check_sizes(graph: OnnxGraph) -> None:
    """Raises SpecError for a size of over 64 bits."""
    shapes = [*(shape for shape, _ in (graph.entering | graph.values).values()), *graph.integers,
              *(shape for shape, _ in graph.weights.values())]  # fmt: skip
    lists = [value for operator in graph.operators for value in operator.attributes.values() if isinstance(value, list)]
    numbers = [
        value for operator in graph.operators for value in operator.attributes.values() if isinstance(value, int)
    ]
    largest = max(map(abs, (size for shape in (*shapes, *lists, numbers) for size in shape if size != SAMPLES)))
    if largest >= _SIZES_END:
        message = f"a size of {largest:,} is over the 64 bits that ONNX has for it"
        raise SpecError([Diagnostic(ERROR, "too-large", message, graph.network.start)])
