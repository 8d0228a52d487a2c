//! A tape whose sums are as cheap as its entries: an endless row of whole numbers, defined from the top down.
//!
//! The row is cut into blocks, and these are the leaves of a tree: a node of level 0 has `2^FAN` blocks for
//! children, a node of level j has `2^FAN` nodes of level j - 1. The sum of a node is split among its children by the
//! law of independent entries given their sum, with random words that belong to the node. So the
//! sum of the first n entries costs one node a level, for whatever n, and it does not depend on what has been read
//! before.
//!
//! The first node of each level has no sum given. Its first child is the first node of the level below, its others are
//! drawn freely. So nothing ends, and nothing depends on a horizon.

use std::ops::{Add, Sub};

use super::bar::{Bar, Search};
use super::key::Key;
use crate::math::count;
use crate::rng::SplitMix64;

/// A sum of entries, by parts that are split one by one.
pub(super) trait Parts: Copy + Default + Add<Output = Self> + Sub<Output = Self> {}

impl<T: Copy + Default + Add<Output = Self> + Sub<Output = Self>> Parts for T {}

/// The law of the entries of a tape.
pub(super) trait Entries: Copy {
    /// The sum of the entries of whole blocks.
    type Sum: Parts;
    /// The entries of a block, summed up from its start.
    type Block: Block<Self::Sum>;
    /// Logarithms to base 2 of the number of entries in a block, and of the number of children of a node.
    const BLOCK: u32;
    const FAN: u32;
    /// Number of levels; 0 if sums of many entries have no law that could be split.
    const LEVELS: usize;

    /// Writes a block whose entries sum to `total`, or those of its words.
    fn block(&self, words: SplitMix64, total: Option<Self::Sum>, block: &mut Self::Block);

    /// The sum of `n` entries.
    fn value(sum: Self::Sum, n: u64) -> i64;

    /// Writes sums of the first 0, 1, ... children, each of `2^length` entries, and all of which sum to `total`.
    fn split(&self, _words: SplitMix64, _length: u32, _total: Self::Sum, _sums: &mut [Self::Sum]) {}

    /// Writes the same where nothing is given, but that the first child sums to `first` if there is one.
    fn grow(
        &self,
        _words: SplitMix64,
        _length: u32,
        _first: Option<Self::Sum>,
        _sums: &mut [Self::Sum],
    ) {
    }
}

/// Sums of the entries of a block.
pub(super) trait Block<S>: Clone + Default {
    /// Sum of all entries.
    fn total(&self) -> S;

    /// Sum of the first `n` entries of the block.
    fn sum(&self, n: usize) -> i64;

    /// The entry at a place of the block.
    #[inline]
    fn entry(&self, place: usize) -> i64 {
        self.sum(place + 1) - self.sum(place)
    }

    /// First place in `from + 1..=to` at which the sum from the start of the block lies below the line
    /// `height + slope * place`.
    fn below(&self, from: usize, to: usize, height: f64, slope: f64) -> Option<usize>;
}

/// The children of a node that was read last.
#[derive(Clone)]
struct Node<S> {
    place: u64,
    /// Sum of all entries before the node.
    before: S,
    /// Sums of the first 0, 1, ... children.
    sums: Vec<S>,
}

/// A tape with sums.
#[derive(Clone)]
pub(super) struct Tree<E: Entries> {
    entries: E,
    key: Key,
    /// Sum of the first node of each level, as far as known; block 0 comes first. Without levels: sum of the
    /// first 0, 1, ... blocks.
    spine: Vec<E::Sum>,
    levels: Vec<Node<E::Sum>>,
    /// The block that was read last, its number, and the sum of all entries before it.
    block: E::Block,
    number: u64,
    before: i64,
}

/// The number of a block, or the place of a node, that there is not.
const NOWHERE: u64 = u64::MAX;

/// The lowest bits of a number, as an index.
#[inline]
#[allow(clippy::cast_possible_truncation)] // few bits
fn low_bits(n: u64, bits: u32) -> usize {
    (n & ((1 << bits) - 1)) as usize
}

#[allow(clippy::cast_possible_truncation)] // levels, and places within a node or a block, are few
impl<E: Entries> Tree<E> {
    pub(super) fn new(entries: E, key: Key) -> Self {
        Self {
            entries,
            key,
            spine: Vec::new(),
            levels: Vec::new(),
            block: E::Block::default(),
            number: NOWHERE,
            before: 0,
        }
    }

