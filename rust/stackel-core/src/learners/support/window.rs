//! The last rewards, and their sums for each arm.

use super::tally::LARGEST_SUM;
use crate::archive::Archive;

/// The last `length` rewards of all arms together, summed up arm by arm.
///
/// Taking old rewards off a running sum would leave their rounding errors in it. So nothing is
/// ever subtracted: rewards come in blocks as long as the window, which covers the end of one block and
/// the beginning of the next. The newer block is summed up reward after reward. The older one was summed
/// up beforehand from its last reward back, and what each reward was added to is kept in its place: the
/// sum of its arm once the window has moved beyond it.
pub(in crate::learners) struct Window {
    length: usize,
    /// This block up to `place`; from there on, the sums that are kept of the one before.
    slots: Vec<Slot>,
    place: usize,
    counts: Vec<u64>,
    /// Number of arms without a reward in the window.
    empty: usize,
    older: Vec<f64>,
    newer: Vec<f64>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    arm: usize,
    value: f64,
}

impl Window {
    pub(in crate::learners) fn new(length: usize, n_arms: usize) -> Self {
        Self {
            length,
            slots: Vec::new(),
            place: 0,
            counts: vec![0; n_arms],
            empty: n_arms,
            older: vec![0.0; n_arms],
            newer: vec![0.0; n_arms],
        }
    }

    /// Number of rewards in the window.
    pub(in crate::learners) fn rewards(&self) -> usize {
        self.slots.len()
    }

    /// The arms without a reward in the window.
    #[inline]
    pub(in crate::learners) fn untried(&self) -> Option<impl Iterator<Item = usize> + Clone> {
        let arms = self.counts.iter().enumerate();
        let untried = arms.filter(|(_, count)| **count == 0).map(|(arm, _)| arm);
        (self.empty > 0).then_some(untried)
    }

    /// The number of rewards of an arm in the window, and their sum.
    #[inline]
    pub(in crate::learners) fn of(&self, arm: usize) -> (u64, f64) {
        (self.counts[arm], self.older[arm] + self.newer[arm])
    }

    /// Moves on by a round. Returns the arms whose statistics have changed, if those of others have not.
    #[inline]
    pub(in crate::learners) fn push(&mut self, arm: usize, reward: f64) -> Option<[usize; 2]> {
        let slot = Slot { arm, value: reward };
        self.empty -= usize::from(self.counts[arm] == 0);
        self.counts[arm] += 1;
        self.newer[arm] += reward;
        let left = match self.slots.get_mut(self.place) {
            None => {
                self.slots.push(slot);
                arm
            }
            Some(oldest) => {
                let left = oldest.arm;
                self.older[left] = oldest.value;
                self.counts[left] -= 1;
                self.empty += usize::from(self.counts[left] == 0);
                *oldest = slot;
                left
            }
        };
        self.place += 1;
        if self.place == self.length {
            self.turn();
            return None;
        }
        Some([arm, left])
    }

    /// Begins a new block.
    fn turn(&mut self) {
        self.place = 0;
        self.newer.fill(0.0);
        self.older.fill(0.0);
        for Slot { arm, value } in self.slots.iter_mut().rev() {
            let sum = &mut self.older[*arm];
            let reward = std::mem::replace(value, *sum);
            *sum += reward;
        }
    }

    pub(in crate::learners) fn exchange(&mut self, archive: &mut Archive) {
        let mut rewards = self.slots.len();
        archive.length(&mut rewards);
        if rewards > self.length {
            archive.refuse("more rewards than there are rounds in the window");
            return;
        }
        self.slots.resize(rewards, Slot::default());
        archive.index(&mut self.place, self.length);
        if rewards < self.length && self.place != rewards {
            archive.refuse("a gap in the window");
        }
        self.counts.fill(0);
        for slot in &mut self.slots {
            archive.index(&mut slot.arm, self.counts.len());
            archive.real(&mut slot.value, LARGEST_SUM);
            self.counts[slot.arm] += 1;
        }
        self.empty = self.counts.iter().filter(|&&count| count == 0).count();
        for sum in self.older.iter_mut().chain(&mut self.newer) {
            archive.real(sum, LARGEST_SUM);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter;

    use crate::rng::{Purpose, Role, Stream};

    /// Against sums over the window, all of them exact.
    #[test]
    fn windows_hold_the_last_rewards() {
        let mut random = Stream::new(3, 0, Role::Leader, Purpose::Choice);
        for length in 1..8 {
            let mut window = Window::new(length, 3);
            let mut all = Vec::new();
            for _ in 0..40 {
                let (arm, reward) = (random.below(3), random.below(64) as f64 / 8.0);
                let before = [0, 1, 2].map(|arm| window.of(arm));
                let changed = window.push(arm, reward);
                for (other, before) in before.into_iter().enumerate() {
                    if changed.is_some_and(|changed| !changed.contains(&other)) {
                        assert_eq!(window.of(other), before);
                    }
                }
                all.push((arm, reward));
                let last = &all[all.len().saturating_sub(length)..];
                assert_eq!(window.rewards(), last.len());
                let mut untried = vec![];
                for arm in 0..3 {
                    let of_arm = last.iter().filter(|pair| pair.0 == arm);
                    let count = of_arm.clone().count() as u64;
                    let sum: f64 = of_arm.map(|pair| pair.1).sum();
                    assert_eq!(window.of(arm), (count, sum));
                    untried.extend((count == 0).then_some(arm));
                }
                let found = window.untried().map(Iterator::collect);
                assert_eq!(found, (!untried.is_empty()).then_some(untried));
            }
        }
    }

    #[test]
    fn what_has_left_the_window_leaves_no_trace() {
        for length in [1, 5, 8] {
            let mut window = Window::new(length, 1);
            for reward in iter::repeat_n(1e100 / 3.0, 7).chain(iter::repeat_n(0.5, length)) {
                window.push(0, reward);
            }
            assert_eq!(window.of(0), (length as u64, 0.5 * length as f64));
        }
    }
}
