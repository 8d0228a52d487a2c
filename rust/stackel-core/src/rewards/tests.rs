//! The table against its definition, and the laws of its entries.

use super::coins::Coins;
use super::digits;
use super::gaussian::{GRID, Normals};
use super::key::Key;
use super::tree::{Entries, Tree};
use super::uniform::UniformTape;
use crate::rng::{Purpose, Role, Stream};

fn key(tape: usize) -> Key {
    Key::of(7, 3, Role::Follower).tape(tape)
}

/// Sums read in any order, of any tape, are those that a tape without memory gives.
fn sums_do_not_depend_on_what_was_read<E: Entries>(entries: E, longest: usize) {
    let mut random = Stream::new(1, 0, Role::Leader, Purpose::Choice);
    let mut tree = Tree::new(entries, key(0));
    for _ in 0..3000 {
        let mut n = random.next_u64() >> (64 - random.below(longest)).min(63);
        if random.below(2) == 0 {
            n &= u64::MAX << random.below(20);
        }
        for n in [n, n + 1] {
            let fresh = Tree::new(entries, key(0)).sum(n);
            assert_eq!(tree.sum(n), fresh, "{n}");
        }
    }
}

#[test]
fn sums_of_normals_do_not_depend_on_what_was_read() {
    sums_do_not_depend_on_what_was_read(Normals, 53);
}

#[test]
fn sums_of_coins_do_not_depend_on_what_was_read() {
    sums_do_not_depend_on_what_was_read(Coins { probability: 0.3 }, 53);
}

#[test]
fn sums_of_uniforms_do_not_depend_on_what_was_read() {
    let mut random = Stream::new(2, 0, Role::Leader, Purpose::Choice);
    let mut tape = UniformTape::new(key(0));
    for _ in 0..2000 {
        let n = random.next_u64() >> random.below(64).max(11);
        assert_eq!(tape.sum(n), UniformTape::new(key(0)).sum(n), "{n}");
    }
}

#[test]
fn uniforms_are_uniform_alone_and_in_sums() {
    let mut tape = UniformTape::new(key(4));
    for start in [0, 1 << 16, 1 << 40, 1 << 52] {
        // Single entries, sums of 5, and sums of 100,000.
        for (length, count) in [(1, 200_000), (5, 100_000), (100_000, 3000)] {
            let mut before = tape.sum(start);
            let (mut mean, mut square) = (0.0, 0.0);
            for i in 1..=count {
                let sum = tape.sum(start + i * length);
                let step = (sum - before) as f64 / digits::GRID;
                assert!(step.abs() < length as f64);
                (mean, square) = (mean + step, square + step * step);
                before = sum;
            }
            let (n, variance) = (count as f64, length as f64 / 3.0);
            // Six standard errors: 2e-9 a test.
            assert!((mean / n).abs() < 6.0 * (variance / n).sqrt(), "{mean}");
            let ratio = square / n / variance;
            assert!(
                (ratio - 1.0).abs() < 6.0 * (2.0 / n).sqrt(),
                "{start} {length}: {ratio}"
            );
        }
    }
}

#[test]
fn coins_are_none_or_one() {
    for probability in [0.0, 0.001, 0.3, 0.5, 0.97, 1.0] {
        let mut tree = Tree::new(Coins { probability }, key(1));
        let mut before = 0;
        for n in 1..5000 {
            let sum = tree.sum(n);
            assert!((0..=1).contains(&(sum - before)));
            before = sum;
        }
        let mean = before as f64 / 5000.0;
        assert!((mean - probability).abs() < 0.04, "{probability}: {mean}");
    }
}

#[test]
fn normals_have_their_moments() {
    let (mut squares, mut fourth, n) = (0.0, 0.0, 1 << 20);
    let mut tree = Tree::new(Normals, key(2));
    let mut before = 0;
    for i in 1..=n {
        let sum = tree.sum(i);
        let z = (sum - before) as f64 / GRID;
        squares += z * z;
        fourth += z * z * z * z;
        before = sum;
    }
    let (second, fourth) = (squares / n as f64, fourth / n as f64);
    // Standard errors sqrt(2 / n) = 0.0014 and sqrt(96 / n) = 0.0096.
    assert!((second - 1.0).abs() < 0.007, "{second}");
    assert!((fourth - 3.0).abs() < 0.05, "{fourth}");
}
