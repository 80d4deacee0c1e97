"""Records what Darknet makes of generated .cfg files: python record_sections.py DARKNET  (the program, see record.py)

A line of sections.jsonl is a file, a section each with its options, and Darknet's answer: the output of each section
that it prints, the numbers that it would save of it (``rescale`` writes them), and the operations that ``ops`` counts:
two a product of convolutions, dense and recurrent layers; null where it counts other than it multiplies, with groups.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from record import told

HERE = Path(__file__).resolve().parent
CHANCE = Random(11)
#: What comes before the numbers in a file of weights: its version, and how many pictures were seen.
HEAD = 20
ACTIVATIONS = "logistic relu leaky linear mish swish elu tanh selu gelu relu6 hardtan loggy stair".split()

Options = dict[str, Any]
Section = tuple[str, Options]


def picked(*some: Any) -> Any:
    return CHANCE.choice(some)


def likely(share: float) -> bool:
    return CHANCE.random() < share


def strides() -> Options:
    return picked(
        {}, {"stride": 2}, {"stride": 3}, {"stride_x": 2}, {"stride_y": 2, "stride": 1}, {"stride_x": 1, "stride": 2}
    )


def convolutional(channels: int) -> Section:
    given: Options = {"filters": CHANCE.randint(1, 6), "size": CHANCE.randint(1, 4), **strides()}
    given |= picked({}, {"pad": 1}, {"pad": 1}, {"padding": 1}, {"padding": 2})
    given |= {"batch_normalize": picked(0, 1)} if likely(0.6) else {}
    if likely(0.2):
        given["groups"] = channels
        given["filters"] = channels * CHANCE.randint(1, 2)
    if likely(0.2):
        given |= {"dilation": 2, "pad": 1, "size": 3}
    if likely(0.15):
        given |= {"antialiasing": picked(1, 2)}
    return picked("convolutional", "convolutional", "conv"), given | (
        {"activation": picked(*ACTIVATIONS)} if likely(0.8) else {}
    )


def connected(channels: int) -> Section:
    given: Options = {"output": CHANCE.randint(1, 7)} | ({"batch_normalize": picked(0, 1)} if likely(0.6) else {})
    return picked("connected", "conn"), given | (
        {"activation": picked("relu", "linear", "logistic")} if likely(0.6) else {}
    )


def local(channels: int) -> Section:
    return "local", {"filters": CHANCE.randint(1, 3), "size": picked(1, 2, 3), "stride": picked(1, 2), "pad": picked(0, 1),
                     "activation": picked("leaky", "linear")}  # fmt: skip


def recurrent(channels: int) -> Section:
    kind = picked("rnn", "gru", "lstm", "crnn")
    given: Options = {"output": CHANCE.randint(2, 6), "batch_normalize": picked(0, 1)}
    if kind in ("rnn", "crnn"):
        given["hidden"] = CHANCE.randint(2, 6)
    if kind == "crnn":
        given |= picked({"size": 3, "pad": 1}, {"size": 1})
    return kind, given


def pools(channels: int) -> Section:
    kind = picked("maxpool", "max", "local_avgpool", "local_avg")
    given: Options = {"size": CHANCE.randint(1, 3), **strides()} if likely(0.8) else {"stride": 2}
    if likely(0.3):
        given["padding"] = CHANCE.randint(0, 2)
    if kind == "maxpool" and likely(0.15):
        given |= {"antialiasing": 1}
    if kind == "maxpool" and likely(0.15):
        given = {"maxpool_depth": 1, "out_channels": 1, "stride": 1, "size": 1}
    return kind, given


def others(channels: int) -> Section:
    return picked(
        ("avgpool", {}), ("avg", {}), ("dropout", {"probability": 0.5}), ("batchnorm", {}),
        ("activation", {"activation": picked(*ACTIVATIONS)}), ("upsample", {"stride": picked(2, 3)}), ("upsample", {}),
        ("reorg3d", {"stride": 2}), ("normalization", {}), ("lrn", {"size": 3}), ("cost", {}), ("empty", {}),
        ("implicit", {"filters": CHANCE.randint(1, 9)}), ("implicit", {"filters": 3, "atoms": 2}),
    )  # fmt: skip


def joins(number: int) -> Section:
    one = picked(-CHANCE.randint(1, number), CHANCE.randrange(number))
    other = picked(-CHANCE.randint(1, number), CHANCE.randrange(number))
    kind = picked("route", "route", "shortcut", "shortcut", "scale_channels", "sam")
    if kind == "route":
        return kind, {"layers": picked(f"{one}", f"{one},{other}", f"{one}, {other}, {one}")} | picked(
            {}, {"groups": 2, "group_id": picked(0, 1)}, {"groups": 2}
        )
    if kind == "shortcut":
        more = picked({}, {}, {"weights_type": "per_feature"}, {"weights_type": "per_channel"})
        several = picked(f"{one}", f"{one},{other}") if more else f"{one}"
        return kind, {"from": several, "activation": picked("linear", "leaky"), **more}
    return kind, {"from": f"{one}"} | picked({}, {"activation": "linear"}, {"scale_wh": 1} if kind != "sam" else {})


def net() -> list[Section]:
    sizes = {"width": CHANCE.randint(8, 15), "height": CHANCE.randint(8, 15), "channels": picked(2, 3, 4)}
    made: list[Section] = [(picked("net", "network"), sizes if likely(0.9) else {"inputs": CHANCE.randint(8, 40)})]
    channels = sizes["channels"]
    for number in range(CHANCE.randint(1, 5)):
        if number and likely(0.35):
            made.append(joins(number))
            continue
        make = CHANCE.choice(
            (convolutional, convolutional, convolutional, pools, pools, connected, local, recurrent, others, others)
        )
        made.append(make(channels))
        channels = made[-1][1].get("filters", channels)
    if likely(0.2):  # to Darknet nothing behind one has a size
        made.append((picked("softmax", "soft"), {}))
    return made


def written(sections: list[Section]) -> str:
    return "".join(
        f"[{kind}]\n" + "".join(f"{key}={value}\n" for key, value in given.items()) for kind, given in sections
    )


def answer(darknet: str, sections: list[Section], folder: Path) -> list[Any] | None:
    path, weights = folder / "net.cfg", folder / "weights"
    path.write_text(written(sections))
    weights.unlink(missing_ok=True)
    made = told(darknet, path)
    if made is None or any(0 in shape for shape in made["shapes"].values()):
        return None
    blurred = any(given.get("antialiasing") for _, given in sections)
    if blurred and any(kind in ("route", "shortcut", "scale_channels", "sam") for kind, _ in sections):
        return None  # they take the sizes before the blur, and the values behind it
    saved = subprocess.run(
        [darknet, "rescale", str(path), "/dev/null", str(weights)], capture_output=True, check=False, timeout=60
    )
    counted = subprocess.run([darknet, "ops", str(path)], capture_output=True, check=False, timeout=60)
    ops = re.search(r"Operations: (\d+)\n", counted.stdout.decode())
    if saved.returncode or ops is None or not weights.exists():
        return None
    odd = any(given.get("groups", 1) > 1 or given.get("antialiasing") for kind, given in sections if kind != "route")
    return [sections, made["shapes"], (weights.stat().st_size - HEAD) // 4, None if odd else int(ops[1])]


def main() -> None:
    darknet, lines, refused = sys.argv[1], [], 0
    with tempfile.TemporaryDirectory() as folder:
        while len(lines) < 400:
            found = answer(darknet, net(), Path(folder))
            refused += found is None
            if found is not None:
                lines.append(json.dumps(found, separators=(",", ":")))
    (HERE / "sections.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), "recorded,", refused, "that Darknet does not take")


if __name__ == "__main__":
    main()