    /// Logarithm of the number of entries of a child at a level.
    #[inline]
    fn length(level: usize) -> u32 {
        E::BLOCK + E::FAN * level as u32
    }

    /// Sum of the first `n` entries.
    #[inline]
    pub(super) fn sum(&mut self, n: u64) -> i64 {
        let (number, place) = (n >> E::BLOCK, low_bits(n, E::BLOCK));
        if number == self.number {
            return self.before + self.block.sum(place);
        }
        if n == 0 {
            return 0;
        }
        if place > 0 {
            self.turn_to(number);
            return self.before + self.block.sum(place);
        }
        if number == self.number.wrapping_add(1) {
            return self.before + self.block.sum(1 << E::BLOCK);
        }
        if E::LEVELS == 0 {
            self.turn_to(number);
            return self.before;
        }
        E::value(self.sum_of_blocks(number), n)
    }

    /// The entry at a place.
    #[inline]
    pub(super) fn entry(&mut self, place: u64) -> i64 {
        let number = place >> E::BLOCK;
        if number != self.number {
            self.turn_to(number);
        }
        self.block.entry(low_bits(place, E::BLOCK))
    }

    /// Sum of the entries of the first `number` blocks, at least one.
    fn sum_of_blocks(&mut self, number: u64) -> E::Sum {
        let level = ((number.trailing_zeros() / E::FAN) as usize).min(E::LEVELS - 1);
        let child = number >> (E::FAN * level as u32);
        self.children(level, child)
    }

    /// Sum of all entries before a child of a node of a level.
    #[inline]
    fn children(&mut self, level: usize, child: u64) -> E::Sum {
        let node = self.node(level, child >> E::FAN);
        node.before + node.sums[low_bits(child, E::FAN)]
    }

    /// A node of a level.
    #[inline]
    fn node(&mut self, level: usize, place: u64) -> &Node<E::Sum> {
        if self
            .levels
            .get(level)
            .is_none_or(|node| node.place != place)
        {
            self.make(level, place);
        }
        &self.levels[level]
    }

    #[inline(never)]
    fn make(&mut self, level: usize, place: u64) {
        while self.levels.len() <= level {
            let sums = vec![E::Sum::default(); (1 << E::FAN) + 1];
            self.levels.push(Node {
                place: NOWHERE,
                before: E::Sum::default(),
                sums,
            });
        }
        let words = self.key.node(level + 1, place);
        let length = Self::length(level);
        if place == 0 {
            let first = self.first(level);
            let node = &mut self.levels[level];
            (node.place, node.before) = (0, E::Sum::default());
            self.entries
                .grow(words, length, Some(first), &mut node.sums);
            return;
        }
        let parent = self.node(level + 1, place >> E::FAN);
        let i = low_bits(place, E::FAN);
        let before = parent.before + parent.sums[i];
        let total = parent.sums[i + 1] - parent.sums[i];
        let node = &mut self.levels[level];
        (node.place, node.before) = (place, before);
        self.entries.split(words, length, total, &mut node.sums);
    }

    /// Sum of the first child of the first node of a level.
    fn first(&mut self, level: usize) -> E::Sum {
        if self.spine.is_empty() {
            if self.number != 0 {
                self.turn_to(0);
            }
            self.spine.push(self.block.total());
        }
        let mut sums = vec![E::Sum::default(); (1 << E::FAN) + 1];
        while self.spine.len() <= level {
            let below = self.spine.len() - 1;
            let words = self.key.node(below + 1, 0);
            let first = Some(self.spine[below]);
            self.entries
                .grow(words, Self::length(below), first, &mut sums);
            self.spine.push(sums[1 << E::FAN]);
        }
        self.spine[level]
    }

    /// Reads a block.
    #[inline(never)]
    fn turn_to(&mut self, number: u64) {
        if E::LEVELS == 0 {
            self.walk_to(number);
            return;
        }
        let words = self.key.node(0, number);
        let (mut before, mut total) = (0, None);
        if number > 0 {
            before = E::value(self.children(0, number), number << E::BLOCK);
            let node = &self.levels[0];
            let i = low_bits(number, E::FAN);
            total = Some(node.sums[i + 1] - node.sums[i]);
        }
        (self.number, self.before) = (number, before);
        self.entries.block(words, total, &mut self.block);
    }

