"""Types of numbers: what they are called, what goes over what, and what they take."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.deployment import BITS, DtypeError, Dtypes, given, read
from cnncalc.measure.footprint import Footprint

ALL = ("weights", "activations", "biases")


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ("int8", "int8 int8 int8"),
        ("weights=int8 activations=int8 biases=int32", "int8 int8 int32"),
        ("half biases=torch.float32", "fp16 fp16 fp32"),
        ("torch.bfloat16", "bf16 bf16 bf16"),
        ("bfloat", "bf16 bf16 bf16"),
        ("weights=uint8", "int8 fp32 fp32"),
        ("Float64", "fp64 fp64 fp64"),
        ("tf.float8_e4m3fn", "fp8 fp8 fp8"),
        ("weights=INT4 activations=qint8 biases=long", "int4 int8 int64"),
    ],
)
def test_words(words, types):
    assert Dtypes().over(read(words.split())) == tuple(types.split())
    assert given(words.replace(" ", " , ")) == read(words.split())


@pytest.mark.parametrize(
    ("words", "place", "said"),
    [
        ("int9", 0, "'int9' is no type of numbers: did you mean 'int8'?"),
        ("weights=int8 weight=int8", 1, "'weight' has no type of its own: parts: weights, activations, biases"),
        ("weights=int8 weights=int8", 1, "the type of weights is there twice: say it once"),
        ("int8 int8", 1, "the type of all parts is there twice: say it once"),
        ("biases=int32 int8", 1, "'int8' is for all parts, and stands behind one of them: put it first"),
        ("weights=", 0, f"a type is missing: types: {', '.join(BITS)}"),
        ("", 0, f"a type is missing: types: {', '.join(BITS)}"),
        ("flaot32", 0, "'flaot32' is no type of numbers: did you mean 'float32'?"),
        ("Fp31", 0, "'Fp31' is no type of numbers: did you mean 'fp32'?"),
        ("complex", 0, f"'complex' is no type of numbers: types: {', '.join(BITS)}"),
        (f"{'x' * 50}", 0, f"'{'x' * 40}' is no type of numbers: types: {', '.join(BITS)}"),
        (f"{'x' * 50}=int8", 0, f"'{'x' * 40}' has no type of its own: parts: weights, activations, biases"),
        (
            f"biases=int8 {'x' * 50}.int8",
            1,
            f"'{'x' * 40}' is for all parts, and stands behind one of them: put it first",
        ),
    ],
)
def test_what_is_no_type(words, place, said):
    with pytest.raises(DtypeError) as caught:
        read(words.split(" "))
    assert (str(caught.value), caught.value.word) == (said, place)


def test_names():
    assert str(Dtypes()) == Dtypes().name == "fp32"
    assert (str(Dtypes(biases="int8")), Dtypes(biases="int8").name) == ("fp32, biases int8", "mixed")
    assert str(Dtypes("int4", "int8", "int32")) == "weights int4, activations int8, biases int32"


def test_the_bits_of_a_number():
    assert BITS == {
        "fp64": 64, "fp32": 32, "fp16": 16, "bf16": 16, "fp8": 8, "int64": 64, "int32": 32, "int16": 16, "int8": 8,
        "int4": 4, "int2": 2, "int1": 1,
    }  # fmt: skip
    assert [Dtypes(biases="int4").bytes_of("biases", count) for count in (0, 1, 2, 3)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("types", "together"),
    [("fp32 int8 fp32", True), ("int8 fp32 int8", True), ("int8 int8 int32", False), ("int4 int8 int4", False), ("int32 int8 int4", False)],
)  # fmt: skip
def test_what_is_of_one_type_of_whole_bytes_is_counted_together(types, together):
    assert Dtypes(*types.split()).together is together


@pytest.mark.parametrize("name", BITS)
def test_every_type_takes_its_bits(name):
    assert [Dtypes(weights=name).bytes_of("weights", count) for count in (0, 1, 3, 8)] == [
        -(-count * BITS[name] // 8) for count in (0, 1, 3, 8)
    ]
    network = cnncalc.loads(f"dtype {name}\ninput 3x8x8\nconv 4 3")
    found = Footprint(cnncalc.analyze(network))
    assert found.peak == -(-192 * BITS[name] // 8) + -(-144 * BITS[name] // 8)


def test_what_goes_over_what():
    network = cnncalc.loads("dtype weights=int8 biases=int32\ninput 3x8x8\nconv 4 3")
    assert cnncalc.analyze(network).dtypes == ("int8", "fp32", "int32")
    assert cnncalc.analyze(network, dtype="activations=fp16").dtypes == ("int8", "fp16", "int32")
    assert cnncalc.analyze(network, dtype={"weights": "half"}).dtypes == ("fp16", "fp32", "int32")
    assert cnncalc.analyze(network, dtype="fp64").dtypes == ("fp64",) * 3
    document = cnncalc.analyze(network, dtype="int8,biases=int32", execution="fused").to_dict()
    assert (document["dtype"], document["execution"]) == ("mixed", "fused")
    assert document["dtypes"] == dict(zip(ALL, ("int8", "int8", "int32"), strict=True))


def test_a_file_says_it_once_and_for_itself(tmp_path):
    (tmp_path / "blocks.txt").write_text("dtype int8\nblock b:\n    relu\n")
    network = cnncalc.loads("use blocks.txt\ninput 3x8x8\nb", folder=tmp_path)
    assert cnncalc.analyze(network).dtype == "fp32"
    for text, code in (("dtype int8\ndtype int4\ninput 1\nfc 1", "set-twice"),
                       ("input 1\nrepeat 2:\n    dtype int8\nfc 1", "misplaced"),
                       ("let dtype = 3\ninput 1\nfc dtype", "reserved-word")):  # fmt: skip
        with pytest.raises(cnncalc.SpecError) as caught:
            cnncalc.loads(text)
        assert code in [one.code for one in caught.value.diagnostics]


def test_a_replay_keeps_the_types():
    from cnncalc.network.replay import replay

    network = cnncalc.loads("dtype int8\ninput 3x8x8\nconv 4 3")
    assert replay(network, inputs={"input": (3, 9, 9)}).dtypes == dict.fromkeys(ALL, "int8")
    assert replay(network, arguments={"conv1": {"filters": 2}}).dtypes == network.dtypes


def test_a_diff_tells_other_types():
    old, new = (cnncalc.loads(f"dtype {name}\ninput 3x8x8\nconv 4 3") for name in ("int8", "fp16"))
    found = cnncalc.diff(old, new)
    assert found.equal
    assert [(one.what, one.old, one.new) for one in found.remarks] == [("types", "int8", "fp16")]
    assert "types: int8 → fp16" in str(found)
