"""What a beginner writes, and what is said of it: where it stands, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

from .test_packages import HEAD, net

CONV = "self.conv = nn.Conv2d(3, 16, 3)\nself.pool = nn.MaxPool2d(2)\nself.fc = nn.Linear(3600, 10)"
RNN = "self.rnn = nn.LSTM(8, 4, batch_first=True)\nself.fc = nn.Linear(4, 2)"


def told(folder: Path, body: str, shape: str) -> tuple[str, str | None, int | None]:
    """The first fault: its message, its help and its line."""
    path = folder / "net.py"
    path.write_text(HEAD + body, "utf-8")
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.load(f"{path}:Net", input=shape)
    first = error.value.diagnostics[0]
    return first.message, first.help, first.span and first.span.line


@pytest.mark.parametrize(
    ("made", "forward", "shape", "message", "help"),
    [
        (CONV, "return pool(self.conv(x))", "3x32x32", "NameError: name 'pool' is not defined",
         "write self.pool: it is an attribute of the module"),
        (RNN, "return self.fc(self.rnn(x))", "5x8",
         "TypeError: Linear is given a tuple of 2, and takes a tensor: x, *_ = … takes the first", None),
        (CONV, "return self.pool(nn.ReLU(self.conv(x)))", "3x32x32",
         "TypeError: MaxPool2d is given a ReLU, which is a layer: call it, nn.ReLU()(x)", None),
        (CONV, "return self.pool(print(x))", "3x32x32",
         "TypeError: MaxPool2d is given None: a forward before it returns nothing", None),
        ("self.bn = nn.BatchNorm1d(3)", "return self.bn(x)", "3x8x8",
         "ValueError: expected 2D or 3D input (got 4D input): nn.BatchNorm2d is for Nx3x8x8", None),
        ("self.all = nn.ModuleList([nn.ReLU()])", "return self.all(x)", "3x8x8",
         'NotImplementedError: Module [ModuleList] is missing the required "forward" function',
         "call its modules one by one, for layer in …: x = layer(x), or make it an nn.Sequential"),
        ("pass", "x = F.relu(x)", "3x8x8", "forward gives no tensor", "write what it returns: return x"),
        ("pass", "return x.view(32, -1)", "3x5x5",
         "view: Nx3x5x5 has N*75 values, which the 32 of [32, -1] do not divide",
         "x.size(0) in the place of 32 keeps the samples: [N, -1]"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, made: str, forward: str, shape: str, message: str, help: str | None) -> None:
    found = told(tmp_path, net(made, forward), shape)
    assert found[:2] == (message, help)
    assert found[2] is not None


def test_forward_without_self(tmp_path: Path) -> None:
    body = net(CONV, "return x").replace("forward(self, x)", "forward(x)")
    message, help, line = told(tmp_path, body, "3x32x32")
    assert message == "TypeError: Net.forward() takes 1 positional argument but 2 were given"
    assert help == "write def forward(self, x)"
    assert line == 1 + (HEAD + body)[: (HEAD + body).index("def forward")].count("\n")


@pytest.mark.parametrize(
    ("made", "forward", "caret", "message", "help"),
    [
        ("self.c = nn.conv2d(3, 16, 3)", "return self.c(x)", "nn.conv2d",
         "AttributeError: module 'torch.nn' has no attribute 'conv2d'", "did you mean nn.Conv2d?"),
        ("self.c = nn.Conv2D(3, 16, 3)", "return self.c(x)", "nn.Conv2D",
         "AttributeError: module 'torch.nn' has no attribute 'Conv2D'", "did you mean nn.Conv2d?"),
        ("pass", "return F.Relu(x)", "F.Relu",
         "AttributeError: module 'torch.nn.functional' has no attribute 'Relu'", "did you mean F.relu?"),
        (CONV, "return self.cov(x)", "self.cov", "AttributeError: 'Net' object has no attribute 'cov'",
         "did you mean self.conv?"),
        (CONV, "return self.pol(self.conv(x))", "self.pol", "AttributeError: 'Net' object has no attribute 'pol'",
         "did you mean self.pool?"),
        (CONV, "return self.dropout(x)", "self.dropout", "AttributeError: 'Net' object has no attribute 'dropout'",
         None),
        ("pass", "return x.veiw(x.size(0), -1)", "x.veiw", "AttributeError: 'Tensor' object has no attribute 'veiw'",
         "did you mean x.view?"),
        ("self.fc = nn.Linear(1024)", "return self.fc(x)", "nn.Linear(1024)",
         "TypeError: Linear.__init__() missing 1 required positional argument: 'out_features'",
         "write nn.Linear(1024, out_features)"),
        ("self.c = nn.Conv2d(kernel_size=3)", "return self.c(x)", "nn.Conv2d(kernel_size=3)",
         "TypeError: Conv2d.__init__() missing 2 required positional arguments: 'in_channels' and 'out_channels'",
         "write nn.Conv2d(in_channels, out_channels, 3)"),
        ("pass", "return x.view(x.size[0], -1)", "x.size[0]", "TypeError: size is a function, and is not subscriptable",
         "call it: x.size(0)"),
        ("pass", "return x.view(x.shape(0), -1)", "x.shape(0)", "TypeError: 'TensorSize' object is not callable",
         "write x.shape[0]"),
        (CONV, "return F.relu(self.conv, inplace=True)", "F.relu(self.conv, inplace=True)",
         "TypeError: relu() takes a tensor, and is given a Conv2d, which is a layer",
         "write F.relu(self.conv(x), inplace=True)"),
        ("pass", "return F.relu(nn.ReLU)", "F.relu(nn.ReLU)", "TypeError: relu() takes a tensor, and is given the class ReLU",
         "write F.relu(nn.ReLU()(x))"),
    ],
)  # fmt: skip
def test_the_caret_and_what_to_write(
    tmp_path: Path, made: str, forward: str, caret: str, message: str, help: str | None
) -> None:
    body = net(made, forward)
    path = tmp_path / "net.py"
    path.write_text(HEAD + body, "utf-8")
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.load(f"{path}:Net", input="3x32x32")
    first = error.value.diagnostics[0]
    assert (first.message, first.help) == (message, help)
    assert first.span is not None
    line = (HEAD + body).splitlines()[first.span.line - 1]
    assert line[first.span.column - 1 : first.span.end_column - 1] == caret


def test_a_misspelt_forward_is_at_its_definition(tmp_path: Path) -> None:
    message, help, line = told(tmp_path, net(CONV, "return x").replace("def forward", "def foward"), "3x32x32")
    assert message == 'NotImplementedError: Module [Net] is missing the required "forward" function'
    assert help == "write def forward, not def foward"
    assert line == (tmp_path / "net.py").read_text("utf-8").splitlines().index("    def foward(self, x):") + 1


def test_a_forgotten_super(tmp_path: Path) -> None:
    body = net(CONV, "return x").replace("super().__init__()", "pass")
    message, help, line = told(tmp_path, body, "3x32x32")
    assert message == "AttributeError: cannot assign module before Module.__init__() call"
    assert help == "call super().__init__() first in __init__"
    assert "self.conv =" in (HEAD + body).splitlines()[(line or 0) - 1]


@pytest.mark.parametrize(
    ("code", "better"),
    [
        ("torch.flatten(x)", "torch.flatten(x, 1)"), ("x.flatten()", "torch.flatten(x, 1)"),
        ("x.view(-1)", "x.view(x.size(0), -1)"), ("x.reshape(-1)", "x.reshape(x.size(0), -1)"),
    ],
)  # fmt: skip
def test_a_vector_of_all_samples_is_warned_of(tmp_path: Path, code: str, better: str) -> None:
    path = tmp_path / "net.py"
    path.write_text(HEAD + net("pass", f"return {code}"), "utf-8")
    found = [one for one in cnncalc.load(f"{path}:Net", input="64x7x7").diagnostics if one.severity == "warning"]
    assert [(one.message, one.help) for one in found] == [
        ("all samples become one vector of N*3,136 values", f"{better} gives 3,136 values a sample")
    ]
    path.write_text(HEAD + net("pass", f"return {better}"), "utf-8")
    assert not cnncalc.load(f"{path}:Net", input="64x7x7").diagnostics


@pytest.mark.parametrize(
    ("made", "forward", "message"),
    [
        ("nn.Conv2d(3, 3, 1)", "self.part(x, x)", "Conv2d.forward() takes 2 positional arguments but 3 were given"),
        ("nn.Conv2d(3, 3, 1)", "self.part(x, foo=x)", "Conv2d.forward() got an unexpected keyword argument 'foo'"),
        ("nn.Dropout()", "self.part(x, self.training)", "Dropout.forward() takes 2 positional arguments but 3 were given"),
        ("nn.ConvTranspose2d(3, 3, 2, 2)", "self.part(x, [16, 16], x)",
         "ConvTranspose2d.forward() takes from 2 to 3 positional arguments but 4 were given"),
        ("nn.Upsample(scale_factor=2)", "self.part(x, x)", "Upsample.forward() takes 2 positional arguments but 3 were given"),
        ("nn.LSTM(8, 8)", "self.part(x, x, x)", "LSTM.forward() takes from 2 to 3 positional arguments but 4 were given"),
    ],
)  # fmt: skip
def test_a_module_called_with_too_much(tmp_path: Path, made: str, forward: str, message: str) -> None:
    """PyTorch says the same."""
    assert told(tmp_path, net(f"self.part = {made}", f"return {forward}"), "3x8x8")[0] == f"TypeError: {message}"


@pytest.mark.parametrize(
    ("made", "forward", "shape"),
    [
        ("nn.Conv2d(3, 3, 1)", "self.part(input=x)", "3x8x8"),
        ("nn.ConvTranspose2d(3, 3, 2, 2)", "self.part(x, [16, 16])", "3x8x8"),
        ("nn.LSTM(8, 8)", "self.part(x, None)[0]", "3x8"),
        ("nn.MultiheadAttention(8, 2, batch_first=True)", "self.part(x, x, x, None, False)[0]", "3x8"),
        ("nn.Bilinear(8, 8, 4)", "self.part(x, x)", "8"),
        ("nn.CosineSimilarity()", "self.part(x, x)", "8"),
    ],
)  # fmt: skip
def test_what_modules_take_beside_a_tensor(tmp_path: Path, made: str, forward: str, shape: str) -> None:
    (tmp_path / "net.py").write_text(HEAD + net(f"self.part = {made}", f"return {forward}"), "utf-8")
    assert not [
        one for one in cnncalc.load(f"{tmp_path / 'net.py'}:Net", input=shape).diagnostics if one.severity == "error"
    ]


def test_losses_that_forward_does_not_call(tmp_path: Path) -> None:
    """Their arguments are PyTorch's, and nothing hangs on them."""
    losses = [
        "CrossEntropyLoss(weight=torch.load('w'), label_smoothing=0.1)", "MSELoss(reduction='sum')", "L1Loss()",
        "SmoothL1Loss(beta=0.5)", "HuberLoss(delta=2.0)", "NLLLoss(ignore_index=0)", "BCELoss()", "KLDivLoss(log_target=True)",
        "BCEWithLogitsLoss(pos_weight=torch.ones(3))", "CTCLoss(blank=1, zero_infinity=True)", "MarginRankingLoss(0.1)",
        "TripletMarginLoss(margin=1.0, p=2)", "CosineEmbeddingLoss(margin=0.1)", "HingeEmbeddingLoss(margin=2.0)",
        "PoissonNLLLoss(log_input=False)", "GaussianNLLLoss(full=True)", "MultiMarginLoss(p=2)", "SoftMarginLoss()",
        "MultiLabelSoftMarginLoss()", "MultiLabelMarginLoss()", "TripletMarginWithDistanceLoss(distance_function=len)",
    ]  # fmt: skip
    made = "\n".join(["self.conv = nn.Conv2d(3, 4, 1)", *(f"self.l{n} = nn.{one}" for n, one in enumerate(losses))])
    (tmp_path / "net.py").write_text(HEAD + net(made, "return self.conv(x)"), "utf-8")
    network = cnncalc.load(f"{tmp_path / 'net.py'}:Net", input="3x8x8")
    assert ([row.kind for row in cnncalc.analyze(network).layers], list(network.diagnostics)) == (["conv"], [])
    wrong = net("self.loss = nn.MSELoss(margin=1)", "return x")
    message = "TypeError: MSELoss.__init__() got an unexpected keyword argument 'margin'"
    assert told(tmp_path, wrong, "3x8x8")[0] == message


