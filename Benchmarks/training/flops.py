"""How many floating-point operations a training step needs: a multiplication and an addition count as two."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True)
class Shape:
    """A transformer's sizes."""
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    inner: int
    vocabulary: int

    @property
    def linears(self) -> list[tuple[int, int]]:
        """Outputs and inputs of a layer's linear maps."""
        query, key = self.heads * self.head_size, self.kv_heads * self.head_size
        return [(query, self.width), (key, self.width), (key, self.width), (self.width, query),
                (self.inner, self.width), (self.inner, self.width), (self.width, self.inner)]


@dataclass(frozen=True)
class Work:
    """Operations by what they are for."""
    linears: float
    adapters: float
    attention: float
    head: float

    @property
    def total(self) -> float:
        return sum(getattr(self, field.name) for field in fields(self))

    def shares(self) -> dict[str, float]:
        return {name: value / self.total for name, value in asdict(self).items()}


def step(shape: Shape, prompt: int, answers: list[int], rank: int) -> Work:
    """A step on one prompt with answers behind it, the prompt computed once.

    The linear maps' weights are frozen: the way back multiplies by them once, as the way there does. The adapters' own
    gradients are a third product. The head is computed at the answers' tokens alone. What is computed twice, such as
    attention's scores on the way back, counts once; what the first layer could save is counted.
    """
    tokens = prompt + sum(answers)
    seen = prompt * (prompt + 1) / 2 + sum(answer * prompt + answer * (answer + 1) / 2 for answer in answers)
    weights = sum(outputs * inputs for outputs, inputs in shape.linears)
    factors = sum(rank * (outputs + inputs) for outputs, inputs in shape.linears)
    return Work(
        linears=2 * 2 * weights * shape.layers * tokens,
        adapters=3 * 2 * factors * shape.layers * tokens,
        # Two products there, four back.
        attention=6 * 2 * seen * shape.heads * shape.head_size * shape.layers,
        head=2 * 2 * shape.width * shape.vocabulary * sum(answers))
