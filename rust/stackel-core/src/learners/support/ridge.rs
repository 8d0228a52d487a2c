//! Ridge regression that is asked after every reward: the estimate, and how uncertain a value is by it.
//!
//! The inverse of the Gram matrix is kept up to date by the formula of Sherman and Morrison. Rounding errors of that add up,
//! so both are computed anew from the counts and sums of all cells every thousand rewards or so, and where it would lose digits.

use std::array;

use multiversion::multiversion;

use crate::archive::Archive;
use crate::learners::Tally;
use crate::learners::support::tally::exchange_all;
use crate::rewards::Rewards;

/// Fewest rewards after which everything is computed anew.
const PERIOD: usize = 1024;
/// Numbers that are worked on together: features are filled up with zeros to a multiple of it, which changes nothing.
const LANES: usize = 4;
/// The formula of Sherman and Morrison loses as many digits as this has if the uncertainty of a value falls by it, which it
/// does for the first rewards in a direction if the penalty is small.
const FALL: f64 = 1e3;
/// A bound on all numbers of the state.
const LARGEST: f64 = 1e300;

/// A linear model of rewards: the mean of a cell is the product of its features and theta.
pub(in crate::learners) struct Ridge {
    penalty: f64,
    /// Number of features, zeros included.
    size: usize,
    /// Cell by cell.
    features: Vec<f64>,
    tallies: Vec<Tally>,
    /// The inverse of `ridge + sum of n x x'`, over cells with n rewards and features x.
    inverse: Vec<f64>,
    /// The inverse times the sum of all rewards times features.
    theta: Vec<f64>,
    /// If following all cells takes no more work than computing anew what is asked.
    followed: Option<Followed>,
    /// Rewards since all were computed anew.
    since: u64,
    product: Vec<f64>,
}

/// What is known of all cells, kept up to date. Cells are worked on together, in lanes.
struct Followed {
    /// Of the cells of one lane after those of another, feature by feature.
    features: Vec<[f64; LANES]>,
    estimates: Vec<[f64; LANES]>,
    /// Squares of the norms.
    squares: Vec<[f64; LANES]>,
}

impl Followed {
    fn new(n_cells: usize, features: &[f64]) -> Self {
        let (size, lanes) = (features.len() / n_cells, n_cells.div_ceil(LANES));
        let value = |cell, i| {
            if cell < n_cells {
                features[cell * size + i]
            } else {
                0.0
            }
        };
        let together = |k: usize| {
            let (first, i) = (k / size * LANES, k % size);
            array::from_fn(|lane| value(first + lane, i))
        };
        Self {
            features: (0..lanes * size).map(together).collect(),
            estimates: vec![[0.0; LANES]; lanes],
            squares: vec![[0.0; LANES]; lanes],
        }
    }

    /// After the estimate moved by a product times a surprise, and the inverse fell by the product's square times a scale.
    #[inline(always)]
    fn follow(&mut self, product: &[f64], surprise: f64, scale: f64) {
        let known = self.estimates.iter_mut().zip(&mut self.squares);
        for ((estimates, squares), features) in known.zip(self.features.chunks_exact(product.len()))
        {
            let mut along = [0.0; LANES];
            for (values, factor) in features.iter().zip(product) {
                for (along, value) in along.iter_mut().zip(values) {
                    *along += factor * value;
                }
            }
            *estimates = array::from_fn(|lane| estimates[lane] + along[lane] * surprise);
            *squares = array::from_fn(|lane| squares[lane] - along[lane] * along[lane] * scale);
        }
    }

    fn known(&mut self, cell: usize) -> [&mut f64; 2] {
        let (place, lane) = (cell / LANES, cell % LANES);
        [
            &mut self.estimates[place][lane],
            &mut self.squares[place][lane],
        ]
    }
}

