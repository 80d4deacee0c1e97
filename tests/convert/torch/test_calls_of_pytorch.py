"""Single calls give the shapes, types and MACs that PyTorch gives, and what it refuses is refused: calls.txt."""

import pytest

import cnncalc
from cnncalc.convert.torch.trace import Where
from cnncalc.convert.torch.values import Samples, Tensor, spelled
from convert.recorded import RecordedLine, read

from .calls import FILE, Module, Ours, evaluated, flat
from .test_rules import N, Tape


class Given(Tape):
    """A tape whose calls take and give tensors that Python's operators work on."""

    def given(self, name, *args, **named):
        return self.wrapped(self.trace.call(name, *_bare((args, named)), Where(name, None, name)))

    def operator(self, name, *args, **named):
        """What ATen's operator gives, whose arguments may be others than those of the function of its name."""
        self.trace.aten = True
        made = self.given(name, *args, **named)
        self.trace.aten = False
        return made

    def wrapped(self, made):
        if isinstance(made, tuple | list):
            return type(made)(self.wrapped(one) for one in made)
        return Ours(self, made) if isinstance(made, Tensor) else made

    def w(self, *shape):
        if any(isinstance(size, Samples) for size in shape):
            return Ours(self, self.trace.input("w", shape))
        return Ours(self, self.weights(*shape))

    def names(self):
        ids = Ours(self, self.trace.input("ids", (N, 6), dtype="int64"))
        functional, operators = Module(self.given, unfold="im2col"), Module(self.operator)
        names = {"torch": Module(self.given), "F": functional, "aten": operators}
        return {**names, "x": Ours(self, self.x), "ids": ids, "N": N, "w": self.w}


def _bare(found):
    """Arguments as a trace takes them."""
    if isinstance(found, Ours):
        return found.tensor
    if isinstance(found, slice):
        return slice(*map(_bare, (found.start, found.stop, found.step)))
    if isinstance(found, dict):
        return {name: _bare(one) for name, one in found.items()}
    return type(found)(_bare(one) for one in found) if isinstance(found, tuple | list) else found


def said(one):
    if isinstance(one, Ours):
        return f"{one.dtype} {spelled(one.tensor.sizes)}"
    return str(one)


#: What is said of each call that PyTorch refuses: the sentence, the argument that it is about, what to write instead.
REFUSALS = FILE.with_name("refusals.txt")
SENTENCES = {(call.shape, call.text): call.made for call in read(REFUSALS, RecordedLine)}


def refusal(call):
    """Why a call is refused, the argument that it is about and what to write instead; None where it is not refused."""
    tape = Given(*call.shape)
    evaluated(call.text, tape.names())
    if not tape.errors:
        return None
    (error,) = tape.errors
    about = f" (at {error.argument})" if error.argument else ""
    return f"{error}{about}{f'; {error.help}' if error.help else ''}"


@pytest.mark.parametrize(
    "call", read(FILE, RecordedLine), ids=lambda call: f"{'x'.join(map(str, call.shape))} {call.text}"
)
def test_what_pytorch_gives(call):
    if call.made == "refused":
        assert refusal(call) == SENTENCES[call.shape, call.text]
        return
    tape = Given(*call.shape)
    made = evaluated(call.text, tape.names())
    assert not tape.faults
    shapes, _, macs = call.made.partition("; ")
    assert ", ".join(said(one) for one in flat(made)) == shapes
    if macs:
        assert f"{tape.totals().macs} MACs" == macs


@pytest.mark.parametrize(
    "call",
    read(FILE.with_name("lines.txt"), RecordedLine),
    ids=lambda call: f"{'x'.join(map(str, call.shape))} {call.text}",
)
def test_the_line_that_a_call_is(call):
    tape = Given(*call.shape)
    evaluated(call.text, tape.names())
    network = tape.assembler.finish(tape.trace.finish())
    assert not tape.faults
    assert cnncalc.analyze(network).layers[-1].operation == call.made
