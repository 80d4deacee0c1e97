"""Makes files as torch.export.save does, with no weights in them and without PyTorch."""

import json
import zipfile


class Graph:
    """A program: `parameter`, `buffer` and `input` enter, `call` calls, `output` leaves."""

    def __init__(self):
        self.nodes = []
        self.tensors = {}
        self.specs = []
        self.results = []
        self.storages = {}

    def _enters(self, name, shape, spec, dtype=7):
        self.tensors[name] = meta(shape, dtype)
        self.specs.append(spec)
        return Name(name)

    def input(self, name, shape, dtype=7):
        return self._enters(name, shape, {"user_input": {"arg": {"as_tensor": {"name": name}}}}, dtype)

    def parameter(self, path, shape, storage=None):
        name = "p_" + path.replace(".", "_")
        self.storages[path] = storage or f"weight_{len(self.storages)}"
        return self._enters(name, shape, {"parameter": {"arg": {"name": name}, "parameter_name": path}})

    def buffer(self, path, shape):
        name = "b_" + path.replace(".", "_")
        self.storages[path] = f"weight_{len(self.storages)}"
        return self._enters(name, shape, {"buffer": {"arg": {"name": name}, "buffer_name": path, "persistent": True}})

    def call(self, target, *args, name=None, outs=None, stack=(), line=None, shape=None, **kwargs):
        """A call; `outs` names several results, in a list if that is one; `stack` are the modules around it."""
        name = name or f"{target.split('.')[-2] if '.' in target else target}_{len(self.nodes)}"
        inputs = [{"name": "", "arg": argument(one), "kind": 1} for one in args]
        inputs += [{"name": key, "arg": argument(one), "kind": 2} for key, one in kwargs.items()]
        if isinstance(outs, list):
            outputs = [{"as_tensors": [{"name": one} for one in outs]}]
        elif outs:
            outputs = [{"as_tensor": {"name": one}} for one in outs]
        else:
            outputs = [{"as_sym_int": {"as_name": name}} if "sym_size" in target or "_operator" in target
                       else {"as_tensor": {"name": name}}]  # fmt: skip
        if shape is not None:
            self.tensors[name] = meta(shape)
        metadata = {"nn_module_stack": ";".join(f"L__self__{path},{path},{kind}" for path, kind in stack)}
        if line is not None:
            metadata["stack_trace"] = f'File "/home/me/{line[0]}", line {line[1]}, in forward\n    {line[2]}'
        self.nodes.append({"target": target, "inputs": inputs, "outputs": outputs, "metadata": metadata})
        return [Name(one) for one in outs] if outs else Name(name)

    def output(self, *names):
        self.results += [{"user_output": {"arg": {"as_tensor": {"name": str(name)}}}} for name in names]

    def module(self, path, kind):
        return ("", "net.Net"), (path, f"torch.nn.modules.{kind}")

    def document(self):
        graph = {"inputs": [], "outputs": [], "nodes": self.nodes, "tensor_values": self.tensors, "sym_int_values": {}}
        signature = {"input_specs": self.specs, "output_specs": self.results}
        return {"graph_module": {"graph": graph, "signature": signature, "module_call_graph": []},
                "opset_version": {"aten": 10}, "range_constraints": {}, "schema_version": {"major": 8, "minor": 20}}  # fmt: skip

    def save(self, path, **how):
        save(path, self.document(), self.storages, **how)
        return path


class Name(str):
    """What a call gives, or what enters."""

    def __new__(cls, text):
        return super().__new__(cls, text)


def meta(shape, dtype=7):
    return {"dtype": dtype, "sizes": [size(one) for one in shape], "requires_grad": False}


def size(one):
    """A number; free by a name, with the number of the export: ("s0", 2)."""
    if isinstance(one, int):
        return {"as_int": one}
    name, hint = one
    return {"as_expr": {"expr_str": f"Symbol('{name}', positive=True, integer=True)", "hint": {"as_int": hint}}}


def argument(one):
    if one is None:
        return {"as_none": True}
    if isinstance(one, Name):
        return (
            {"as_sym_int": {"as_name": one}}
            if one.startswith(("sym_", "_operator", "mul_"))
            else {"as_tensor": {"name": one}}
        )
    if isinstance(one, bool):
        return {"as_bool": one}
    if isinstance(one, int):
        return {"as_int": one}
    if isinstance(one, float):
        return {"as_float": one}
    if isinstance(one, str):
        return {"as_string": one}
    if all(isinstance(item, int) for item in one):
        return {"as_ints": list(one)}
    if all(isinstance(item, Name) and not item.startswith(("sym_", "mul_")) for item in one):
        return {"as_tensors": [{"name": item} for item in one]}
    return {"as_sym_ints": [{"as_int": item} if isinstance(item, int) else {"as_name": item} for item in one]}


def save(path, document, storages=(), layout="new", deflated=False):
    """The archive, as PyTorch writes it since 2.8, or as it did before (`layout` "old")."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    how = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", how) as archive:
        if layout == "old":
            archive.writestr("version", "1")
            archive.writestr("serialized_exported_program.json", text)
            return
        config = {name: {"path_name": where, "is_param": True} for name, where in dict(storages).items()}
        archive.writestr("net/data/weights/model_weights_config.json", json.dumps({"config": config}))
        archive.writestr("net/models/model.json", text)
        archive.writestr("net/archive_format", "pt2")


def residual(batch=("s0", 2)):
    """A convolution, a block with a residual connection, and a classifier."""
    graph = Graph()
    conv, bias = graph.parameter("stem.weight", (8, 3, 3, 3)), graph.parameter("stem.bias", (8,))
    norm = [graph.parameter("block.bn.weight", (8,)), graph.parameter("block.bn.bias", (8,))]
    second = graph.parameter("block.conv.weight", (8, 8, 3, 3))
    weight, offset = graph.parameter("fc.weight", (10, 8)), graph.parameter("fc.bias", (10,))
    norm += [graph.buffer("block.bn.running_mean", (8,)), graph.buffer("block.bn.running_var", (8,))]
    x = graph.input("x", (batch, 3, 16, 16))
    aten, block = "torch.ops.aten.", (("", "net.Net"), ("block", "net.Block"))
    x = graph.call(f"{aten}conv2d.default", x, conv, bias, [1, 1], [1, 1], name="conv2d",
                   stack=graph.module("stem", "conv.Conv2d"), line=("net.py", 12, "x = self.stem(x)"))  # fmt: skip
    y = graph.call(f"{aten}conv2d.default", x, second, None, [1, 1], [1, 1], name="conv2d_1",
                   stack=(*block, ("block.conv", "torch.nn.modules.conv.Conv2d")))  # fmt: skip
    y = graph.call(f"{aten}batch_norm.default", y, *norm, False, 0.1, 1e-5, True, name="batch_norm",
                   stack=(*block, ("block.bn", "torch.nn.modules.batchnorm.BatchNorm2d")))  # fmt: skip
    y = graph.call(f"{aten}add.Tensor", y, x, name="add", stack=block)
    y = graph.call(f"{aten}relu_.default", y, name="relu_", stack=block)
    y = graph.call(f"{aten}mean.dim", y, [2, 3], name="mean", stack=(("", "net.Net"),))
    y = graph.call(f"{aten}linear.default", y, weight, offset, name="linear", stack=graph.module("fc", "linear.Linear"))
    graph.output(y)
    return graph
