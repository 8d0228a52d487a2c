//! The stationary law of a Markov chain, without a subtraction: every probability has all its digits.
//!
//! After Grassmann, Taksar and Heyman (1985).

/// Probabilities of moves that are smaller count as this: then every state is reached from every other.
const LEAST: f64 = 1e-200;

/// Writes the stationary law of a chain whose moves from i have the probabilities of row i. Of these, which the method
/// overwrites, the diagonal is not read.
pub(in crate::learners) fn stationary(moves: &mut [f64], law: &mut [f64]) {
    let n = law.len();
    for probability in moves.iter_mut() {
        *probability = probability.max(LEAST);
    }
    // State by state, the chain is watched only while it is in an earlier one.
    for last in (1..n).rev() {
        let (earlier, row) = moves.split_at_mut(last * n);
        let row = &row[..last];
        let leaves: f64 = row.iter().sum();
        for from in earlier.chunks_exact_mut(n) {
            from[last] /= leaves;
            let through = from[last];
            for (direct, &onwards) in from[..last].iter_mut().zip(row) {
                *direct += through * onwards;
            }
        }
    }
    law[0] = 1.0;
    for state in 1..n {
        let visits: f64 = (0..state)
            .map(|from| law[from] * moves[from * n + state])
            .sum();
        law[state] = visits;
        if visits > 1.0 {
            law[..=state]
                .iter_mut()
                .for_each(|weight| *weight /= visits);
        }
    }
    let total: f64 = law.iter().sum();
    for weight in law.iter_mut() {
        *weight /= total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role, Stream};

    /// By the Markov chain tree theorem, the probability of a state is in proportion to the sum over all trees that lead to
    /// it of the products of their moves.
    fn by_trees(moves: &[f64], n: usize) -> Vec<f64> {
        let leads_to = |root: usize, parent: &[usize]| {
            (0..n).all(|state| {
                let mut at = state;
                (0..n).any(|_| {
                    let there = at == root;
                    at = parent[at];
                    there
                })
            })
        };
        let mut law = vec![0.0; n];
        for code in 0..n.pow(n.try_into().unwrap()) {
            let parent: Vec<usize> = (0..n)
                .map(|state| code / n.pow(state.try_into().unwrap()) % n)
                .collect();
            for root in 0..n {
                let product: f64 = (0..n)
                    .filter(|&state| state != root)
                    .map(|state| moves[state * n + parent[state]])
                    .product();
                // The move of the root itself is not part of the tree: one code for all of them.
                if parent[root] == root && leads_to(root, &parent) {
                    law[root] += product;
                }
            }
        }
        let total: f64 = law.iter().sum();
        law.iter().map(|weight| weight / total).collect()
    }

    #[test]
    fn every_probability_is_that_of_its_trees() {
        let mut stream = Stream::new(5, 0, Role::Leader, Purpose::Choice);
        for n in 1..=4 {
            for run in 0..200 {
                // Moves of very different probabilities.
                let spread = f64::from(run % 5) * 10.0;
                let moves: Vec<f64> = (0..n * n)
                    .map(|_| 10.0_f64.powf(-spread * stream.unit()) / n as f64)
                    .collect();
                let mut law = vec![0.0; n];
                stationary(&mut moves.clone(), &mut law);
                for (found, expected) in law.iter().zip(by_trees(&moves, n)) {
                    let off = (found / expected - 1.0).abs();
                    assert!(off < 1e-13, "{moves:?}: {law:?}, {expected}");
                }
            }
        }
    }

    #[test]
    fn moves_that_never_happen_are_no_fault() {
        for n in 1..=6 {
            for spread in [0.0, 1e-300, 1.0] {
                let mut moves: Vec<f64> = (0..n * n)
                    .map(|cell| {
                        if cell % n == cell / n {
                            1.0
                        } else {
                            spread * (cell % 2) as f64
                        }
                    })
                    .collect();
                let mut law = vec![f64::NAN; n];
                stationary(&mut moves, &mut law);
                let total: f64 = law.iter().sum();
                assert!(
                    (total - 1.0).abs() < 1e-12 && law.iter().all(|&p| p >= 0.0),
                    "{law:?}"
                );
            }
        }
    }
}
