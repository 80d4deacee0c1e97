"""Networks that run something in training only. Each class takes 3x32x32 and is run by PyTorch and read by cnncalc."""

import torch
import torch.nn.functional as F
from torch import nn


class DropPath(nn.Module):
    def __init__(self, p=0.2):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.p == 0.0 or not self.training:
            return x
        keep = 1 - self.p
        mask = torch.rand((x.shape[0],) + (1,) * (x.ndim - 1)).add(keep).floor()
        return x.div(keep) * mask


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.drop = DropPath()

    def forward(self, x):
        return x + self.drop(F.relu(self.bn(self.conv(x))))


class Aux(nn.Module):
    def __init__(self, width, classes=10):
        super().__init__()
        self.conv = nn.Conv2d(width, 16, 1)
        self.fc = nn.Linear(16 * 16, classes)

    def forward(self, x):
        x = F.adaptive_avg_pool2d(x, 4)
        x = F.relu(self.conv(x))
        return self.fc(F.dropout(torch.flatten(x, 1), 0.7, training=self.training))


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.one, self.two = Block(8), Block(8)
        self.fc = nn.Linear(8, 10)

    def features(self, x):
        one = self.one(self.stem(x))
        return one, self.two(one)

    def classify(self, x):
        return self.fc(x.mean((2, 3)))


class Returned(Base):
    """A classifier besides, behind blocks that drop whole paths."""

    def __init__(self):
        super().__init__()
        self.aux = Aux(8)

    def forward(self, x):
        one, two = self.features(x)
        if self.training:
            return self.classify(two), self.aux(one)
        return self.classify(two)


class Named(Base):
    """A dictionary that has more in training, and a flag of its own."""

    def __init__(self, aux=True):
        super().__init__()
        self.use_aux = aux
        self.heads = nn.ModuleDict({"low": Aux(8, 5), "high": Aux(8, 7)})

    def forward(self, x):
        one, two = self.features(x)
        found = {"out": self.classify(two)}
        if self.training and self.use_aux:
            found["low"] = self.heads["low"](one)
            found["high"] = self.heads["high"](two)
        return found


class OneLayer(Base):
    """A head that is a layer, of the features that evaluation gives."""

    def __init__(self):
        super().__init__()
        self.classifier = nn.Linear(8, 4)

    def forward(self, x):
        found = self.features(x)[1].mean((2, 3))
        if not self.training:
            return found
        return found, self.classifier(found)


class Shared(Base):
    """One head on every map in training, on the last else."""

    def __init__(self):
        super().__init__()
        self.head = nn.Sequential(nn.Conv2d(8, 4, 1), nn.ReLU(), nn.Conv2d(4, 2, 1))

    def forward(self, x):
        one, two = self.features(x)
        if self.training:
            return [self.head(one), self.head(two)]
        return self.head(two)


class Kept(Base):
    """What training runs is kept, and not given."""

    def __init__(self):
        super().__init__()
        self.guess = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        one, two = self.features(x)
        if self.training:
            self.guessed = self.guess(one)
        return self.classify(two)


class Inside(nn.Module):
    """A head in a part of the network, and a module that nothing runs."""

    class Backbone(Base):
        def __init__(self):
            super().__init__()
            self.side = Aux(8, 3)
            self.side_bn = nn.BatchNorm1d(3)

        def forward(self, x):
            one, two = self.features(x)
            aux = self.side_bn(self.side(one)) if self.training else None
            return self.classify(two), aux

    def __init__(self):
        super().__init__()
        self.backbone = self.Backbone()
        self.never = nn.Linear(5, 5)

    def forward(self, x):
        out, aux = self.backbone(x)
        if aux is not None:
            return out, aux
        return out


class Added(Base):
    """A branch that training adds in the middle."""

    def __init__(self):
        super().__init__()
        self.extra = nn.Conv2d(8, 8, 1)

    def forward(self, x):
        one, two = self.features(x)
        if self.training:
            two = two + self.extra(one)
        return self.classify(two)


class Resized(Base):
    """A map of the middle, resized for the loss: a head without a layer that learns."""

    def forward(self, x):
        one, two = self.features(x)
        if self.training:
            return self.classify(two), F.interpolate(one, scale_factor=2.0)
        return self.classify(two)


class Noise(Base):
    """Noise in training: nothing is run besides."""

    def forward(self, x):
        if self.training:
            x = x + torch.randn_like(x) * 0.1
        return self.classify(self.features(x)[1])


class Softened(Base):
    """Logits in training, probabilities else."""

    def forward(self, x):
        x = self.classify(self.features(x)[1])
        return x if self.training else F.softmax(x, 1)


class InPlace(Base):
    """The input is written over, and read by the head as it is then."""

    def __init__(self):
        super().__init__()
        self.aux = nn.Conv2d(3, 2, 1)

    def forward(self, x):
        F.relu_(x)
        _, two = self.features(x)
        if self.training:
            return self.classify(two), self.aux(x)
        return self.classify(two)