impl Ridge {
    /// Of `n_cells` cells, with their features one after the other, of which `n_arms` are asked in a round.
    pub(in crate::learners) fn new(
        ridge: f64,
        n_cells: usize,
        n_arms: usize,
        features: &[f64],
    ) -> Self {
        let given = features.len() / n_cells;
        let size = given.next_multiple_of(LANES).max(LANES);
        let mut padded = Vec::with_capacity(n_cells * size);
        for cell in features.chunks_exact(given) {
            padded.extend_from_slice(cell);
            padded.resize(padded.len() + size - given, 0.0);
        }
        let followed = (n_cells <= n_arms * size).then(|| Followed::new(n_cells, &padded));
        let mut regression = Self {
            penalty: ridge,
            size,
            features: padded,
            tallies: vec![Tally::default(); n_cells],
            inverse: vec![0.0; size * size],
            theta: vec![0.0; size],
            followed,
            since: 0,
            product: vec![0.0; size],
        };
        regression.renew();
        regression
    }

    fn features(&self, cell: usize) -> &[f64] {
        &self.features[cell * self.size..(cell + 1) * self.size]
    }

    /// The estimated mean of a cell, and its norm in the inverse of the Gram matrix.
    #[inline]
    pub(in crate::learners) fn estimate(&self, cell: usize) -> [f64; 2] {
        let [estimate, square] = match &self.followed {
            Some(all) => {
                [&all.estimates, &all.squares].map(|each| each[cell / LANES][cell % LANES])
            }
            None => self.computed(cell),
        };
        [estimate, square.max(0.0).sqrt()]
    }

    fn computed(&self, cell: usize) -> [f64; 2] {
        let x = self.features(cell);
        let rows = self.inverse.chunks_exact(self.size);
        let square = rows.zip(x).map(|(row, value)| value * dot(row, x)).sum();
        [dot(x, &self.theta), square]
    }

    /// Adds a reward of a cell.
    pub(in crate::learners) fn add(&mut self, cell: usize, reward: &Rewards) {
        self.tallies[cell].gain(reward);
        self.since += 1;
        if self.since >= self.tallies.len().max(PERIOD) as u64 {
            return self.renew();
        }
        if !learn(self, cell, reward.value()) {
            self.renew();
        }
    }

    /// Computes everything from the counts and sums, by a Cholesky decomposition `V = L L'`.
    fn renew(&mut self) {
        let size = self.size;
        let mut lower = vec![0.0; size * size];
        let mut moments = vec![0.0; size];
        for (cell, tally) in self
            .tallies
            .iter()
            .enumerate()
            .filter(|(_, tally)| tally.count > 0)
        {
            let x = self.features(cell);
            for (i, &value) in x.iter().enumerate() {
                moments[i] += tally.sum * value;
                let weight = tally.count as f64 * value;
                for (entry, other) in lower[i * size..=i * size + i].iter_mut().zip(x) {
                    *entry += weight * other;
                }
            }
        }
        for i in 0..size {
            for j in 0..=i {
                let (above, row) = lower.split_at_mut(i * size);
                let known = if i == j {
                    dot(&row[..j], &row[..j])
                } else {
                    dot(&row[..j], &above[j * size..j * size + j])
                };
                let rest = row[j] - known;
                row[j] = if i == j {
                    // No less in exact arithmetic: what is left of V is at least the ridge.
                    (rest + self.penalty).max(self.penalty).sqrt()
                } else {
                    rest / above[j * size + j]
                };
            }
        }
        for column in 0..size {
            let mut unit = vec![0.0; size];
            unit[column] = 1.0;
            solve(&lower, &mut unit);
            for (row, value) in unit.into_iter().enumerate() {
                self.inverse[row * size + column] = value;
            }
        }
        solve(&lower, &mut moments);
        self.theta = moments;
        if let Some(mut all) = self.followed.take() {
            for cell in 0..self.tallies.len() {
                for (known, value) in all.known(cell).into_iter().zip(self.computed(cell)) {
                    *known = value;
                }
            }
            self.followed = Some(all);
        }
        self.since = 0;
    }

