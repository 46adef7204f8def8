"""Seeded chance: named random streams, and hashes that give a place its own fixed numbers.

Each use draws from a stream of its own name and index, so that adding a use, or a wearer, leaves
the others' numbers as they were, and nothing depends on Python's hash seed.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

F64 = NDArray[np.float64]
U64 = NDArray[np.uint64]


def stream(seed: int, purpose: str, *index: int) -> np.random.Generator:
    """The random stream of one purpose (and wearer, device, …) in the world of `seed`."""
    entropy = [seed, zlib.crc32(purpose.encode()), *index]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def _mixed(state: U64) -> U64:
    """One round of splitmix64 (Steele, Lea, Flood 2014): 64 well-mixed bits of each number."""
    z = state + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


def fixed_uniform(seed: int, purpose: str, *keys: ArrayLike) -> F64:
    """Numbers in [0, 1) that belong to `keys` for ever: a place's error, a street's bias."""
    with np.errstate(over="ignore"):
        state = _mixed(np.array([seed & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64))
        state = _mixed(state ^ np.uint64(zlib.crc32(purpose.encode())))
        for key in keys:
            state = _mixed(state ^ np.asarray(key, dtype=np.int64).astype(np.uint64))
    return np.asarray((state >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def fixed_normal(seed: int, purpose: str, *keys: ArrayLike) -> F64:
    """Standard normal numbers that belong to `keys` for ever (Box and Muller)."""
    u = 1.0 - fixed_uniform(seed, purpose + "/radius", *keys)
    v = fixed_uniform(seed, purpose + "/angle", *keys)
    return np.asarray(np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v))


def lognormal(rng: np.random.Generator, median: float, spread: float) -> float:
    """One log-normal number with this median and this standard deviation of its logarithm."""
    return float(median * np.exp(spread * rng.standard_normal()))
