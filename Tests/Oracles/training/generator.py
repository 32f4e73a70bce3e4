"""The number generator that this folder and the Swift tests share, so that neither commits a weight file."""

import math

import numpy

MASK = (1 << 64) - 1


def fnv1a64(text):
    """FNV-1a, 64 bits, of the UTF-8 bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def units(name, seed, count):
    """`count` numbers in [0, 1) from SplitMix64, whose state starts at FNV-1a(name) XOR seed."""
    start = numpy.uint64(fnv1a64(name) ^ seed)
    with numpy.errstate(over="ignore"):
        z = start + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    return (z >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-53


def values(name, seed, shape, offset, amplitude):
    """float32(offset + (unit - 0.5) * 2 * amplitude), in storage order: the last index of `shape` runs fastest."""
    flat = offset + (units(name, seed, math.prod(shape)) - 0.5) * 2 * amplitude
    return flat.astype(numpy.float32).reshape(shape)


def tokens(name, seed, count, low, high):
    """`count` token ids in low..<high: low + floor(unit * (high - low))."""
    return [low + int(unit * (high - low)) for unit in units(name, seed, count)]
