//! An array of numbers, as the value of a parameter.

use std::fmt;

use crate::error::SpecError;

/// Largest size of a number.
const LARGEST: f64 = 1e50;

/// Numbers in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    shape: Vec<usize>,
    values: Vec<f64>,
}

impl Array {
    /// Values of a shape, as many as it has places. -0.0 becomes 0.0: equal arrays have the same text.
    pub fn new(shape: Vec<usize>, values: Vec<f64>) -> Result<Self, SpecError> {
        if shape
            .iter()
            .try_fold(1_usize, |n, &length| n.checked_mul(length))
            == Some(values.len())
        {
            let values = values.into_iter().map(|value| value + 0.0).collect();
            return Ok(Self { shape, values });
        }
        let allowed = format!("as many numbers as shape {} has", Shape(&shape));
        Err(SpecError::new("array", allowed, values.len().to_string()))
    }

    /// 1 where the last index is the row-major number of the others, else 0.
    pub(super) fn indicators(mut shape: Vec<usize>) -> Self {
        let n: usize = shape.iter().product();
        let mut values = vec![0.0; n * n];
        values
            .iter_mut()
            .step_by(n + 1)
            .for_each(|value| *value = 1.0);
        shape.push(n);
        Self { shape, values }
    }

    /// Numbers of places along each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers, row-major.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// What it is if it cannot be one of features: a shape without actions or numbers, or a number that is too large.
    pub(super) fn fault(&self) -> Option<String> {
        if !(2..=3).contains(&self.shape.len()) || self.values.is_empty() {
            return Some(self.to_string());
        }
        let is_good = |value: &f64| value.abs() <= LARGEST;
        let fault = self.values.iter().find(|value| !is_good(value))?;
        Some(format!("{self} with the number {fault:?}"))
    }
}

impl fmt::Display for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of shape {}", Shape(&self.shape))
    }
}

/// A shape as Python writes it.
pub(super) struct Shape<'a>(pub(super) &'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths: Vec<_> = self.0.iter().map(usize::to_string).collect();
        let end = if lengths.len() == 1 { "," } else { "" };
        write!(f, "({}{end})", lengths.join(", "))
    }
}