    pub(in crate::learners) fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        let followed = self.followed.iter_mut();
        let followed =
            followed.flat_map(|all| all.estimates.iter_mut().chain(&mut all.squares).flatten());
        for number in self
            .inverse
            .iter_mut()
            .chain(&mut self.theta)
            .chain(followed)
        {
            archive.real(number, LARGEST);
        }
        archive.count(&mut self.since, self.tallies.len().max(PERIOD) as u64);
    }
}

/// Takes up a reward of a cell by the formula of Sherman and Morrison, unless that would lose digits; returns whether it did.
#[multiversion(targets("x86_64+avx2"))]
fn learn(model: &mut Ridge, cell: usize, reward: f64) -> bool {
    let Ridge {
        size,
        features,
        inverse,
        theta,
        followed,
        product,
        ..
    } = model;
    let places = *size / LANES;
    let x = &features.as_chunks::<LANES>().0[cell * places..(cell + 1) * places];
    let inverse = inverse.as_chunks_mut::<LANES>().0;
    let product = product.as_chunks_mut::<LANES>().0;
    for (products, rows) in product.iter_mut().zip(inverse.chunks_exact(LANES * places)) {
        *products = four_dots(rows, x);
    }
    let theta = theta.as_chunks_mut::<LANES>().0;
    let fall = 1.0 + dot(x.as_flattened(), product.as_flattened());
    if fall > FALL {
        return false;
    }
    let scale = 1.0 / fall;
    let surprise = (reward - dot(x.as_flattened(), theta.as_flattened())) * scale;
    if let Some(all) = followed {
        all.follow(product.as_flattened(), surprise, scale);
    }
    for (theta, product) in theta.iter_mut().zip(&*product) {
        let moved = |lane| theta[lane] + product[lane] * surprise;
        *theta = array::from_fn(moved);
    }
    let factors = product.as_flattened();
    for (row, factor) in inverse.chunks_exact_mut(places).zip(factors) {
        let factor = factor * scale;
        for (entries, products) in row.iter_mut().zip(&*product) {
            *entries = array::from_fn(|lane| entries[lane] - factor * products[lane]);
        }
    }
    true
}

/// The products of four rows and a vector, each as [`dot`] has it.
#[inline(always)]
fn four_dots(rows: &[[f64; LANES]], x: &[[f64; LANES]]) -> [f64; LANES] {
    let mut sums = [[0.0; LANES]; LANES];
    for (sums, row) in sums.iter_mut().zip(rows.chunks_exact(x.len())) {
        for (entries, values) in row.iter().zip(x) {
            for lane in 0..LANES {
                sums[lane] += entries[lane] * values[lane];
            }
        }
    }
    sums.map(|[first, second, third, fourth]| (first + second) + (third + fourth))
}

/// The sum of products, in lanes.
#[inline(always)]
fn dot(one: &[f64], other: &[f64]) -> f64 {
    let (ones, others) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest: f64 = ones
        .remainder()
        .iter()
        .zip(others.remainder())
        .map(|(x, y)| x * y)
        .sum();
    let mut sums = [0.0; LANES];
    for (one, other) in ones.zip(others) {
        for (sum, (x, y)) in sums.iter_mut().zip(one.iter().zip(other)) {
            *sum += x * y;
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// Solves `L L' y = y` in place.
fn solve(lower: &[f64], y: &mut [f64]) {
    let size = y.len();
    for i in 0..size {
        let row = &lower[i * size..i * size + i];
        y[i] = (y[i] - dot(row, &y[..i])) / lower[i * size + i];
    }
    for i in (0..size).rev() {
        let below: f64 = (i + 1..size).map(|k| lower[k * size + i] * y[k]).sum();
        y[i] = (y[i] - below) / lower[i * size + i];
    }
}

#[cfg(test)]
mod tests;