    /// Reads a block of a tape without levels, and the blocks before it that have not been added up.
    fn walk_to(&mut self, number: u64) {
        if self.spine.is_empty() {
            self.spine.push(E::Sum::default());
        }
        let known = self.spine.len() as u64 - 1;
        for next in number.min(known)..=number {
            let before = self.spine[next as usize];
            (self.number, self.before) = (next, E::value(before, next << E::BLOCK));
            let words = self.key.node(0, next);
            self.entries.block(words, None, &mut self.block);
            if next + 1 == self.spine.len() as u64 {
                self.spine.push(before + self.block.total());
            }
        }
    }

    /// First place in `from + 1..=to` at which the sum of the entries lies below a curve, and the sum there. Nodes that hold one with a
    /// probability of at most `exp(-certainty)` each are not looked into; their number is added to `skipped`, and
    /// the number of blocks and nodes that were looked at to `work`.
    pub(super) fn passage(
        &mut self,
        mut from: u64,
        to: u64,
        bar: &Bar,
        search: &mut Search,
    ) -> Option<(u64, i64)> {
        while from < to {
            let end = to.min(((from >> E::BLOCK) + 1) << E::BLOCK);
            let skip = if from.is_multiple_of(1 << E::BLOCK) && to - from >= 1 << E::BLOCK {
                self.skip(from, to, bar, search)
            } else {
                0
            };
            if skip == 0 {
                search.work += 1 << (E::BLOCK - 4);
                if let Some(found) = self.scan(from, end, bar) {
                    return Some(found);
                }
                from = end;
            } else {
                from += skip;
            }
        }
        None
    }

    /// The same within a block.
    #[inline]
    fn scan(&mut self, from: u64, to: u64, bar: &Bar) -> Option<(u64, i64)> {
        let number = from >> E::BLOCK;
        if self.number != number {
            self.turn_to(number);
        }
        let start = number << E::BLOCK;
        let mut from = from;
        while from < to {
            // The curve is convex, so that it lies below its chord.
            let height = bar.level(from + 1) - self.before as f64;
            let end = bar.level(to) - self.before as f64;
            let slope = if to > from + 1 {
                (end - height) / (to - from - 1).cast_signed() as f64
            } else {
                0.0
            };
            let place = (from + 1 - start) as usize;
            let found = self.block.below(
                place - 1,
                (to - start) as usize,
                height - slope * place as f64,
                slope,
            )?;
            let n = start + found as u64;
            let sum = self.before + self.block.sum(found);
            if (sum as f64) < bar.level(n) {
                return Some((n, sum));
            }
            from = n;
        }
        None
    }

    /// Number of entries, whole blocks, that need not be looked at.
    fn skip(&mut self, from: u64, to: u64, bar: &Bar, search: &mut Search) -> u64 {
        if E::LEVELS == 0 {
            return 0;
        }
        let safety = search.safety;
        let gap = self.sum(from) as f64 - bar.level(from);
        let reach = safety.reach(gap, bar.approach(from));
        if reach.is_nan() || reach < (1u64 << E::BLOCK) as f64 {
            return 0;
        }
        let left = to - from;
        let mut most = if reach < left.cast_signed() as f64 {
            count(reach)
        } else {
            left
        };
        while most >> E::BLOCK > 0 {
            let log = most.ilog2().min(from.trailing_zeros());
            let level = (((log - E::BLOCK) / E::FAN) as usize).min(E::LEVELS - 1);
            let length = Self::length(level);
            let child = from >> length;
            let first = low_bits(child, E::FAN);
            let mut run = ((most >> length) as usize).min((1 << E::FAN) - first);
            let node = self.node(level, child >> E::FAN);
            while run > 0 {
                search.work += 1;
                let n = (run as u64) << length;
                let end = node.before + node.sums[first + run];
                let end = E::value(end, from + n) as f64 - bar.level(from + n);
                if safety.stays_above(gap, end, n.cast_signed() as f64) {
                    search.skipped += 1;
                    return n;
                }
                run >>= 1;
            }
            most = (1 << length) - 1;
        }
        0
    }
}
