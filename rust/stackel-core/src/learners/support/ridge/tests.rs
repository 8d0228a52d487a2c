//! Models against the normal equations, solved anew.

use super::*;
use crate::rng::{Purpose, Role, Stream};

/// Estimates and norms by the normal equations, solved by Gaussian elimination with pivots in this place.
fn by_elimination(model: &Ridge, cell: usize) -> [f64; 2] {
    let size = model.size;
    let mut rows: Vec<Vec<f64>> = (0..size).map(|_| vec![0.0; size + 2]).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        row[i] = model.penalty;
        for (other, tally) in model.tallies.iter().enumerate() {
            let x = model.features(other);
            for (entry, value) in row.iter_mut().zip(x) {
                *entry += tally.count as f64 * x[i] * value;
            }
            row[size] += tally.sum * x[i];
        }
        row[size + 1] = model.features(cell)[i];
    }
    for k in 0..size {
        let pivot = (k..size).max_by(|&i, &j| rows[i][k].abs().total_cmp(&rows[j][k].abs()));
        rows.swap(k, pivot.unwrap());
        let above = rows[k].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|&(i, _)| i != k) {
            let factor = row[k] / above[k];
            assert!(factor.is_finite());
            for (entry, above) in row.iter_mut().zip(&above) {
                *entry -= factor * above;
            }
        }
    }
    let x = model.features(cell);
    let along =
        |column: usize| -> f64 { (0..size).map(|i| x[i] * rows[i][column] / rows[i][i]).sum() };
    [along(size), along(size + 1).sqrt()]
}

fn random(n: usize, stream: &mut Stream) -> Vec<f64> {
    (0..n).map(|_| 2.0 * stream.unit() - 1.0).collect()
}

#[test]
fn a_million_rewards_leave_it_exact() {
    let mut stream = Stream::new(3, 0, Role::Leader, Purpose::Choice);
    for (n_features, ridge) in [(8, 1.0), (3, 1e-3), (20, 1.0), (1, 0.5)] {
        let (n_cells, n_arms) = (12, if n_features == 3 { 12 } else { 1 });
        let features = random(n_cells * n_features, &mut stream);
        let mut model = Ridge::new(ridge, n_cells, n_arms, &features);
        let rounds = if n_features == 8 { 1_000_000 } else { 100_000 };
        for round in 1..=rounds {
            // The last cells are rare, one is never played.
            let cell = stream.below(n_cells - 1).min(stream.below(n_cells - 1));
            model.add(cell, &(stream.unit() + cell as f64).into());
            if round % (rounds / 7) == 0 || round < 20 {
                for cell in 0..n_cells {
                    let found = model.estimate(cell);
                    for (found, exact) in found.iter().zip(by_elimination(&model, cell)) {
                        let off = (found - exact).abs() / exact.abs().max(1e-3);
                        assert!(off < 1e-8, "{n_features}, {round}: {found}, not {exact}");
                    }
                }
            }
        }
    }
}

#[test]
fn features_that_are_alike_or_huge_are_no_fault() {
    for scale in [0.0, 1e-50, 1.0, 1e50] {
        for ridge in [1e-50, 1.0, 1e50] {
            let mut model = Ridge::new(ridge, 3, 3, &[scale, scale, scale, scale, 0.0, scale]);
            for round in 0..5000_u32 {
                model.add((round % 3) as usize, &1.0.into());
                let [estimate, norm] = model.estimate((round % 2) as usize);
                assert!(
                    estimate.is_finite() && norm.is_finite(),
                    "{scale} {ridge} {round}"
                );
            }
        }
    }
}
