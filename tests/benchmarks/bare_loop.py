"""The floor to measure against: parse, propagate and print a flat chain. Use: bare_loop.py FILE"""

import sys


def main(path):
    rows = []
    channels = height = width = 0
    for number, line in enumerate(open(path), 1):
        words = line.split()
        kind, params = words[0], 0
        if kind == "input":
            channels, height, width = map(int, words[1].split("x"))
            continue
        if kind == "conv":
            filters, size, stride, pad = int(words[1]), int(words[2]), 1, 0
            for word in words[3:]:
                key, value = word.split("=")
                if key == "pad":
                    pad = int(value)
                elif key == "stride":
                    stride = int(value)
            params = filters * (channels * size * size + 1)
            channels = filters
            height = (height - size + 2 * pad) // stride + 1
            width = (width - size + 2 * pad) // stride + 1
        elif kind == "bn":
            params = 2 * channels
        rows.append((number, kind, channels, height, width, params))
    write = sys.stdout.write
    for row in rows:
        write("%7d %-10s %5dx%dx%d %12d\n" % row)


main(sys.argv[1])