@pytest.mark.parametrize(
    ("code", "warned"),
    [
        ("reshape(6, -1)", "[6, -1] of Nx6x12 is 6 rows of all samples together, however many there are"),
        ("view(6, 12, -1)", "[6, 12, -1] of Nx6x12 is 6 rows of all samples together, however many there are"),
        ("reshape(x.size(0), 6, -1)", None), ("reshape(-1, 12)", None), ("reshape(1, 6, -1)", None),
        ("reshape(6, 12)", None), ("transpose(0, 1).reshape(6, -1)", None),
    ],
)  # fmt: skip
def test_rows_through_all_samples_are_warned_of(tmp_path: Path, code: str, warned: str | None) -> None:
    """Of one sample, of which the shape is told, PyTorch gives the same with and without."""
    (tmp_path / "net.py").write_text(HEAD + net("pass", f"return x.{code}"), "utf-8")
    network = cnncalc.load(f"{tmp_path / 'net.py'}:Net", input="6x12")
    found = [(one.code, one.message) for one in network.diagnostics]
    assert found == ([("mixed-samples", warned)] if warned else [])


def test_a_network_that_the_file_makes_is_faulted_where_its_layer_is_made(tmp_path: Path) -> None:
    """No line of the file calls it: the place is that of the layer, and not none."""
    path = tmp_path / "net.py"
    path.write_text(
        "from torch import nn\n\nnet = nn.Sequential(\n    nn.Flatten(),\n    nn.Linear(100, 10),\n)\n", "utf-8"
    )
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.load(str(path), input="3x8x8")
    (fault,) = error.value.diagnostics
    assert fault.message == "Linear '1': it is made for 100 values, and the input Nx192 has 192 on its last axis"
    assert fault.span is not None
    assert (fault.span.line, fault.span.column, fault.help, fault.frames) == (5, 5, "write nn.Linear(192, 10)", ())


@pytest.mark.parametrize("made", ["self.c = nn.Conv2d(3, 8, 3)", "self.c = nn.Sequential(nn.Conv2d(3, 8, 3))"])
def test_a_useless_bias_of_code_is_told_in_words_of_code(tmp_path: Path, made: str) -> None:
    (tmp_path / "net.py").write_text(
        HEAD + net(f"{made}\nself.b = nn.BatchNorm2d(8)", "return self.b(self.c(x))"), "utf-8"
    )
    verdict = cnncalc.check(cnncalc.load(f"{tmp_path / 'net.py'}:Net", input="3x8x8"))
    assert [one.help for one in verdict.diagnostics if one.code == "bias-before-norm"] == [
        "it needs none: bias=False in PyTorch, use_bias=False in Keras"
    ]
