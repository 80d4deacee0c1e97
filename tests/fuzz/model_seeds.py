"""Small model files of every format, written by scripts, which the fuzzer of files changes: `SEEDS[format]()`."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from convert.onnx import writer

TESTS = Path(__file__).resolve().parent.parent
#: What lines of Caffe's layers are set on.
CAFFE_INPUT = 'name: "n" input: "data" input_shape { dim: 1 dim: 4 dim: 12 dim: 12 }\n'


def onnx() -> list[bytes]:
    """A residual network; arithmetic on shapes; branches, a function, quantisation, a recurrent layer, several results."""
    node, tensor, ints, small = writer.node, writer.tensor, writer.ints, writer.small
    shapes = small(
        node("Conv", "x w b", "c", "/a/Conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node("Shape", "c", "s"),
        node("Slice", "s one two", "t"), node("Concat", "t rest", "to", axis=0), node("Reshape", "c to", "f"),
        node("Gemm", "f v", "g", transB=1), node("Range", "zero five one0", "r"), node("Cast", "r", "q", to=1),
        node("Unsqueeze", "g ax", "u"), node("Tile", "u reps", "y"),
        tensors=[tensor("w", [2, 1, 3, 3]), tensor("b", [2]), tensor("v", [3, 32]), ints("one", 0), ints("two", 1), ints("rest", -1),
                 tensor("zero", [], writer.INT64, [0]), tensor("five", [], writer.INT64, [5]), tensor("one0", [], writer.INT64, [1]),
                 ints("ax", 1), ints("reps", 1, 2, 1)],
        shape=("N", 1, 4, 4),
    )  # fmt: skip
    inner = writer.graph([node("Relu", "x", "z")], [], [writer.value("z")])
    other = writer.graph([node("Sigmoid", "x", "z")], [], [writer.value("z")])
    made = writer.function("Block", "a b", "o", [node("MatMul", "a b", "m"), node("Softmax", "m", "o", axis=-1)])
    branches = small(
        node("Equal", "n n", "p"), node("If", "p", "i", then_branch=inner, else_branch=other),
        node("ReduceSum", "x", "sum", keepdims=0), node("Greater", "sum k", "q"), node("If", "q", "j", then_branch=inner, else_branch=other),
        node("Block", "i w", "h", domain="local"), node("TopK", "h top", "t1 t2", axis=-1), node("Split", "t1", "a1 a2", axis=1, num_outputs=2),
        node("Add", "a1 a2", "y"),
        tensors=[ints("n", 1), tensor("k", [], numbers=[1.0]), tensor("w", [8, 8]), ints("top", 4)], shape=(2, 8, 8), functions=[made],
        local=1, opset=18,
    )  # fmt: skip
    rest = small(
        node("Resize", "x - s", "r", mode="linear"), node("Pad", "r p", "d"), node("MaxPool", "d", "m i", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        node("ConvTranspose", "m w", "c", strides=[2, 2], output_padding=[1, 1]), node("InstanceNormalization", "c g g", "n"),
        node("Reshape", "n to", "seq"), node("Transpose", "seq", "tr", perm=[2, 0, 1]), node("LSTM", "tr wx wr", "l h", hidden_size=5),
        node("DequantizeLinear", "q one z", "dq"), node("Einsum", "l dq", "y", equation="abcd,de->abce"),
        tensors=[tensor("s", [4], numbers=[1.0, 1.0, 1.5, 1.5]), ints("p", 0, 0, 1, 1, 0, 0, 0, 0), tensor("w", [3, 4, 3, 3]), tensor("g", [4]),
                 ints("to", 1, 4, -1), tensor("wx", [1, 20, 4]), tensor("wr", [1, 20, 5]), tensor("q", [5, 2], writer.INT8), tensor("one", []), tensor("z", [], writer.INT8)],
        shape=(1, 3, 9, 9),
    )  # fmt: skip
    return [writer.TINY, shapes, branches, rest]


def keras_models() -> list[object]:
    """What Keras itself described (tests/convert/keras/recorded.json), and its older forms."""
    recorded = json.loads((TESTS / "convert" / "keras" / "recorded.json").read_text())
    models = [one["model"] for one in recorded.values()]
    second = {"class_name": "Sequential", "config": [
        {"class_name": "Convolution2D", "config": {"name": "c", "batch_input_shape": [None, 28, 28, 1], "filters": 4, "kernel_size": [5, 5]}},
        {"class_name": "Flatten", "config": {"name": "f"}}, {"class_name": "Dense", "config": {"name": "d", "units": 10, "activation": "softmax"}},
    ]}  # fmt: skip
    return [*models, second]


def keras_json() -> list[bytes]:
    return [json.dumps(model).encode() for model in keras_models()]


def archive(text: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A .keras archive around a description."""
    return _zipped({"metadata.json": b"{}", "config.json": text, "model.weights.h5": b"\0" * 100}, method)


