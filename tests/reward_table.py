"""The table of rewards, defined in plain Python: the program that COMPATIBILITY.md describes.

Nothing is shared with the package. Numbers are whole, or doubles in the order of operations written here.
"""

from __future__ import annotations

import math
import struct
from functools import cache
from itertools import accumulate

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
BLOCK, FAN = 6, 5
"""Logarithms of the entries in a block of normals and uniforms, and of the children of a node of normals."""
COINS = 64
"""Entries in a block of coins."""
FREE, LONG = 2**16, 2**12
"""Uniform entries without sums, and the entries in a block of the others."""
DIGITS, LOWEST = 16, 2**15
"""Binary digits of uniform entries that have sums, and value of the lowest of them."""
LAYERS, TAIL = 1024, 4.038849846109505
LEADER, FOLLOWER = 0, 1


def chacha12(key):
    """The first 64 bytes of the keystream."""
    words = [key[i : i + 4] for i in range(0, 32, 4)]
    start = [int.from_bytes(w, "little") for w in (b"expa", b"nd 3", b"2-by", b"te k", *words)] + [0] * 4
    x = list(start)
    columns = [(i, i + 4, i + 8, i + 12) for i in range(4)]
    diagonals = [(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4) for i in range(4)]
    for a, b, c, d in (columns + diagonals) * 6:
        for p, q, r, k in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[p] = (x[p] + x[q]) % 2**32
            x[r] ^= x[p]
            x[r] = (x[r] << k | x[r] >> (32 - k)) % 2**32
    return b"".join(((u + v) % 2**32).to_bytes(4, "little") for u, v in zip(x, start, strict=True))


def mix(z):
    """The output function of SplitMix64."""
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


class Words:
    """A SplitMix64 generator."""

    def __init__(self, state, increment):
        self.state, self.increment = state, increment

    def __next__(self):
        self.state = (self.state + self.increment) & MASK
        return mix(self.state)

    def unit(self):
        return (next(self) >> 11) * 2.0**-53


@cache
def table(seed, replication, player):
    """The key of a player's table."""
    block = chacha12(
        seed.to_bytes(8, "little") + replication.to_bytes(8, "little") + bytes([player]) + bytes(15)
    )
    return int.from_bytes(block[:8], "little"), int.from_bytes(block[8:16], "little")


def tape(key, number):
    """The key of a tape."""
    first = mix((key[0] + number * GOLDEN) & MASK)
    return first, mix(key[1] ^ first)


def node(key, level, place):
    """The words of a block, level 0, or of a node, one level above that of its children."""
    state = mix((key[0] + (place << 6 | level) * GOLDEN) & MASK)
    return Words(state, mix(key[1] ^ state) | 1)


LN2 = (6.93147180369123816490e-01, 1.90821492927058770002e-10)
"""The logarithm of 2, and what it lacks."""
FOR_EXP = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
FOR_LN = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)


def polynomial(x, coefficients):
    value = 0.0
    for coefficient in reversed(coefficients):
        value = coefficient + x * value
    return value


def high(x):
    """The upper 32 bits of a double."""
    return struct.unpack("<Q", struct.pack("<d", x))[0] >> 32


def exp(x):
    """The exponential function of FreeBSD's libm, for -700 < x <= 0."""
    size, k, lo = high(-x), 0, 0.0
    if size <= 0x3E300000:
        return 1.0 + x
    hi = x
    if size > 0x3FD62E42:
        k = int(1.44269504088896338700 * x - 0.5) if size >= 0x3FF0A2B2 else -1
        hi, lo = x - k * LN2[0], k * LN2[1]
        x = hi - lo
    square = x * x
    c = x - square * polynomial(square, FOR_EXP)
    return math.ldexp(1.0 + (x * c / (2.0 - c) - lo + hi), k)


FOR_EXPM1 = (
    -3.33333333333331316428e-02,
    1.58730158725481460165e-03,
    -7.93650757867487942473e-05,
    4.00821782732936239552e-06,
    -2.01099218183624371326e-07,
)


def expm1(x):
    """The exponential function minus 1 of FreeBSD's libm, for 0 <= x < 700."""
    k, correction = 0, 0.0
    if high(x) < 0x3C900000:
        return x
    if high(x) > 0x3FD62E42:
        k = int(1.44269504088896338700 * x + 0.5) if high(x) >= 0x3FF0A2B2 else 1
        hi, lo = x - k * LN2[0], k * LN2[1]
        x = hi - lo
        correction = (hi - x) - lo
    half = 0.5 * x
    square = x * half
    r = 1.0 + square * polynomial(square, FOR_EXPM1)
    t = 3.0 - r * half
    e = square * ((r - t) / (6.0 - x * t))
    if k == 0:
        return x - (x * e - square)
    e = x * (e - correction) - correction - square
    if k == 1:
        return -2.0 * (e - (x + 0.5)) if x < -0.25 else 1.0 + 2.0 * (x - e)
    small = math.ldexp(1.0, -k)
    if k > 56:
        return math.ldexp(x - e + 1.0, k) - 1.0
    return math.ldexp(x - e + (1.0 - small) if k < 20 else x - (e + small) + 1.0, k)


def ln(x):
    """The natural logarithm of FreeBSD's libm, for normal x > 0."""
    if x == 1.0:
        return 0.0
    word = high(x) + (0x3FF00000 - 0x3FE6A09E)
    k = (word >> 20) - 0x3FF
    f = math.ldexp(x, -k) - 1.0
    half, s = 0.5 * f * f, f / (2.0 + f)
    z = s * s
    w = z * z
    r = z * polynomial(w, FOR_LN[::2]) + w * polynomial(w, FOR_LN[1::2])
    return s * (half + r) + k * LN2[1] - half + f + k * LN2[0]


def bell(x):
    return exp(-0.5 * x * x)


@cache
def edges():
    """Right edges of the layers of the ziggurat; layer 0 is the base strip with the tail."""
    fraction = 0.0
    for k in range(199, 0, -1):
        fraction = k / (TAIL + fraction)
    area = TAIL * bell(TAIL) + bell(TAIL) / (TAIL + fraction)
    found = [area / bell(TAIL), TAIL]
    while len(found) < LAYERS:
        found.append(math.sqrt(-2.0 * ln(area / found[-1] + bell(found[-1]))))
    return [*found, 0.0]


def normal(word):
    """The standard normal number of a word."""
    edge, more = edges(), Words(word, GOLDEN)
    while True:
        layer = word % LAYERS
        x = ((word >> 12) * 2.0**-52 - 0.5) * (2.0 * edge[layer])
        outer, inner = edge[layer], edge[layer + 1]
        if abs(x) < inner:
            return x
        if layer == 0:
            while True:
                beyond = -ln(1.0 - more.unit()) / TAIL
                if -2.0 * ln(1.0 - more.unit()) > beyond * beyond:
                    return math.copysign(TAIL + beyond, x)
        height = more.unit()
        if bell(outer) + height * (bell(inner) - bell(outer)) < bell(x):
            return x
        word = next(more)


def normals(words, count, length):
    """Normal whole numbers, each the sum of `length` entries."""
    deviation = 2.0**30 * math.sqrt(length)
    return [round(normal(next(words)) * deviation) for _ in range(count)]