def _zipped(members: dict[str, bytes], method: int) -> bytes:
    """An archive, the same each time: its members are of 1980, not of now."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def keras_archive() -> list[bytes]:
    return [archive(text) for text in keras_json()]


def stored(text: bytes) -> bytes:
    """An .h5 file with a description; h5py writes it."""
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w") as made:
        made.attrs["keras_version"] = "2.4.0"
        made.attrs["model_config"] = text.decode("utf-8", "surrogatepass") if len(text) % 2 else text
        made.create_dataset("model_weights/c/kernel", data=[0.0] * 20)
    return stream.getvalue()


def keras_hdf5() -> list[bytes]:
    return [stored(text) for text in keras_json()]


def tflite() -> list[bytes]:
    """The small network of the reader's own tests, int8 and float."""
    from convert.tflite.test_tflite import small
    from convert.tflite.writing import FLOAT, INT8

    return [small(INT8), small(FLOAT)]


def darknet() -> list[bytes]:
    return [path.read_bytes() for path in sorted((TESTS / "convert" / "darknet" / "cfg").glob("*.cfg"))]


def caffe() -> list[bytes]:
    """LeNet, a part of a ResNet, the layers of the reader's own tests one after the other, and the oldest form."""
    from convert.caffe.test_caffe import LENET, resnet
    from convert.caffe.test_layers import LAYERS

    lines = [f'layer {{ name: "l{number}" {line} }}\n' for number, (line, said) in enumerate(LAYERS) if said[0] != "!"]
    oldest = (
        'input: "data" input_dim: 1 input_dim: 4 input_dim: 12 input_dim: 12\n'
        'layers { layer { name: "c" type: "conv" num_output: 6 kernelsize: 3 pad: 1 group: 2 biasterm: false } bottom: "data" top: "c" }\n'
        'layers { layer { name: "p" type: "pool" pool: AVE kernelsize: 3 stride: 2 } bottom: "c" top: "p" }\n'
        'layers { name: "f" type: INNER_PRODUCT bottom: "p" top: "f" inner_product_param { num_output: 5 } }\n'
    )
    some = [CAFFE_INPUT + "".join(lines[at : at + 8]) for at in range(0, len(lines), 8)]
    return [text.encode() for text in (LENET, resnet(1, 1), oldest, *some)]


def pt2_documents() -> list[dict[str, object]]:
    """A residual network with free and with fixed samples; arithmetic on shapes; several results, recurrence, indices."""
    from convert.pt2.writer import Graph, residual

    graph, aten = Graph(), "torch.ops.aten."
    wx, wh, table = (
        graph.parameter("rnn.weight_ih_l0", (20, 4)),
        graph.parameter("rnn.weight_hh_l0", (20, 5)),
        graph.parameter("e.weight", (9, 4)),
    )
    x, words = graph.input("x", (("s0", 2), 4, 12, 12)), graph.input("words", (("s0", 2), 6), 5)
    size = graph.call(f"{aten}sym_size.int", x, 0, name="sym_size_int")
    pieces = graph.call(f"{aten}split.Tensor", x, 2, 1, name="split", outs=["a", "b"])
    joined = graph.call(f"{aten}cat.default", pieces, 1, name="cat")
    flat = graph.call(f"{aten}view.default", joined, [size, 4, 144], name="view")
    turned = graph.call(f"{aten}permute.default", flat, [0, 2, 1], name="permute")
    zero = graph.call(f"{aten}zeros.default", [1, 2, 5], name="zeros")
    made = graph.call(
        f"{aten}lstm.input",
        turned,
        [zero, zero],
        [wx, wh],
        False,
        1,
        0.0,
        False,
        False,
        True,
        name="lstm",
        outs=["h", "hn", "cn"],
    )
    rows = graph.call(f"{aten}embedding.default", table, words, name="embedding")
    product = graph.call(f"{aten}matmul.default", turned, flat, name="matmul")
    pooled = graph.call(f"{aten}max_pool2d.default", x, [3, 3], [2, 2], [1, 1], [1, 1], True, name="max_pool2d")
    larger = graph.call(f"{aten}upsample_nearest2d.vec", pooled, [12, 12], None, name="upsample")
    best = graph.call(f"{aten}topk.default", flat, 3, 2, name="topk", outs=["values", "indices"])
    graph.output(made[0], rows, product, larger, best[0])
    return [residual().document(), residual(3).document(), graph.document()]


def pt2_archive(text: bytes, how: int = zipfile.ZIP_STORED, old: bool = False) -> bytes:
    """The archive of torch.export.save around a program, as PyTorch writes it since 2.8, or as it did before."""
    program, version = (
        ("serialized_exported_program.json", "version") if old else ("net/models/model.json", "net/archive_format")
    )
    return _zipped({program: text, version: b"1" if old else b"pt2"}, how)


def pt2() -> list[bytes]:
    return [pt2_archive(json.dumps(one).encode()) for one in pt2_documents()]


def python() -> list[bytes]:
    """Networks in PyTorch and Keras code, one a file, that take 3x32x32."""
    return [path.read_bytes() for path in sorted((TESTS / "fuzz" / "code").glob("*.py"))]


#: The file's suffix, by the name under which it is fuzzed, and what writes its seeds.
SEEDS: dict[str, tuple[str, Callable[[], list[bytes]]]] = {
    "onnx": (".onnx", onnx), "keras": (".keras", keras_archive), "json": (".json", keras_json), "h5": (".h5", keras_hdf5),
    "tflite": (".tflite", tflite), "pt2": (".pt2", pt2), "darknet": (".cfg", darknet), "caffe": (".prototxt", caffe),
    "python": (".py", python),
}  # fmt: skip