def shared(parts, total):
    """Sums of the first 0, 1, ... parts, all moved by equal shares so that they sum to `total`."""
    missing = total - sum(parts)
    return [plain + missing * i // len(parts) for i, plain in enumerate(accumulate(parts, initial=0))]


@cache
def children(key, level, place):
    """Sum of all entries before a node, and sums of its first 0, 1, ... children."""
    parts = normals(node(key, level + 1, place), 2**FAN, 2 ** (BLOCK + FAN * level))
    if place > 0:
        before, given = children(key, level + 1, place >> FAN)
        i = place % 2**FAN
        return before + given[i], shared(parts, given[i + 1] - given[i])
    if level > 0:
        parts[0] = children(key, level - 1, 0)[1][-1]
    else:
        parts[0] = sum(normals(node(key, 0, 0), 2**BLOCK, 1))
    return 0, shared(parts, sum(parts))


def sum_of_normals(key, n):
    """Sum of the first n entries of a tape of normals, in units of sigma / 2^30. For n below 2^56."""
    number, i = n >> BLOCK, n % 2**BLOCK
    entries = normals(node(key, 0, number), 2**BLOCK, 1)
    if number == 0:
        return sum(entries[:i])
    before, given = children(key, 0, number >> FAN)
    child = number % 2**FAN
    return before + given[child] + shared(entries, given[child + 1] - given[child])[i]


@cache
def first_uniforms(key, count):
    """The first entries of a tape of uniforms, up to FREE, in units of half_width / 2^31."""
    blocks = (node(key, 0, number) for number in range((count + 63) >> BLOCK))
    words = (next(words) for words in blocks for _ in range(2**BLOCK))
    return [2 * (word >> 33) + 1 - 2**31 for word, _ in zip(words, range(count), strict=False)]


def student(key, df, n):
    """Entry n of a tape of numbers of Student's t law."""
    words = node(key, 0, n)
    while True:
        x, y = (((next(words) >> 12) + 0.5) * 2.0**-51 - 1.0 for _ in range(2))
        square = x * x + y * y
        if square < 1.0:
            return x * math.sqrt(df * expm1(-2.0 / df * ln(square)) / square)


def upper(x):
    """The exponent e of 2^(e - 1) <= |x| < 2^e."""
    return math.frexp(x)[1]


def float_of(whole):
    """A whole number as a double: its bits above the 63rd, and the others."""
    size = abs(whole)
    return math.copysign(float(size >> 63) * 2.0**63 + float(size & (2**63 - 1)), whole)


def reward_of_cells(means, units, cell, entry):
    """Reward of one of the cells of an action, where their noise has several units: `entry` of them."""
    means, units, found = list(map(float, means)), list(map(float, units)), []
    for _ in range(2):
        sizes = [(x, bits) for row, bits in ((means, 72), (units, 54)) if (x := max(map(abs, row)))]
        if not sizes:
            found.append((0, 0.0))
            continue
        unit = math.ldexp(1.0, max(-1074, *(upper(x) - bits for x, bits in sizes)))
        wholes = [[int(x / unit) for x in row] for row in (means, units)]
        means, units = (
            [x - float(n) * unit for x, n in zip(row, ns, strict=True)]
            for row, ns in zip((means, units), wholes, strict=True)
        )
        found.append((wholes[0][cell] + entry * wholes[1][cell], unit))
    (coarse, u), (fine, v) = found
    reward = float_of(coarse) * u
    if fine:
        reward += float(coarse - int(float_of(coarse))) * u + float_of(fine) * v
    return reward + (means[cell] + entry * units[cell])


def near(mean, variance, skew, excess, words):
    """A whole number with these cumulants: the third and fourth in units of the standard deviation."""
    z = normal(next(words))
    square, cube = z * z, z * z * z
    moved = (
        z
        + skew / 6.0 * (square - 1.0)
        + excess / 24.0 * (cube - 3.0 * z)
        - skew * skew / 36.0 * (2.0 * cube - 5.0 * z)
    )
    return round(mean + math.sqrt(variance - 1.0 / 12.0) * moved)


def in_first_half(half, ones, words):
    """How many of the ones among `2 half` coins are in the first half."""
    n, k = 2.0 * half, float(ones)
    product = k * (n - k)
    variance = product / (4.0 * (n - 1.0))
    if variance < 500.0:
        return by_weights(half, ones, words)
    found = near(0.5 * k, variance, 0.0, 6.0 / n - 2.0 * n / product, words)
    return min(max(found, ones - half, 0), half, ones)


def by_weights(half, ones, words):
    """The same, by the weights of all numbers from the middle on."""
    h, k, middle = float(half), float(ones), (ones + 1) // 2
    first, x, weight, weights = 0.5 if 2 * middle == ones else 1.0, float(middle), 1.0, []
    while weight > 1e-18:
        weights.append(weight)
        weight *= (k - x) * (h - x) / ((x + 1.0) * (h - k + x + 1.0))
        x += 1.0
    total = 0.0
    for weight in weights:
        total += weight
    word = next(words)
    left, above, most = (word >> 11) * 2.0**-53 * (total - (1.0 - first)), middle, first
    for weight in weights:
        if left < min(weight, most):
            break
        left, above, most = left - min(weight, most), above + 1, 1.0
    above = min(above, ones, half)
    return above if word & 1 else ones - above


def with_as_many(coins, ones, words):
    """Coins of which some are turned over at random, until there are as many ones."""
    while sum(coins) != ones:
        place = next(words) % len(coins)
        if coins[place] == (sum(coins) > ones):
            coins[place] = 1 - coins[place]
    return coins


def digit_block(key, number, totals):
    """A block of a tape of digits: its coins by digit, and its entries."""
    words, digits = node(key, 0, number), []
    for d in range(DIGITS):
        drawn = [next(words) for _ in range(LONG // 64)]
        coins = [word >> k & 1 for word in drawn for k in range(64)]
        digits.append(with_as_many(coins, totals[d], words) if totals else coins)
    entries = []
    for i in range(0, LONG, 2):
        lower = next(words) >> (33 + DIGITS)
        for coin, rest in ((i, lower), (i + 1, LOWEST - 1 - lower)):
            upper = sum(digits[d][coin] << d for d in range(DIGITS))
            entries.append(2 * (LOWEST * upper + rest) + 1 - 2**31)
    return digits, entries


@cache
def digit_halves(key, level, place):
    """Ones of each digit before a node, in its first half, and in all of it."""
    words, half = node(key, level + 1, place), LONG << level
    if place == 0:
        if level > 0:
            first = digit_halves(key, level - 1, 0)[2]
        else:
            first = [sum(coins) for coins in digit_block(key, 0, None)[0]]
        second = [near(0.5 * half, 0.25 * half, 0.0, -2.0 / half, words) for _ in range(DIGITS)]
        return [0] * DIGITS, first, [a + b for a, b in zip(first, second, strict=True)]
    before, total = digit_half(key, level + 1, place)
    return before, [in_first_half(half, ones, words) for ones in total], total


def digit_half(key, level, child):
    """Ones of each digit before a half of a node, and in it."""
    before, first, total = digit_halves(key, level, child >> 1)
    if child % 2 == 0:
        return before, first
    rest = [all_ - a for all_, a in zip(total, first, strict=True)]
    return [a + b for a, b in zip(before, first, strict=True)], rest


def sum_of_uniforms(key, n):
    """Sum of the first n entries of a tape of uniforms, in units of half_width / 2^31."""
    if n <= FREE:
        return sum(first_uniforms(key, n))
    beyond, (number, i) = tape(key, 1), divmod(n - FREE, LONG)
    before, totals = digit_half(beyond, 0, number) if number else ([0] * DIGITS, None)
    whole = sum((2 * ones - LONG * number) << d for d, ones in enumerate(before)) * LOWEST
    return sum(first_uniforms(key, FREE)) + whole + sum(digit_block(beyond, number, totals)[1][:i])


def first_coins(key, probability):
    """The first block of a tape of coins."""
    words = node(key, 0, 0)
    return [int((next(words) >> 11) < probability * 2.0**53) for _ in range(COINS)]


def coins(key, number, ones):
    """Another block of a tape of coins, of which `ones` are ones."""
    words, sixteenths = node(key, 0, number), (ones + 2) >> 2
    word = MASK if sixteenths == 16 else 0
    last_zeros = (sixteenths & -sixteenths).bit_length() - 1 if sixteenths else 4
    for digit in range(last_zeros, 4):
        word = word | next(words) if sixteenths >> digit & 1 else word & next(words)
    return with_as_many([word >> k & 1 for k in range(COINS)], ones, words)


def first_half(key, level, place, ones):
    """How many ones of a node of a tape of coins are in its first half; not for the first node of a level."""
    return in_first_half(COINS << level, ones, node(key, level + 1, place))
