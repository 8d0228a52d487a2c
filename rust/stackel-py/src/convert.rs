//! Names with parameters, from Python into the core and back.

use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use stackel_core::learners::schema::{Args, Param, Value, whole};
use stackel_core::learners::{Array, Config};
use stackel_core::{Noise, SpecError};

use crate::compiled::Code;
use crate::errors::{attempt, spec_error};
use crate::policy::{Policy, PolicyLearner};

/// Whole numbers below this size are floats.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A learner or law: its name and a dict of parameters.
pub(crate) type Named<'py> = (String, Bound<'py, PyDict>);

/// A learner that can take a seat.
#[derive(Clone)]
pub(crate) enum Learner {
    /// A learner of the registry with checked parameters.
    BuiltIn(Config),
    /// The caller's compiled code.
    Compiled(Config),
    /// The caller's Python object.
    Policy(Arc<PolicyLearner>),
    /// A learner of the registry that is made of the caller's Python object.
    MadeOfPolicy(Config, Arc<PolicyLearner>),
}

impl Learner {
    /// Reads what `as_core` of a learner has returned.
    pub(crate) fn read((name, parameters): &Named<'_>) -> PyResult<Self> {
        let py = parameters.py();
        if let Some(code) = parameters.get_item(intern!(py, "code"))?
            && let Ok(code) = code.cast::<Code>()
        {
            return Ok(Self::Compiled(Config::own(code.get().clone())));
        }
        if name == "CustomLearner"
            && let Some(learner) = parameters.get_item(intern!(py, "policy"))?
        {
            return Ok(Self::Policy(Arc::new(PolicyLearner::new(&learner)?)));
        }
        let Some(of) = Self::made_of(parameters)? else {
            let config = Config::new(name, values(parameters)?).map_err(spec_error)?;
            return Ok(Self::BuiltIn(config));
        };
        let others = parameters.copy()?;
        others.del_item(intern!(py, "of"))?;
        let mut given = values(&others)?;
        given.push(("of".to_string(), Value::Learner(of.config())));
        let config = Config::new(name, given).map_err(spec_error)?;
        Ok(match of {
            Self::BuiltIn(_) => Self::BuiltIn(config),
            Self::Compiled(_) => Self::Compiled(config),
            Self::Policy(policy) | Self::MadeOfPolicy(_, policy) => {
                Self::MadeOfPolicy(config, policy)
            }
        })
    }

    /// The learner that one with these parameters is made of, if there is one.
    fn made_of(parameters: &Bound<'_, PyDict>) -> PyResult<Option<Self>> {
        let py = parameters.py();
        let of = parameters.get_item(intern!(py, "of"))?;
        let Some(of) = of.filter(|of| of.hasattr(intern!(py, "as_core")).unwrap_or(false)) else {
            return Ok(None);
        };
        Self::read(&of.call_method0(intern!(py, "as_core"))?.extract()?).map(Some)
    }

    /// The caller's Python object, if it plays.
    pub(crate) fn policy(&self) -> Option<&Arc<PolicyLearner>> {
        match self {
            Self::Policy(policy) | Self::MadeOfPolicy(_, policy) => Some(policy),
            Self::BuiltIn(_) | Self::Compiled(_) => None,
        }
    }

    pub(crate) fn is_compiled(&self) -> bool {
        matches!(self, Self::Compiled(_))
    }

    /// The learner as the core takes it.
    pub(crate) fn config(&self) -> Config {
        match self {
            Self::BuiltIn(config) | Self::Compiled(config) | Self::MadeOfPolicy(config, _) => {
                config.clone()
            }
            Self::Policy(policy) => Config::own(Policy(Arc::clone(policy))),
        }
    }
}

/// A law with checked parameters.
pub(crate) struct Law {
    pub(crate) noise: Noise,
    /// The name of its scale, and the scales of all cells if they have scales of their own; that of `noise` is then 1.
    pub(crate) scale: Option<(&'static str, Option<Arc<Array>>)>,
}

impl Law {
    /// The scales of all cells, if they have scales of their own, in a game of a shape.
    pub(crate) fn factors(&self, shape: [usize; 2]) -> Result<Option<Vec<f64>>, SpecError> {
        let Some((name, Some(scales))) = &self.scale else {
            return Ok(None);
        };
        if *scales.shape() != shape {
            let allowed = format!("a law with scales of the shape of the utilities, {shape:?}");
            let given = format!("{name} of shape {:?}", scales.shape());
            return Err(SpecError::new("noise", allowed, given));
        }
        Ok(Some(scales.values().to_vec()))
    }
}

/// Reads a law, and checks its parameters.
pub(crate) fn law((name, parameters): &Named<'_>) -> PyResult<Law> {
    const SIGMA: &[Param] = &[Param::SIGMA];
    const HALF_WIDTH: &[Param] = &[Param::required_real("half_width", 0.0)];
    const STUDENT: &[Param] = &[
        Param::real("scale", 0.0, 1.0),
        Param::required_real("df", 1.0),
    ];
    let read = |schema| {
        let given = values(parameters)?;
        Args::read(name, schema, given).map_err(spec_error)
    };
    let scaled = |schema: &'static [Param], noise: fn(f64, &Args) -> Noise| {
        let scale = schema[0].name;
        let (args, scales) = with_scales(name, schema, values(parameters)?).map_err(spec_error)?;
        let noise = noise(args.real(scale), &args).check().map_err(spec_error)?;
        let scale = Some((scale, scales));
        Ok::<_, PyErr>(Law { noise, scale })
    };
    let noise = match name.as_str() {
        "Gaussian" => return scaled(SIGMA, |sigma, _| Noise::Gaussian { sigma }),
        "Uniform" => return scaled(HALF_WIDTH, |half_width, _| Noise::Uniform { half_width }),
        "StudentT" => {
            return scaled(STUDENT, |scale, args| {
                let df = args.real("df");
                Noise::StudentT { df, scale }
            });
        }
        "Bernoulli" => read(&[]).map(|_| Noise::Bernoulli)?,
        "Deterministic" => read(&[]).map(|_| Noise::Deterministic)?,
        _ => {
            let allowed = "one of Gaussian, Bernoulli, Uniform, StudentT, Deterministic";
            return Err(spec_error(SpecError::new(
                "noise",
                allowed,
                format!("{name:?}"),
            )));
        }
    };
    Ok(Law { noise, scale: None })
}

/// Reads the parameters of a law of which the first is its scale: a number, or a matrix with one for each cell.
fn with_scales(
    name: &str,
    schema: &'static [Param],
    mut given: Vec<(String, Value)>,
) -> Result<(Args, Option<Arc<Array>>), SpecError> {
    let scale = schema[0].name;
    let mut scales = None;
    let refused = |error: SpecError| {
        if error.argument != scale {
            return error;
        }
        let allowed = format!("{}, or a matrix of them, one for each cell", error.allowed);
        SpecError { allowed, ..error }
    };
    for (argument, value) in &mut given {
        if let Value::Array(array) = value
            && *argument == scale
            && let &[_, columns] = array.shape()
            && !array.values().is_empty()
        {
            let array = Arc::clone(array);
            *value = Value::Real(1.0);
            for (i, &each) in array.values().iter().enumerate() {
                let one = vec![(scale.to_string(), Value::Real(each))];
                Args::read(name, &schema[..1], one).map_err(|error| {
                    let given = format!("{} at [{}, {}]", error.given, i / columns, i % columns);
                    refused(SpecError { given, ..error })
                })?;
            }
            scales = Some(array);
        }
    }
    let args = Args::read(name, schema, given).map_err(refused)?;
    Ok((args, scales))
}

/// Names and values of checked parameters, as Python's dictionary.
pub(crate) fn to_dict<'py, 'v>(
    py: Python<'py>,
    values: impl IntoIterator<Item = (&'v str, Value)>,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in values {
        dict.set_item(name, to_python(py, &value)?)?;
    }
    Ok(dict)
}

/// Names and values of parameters.
pub(crate) fn values(parameters: &Bound<'_, PyDict>) -> PyResult<Vec<(String, Value)>> {
    let pair = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        Ok((
            name.extract().or_else(|_| shown(&name))?,
            from_python(&value)?,
        ))
    };
    parameters.iter().map(pair).collect()
}

/// The core's form of a value. Numbers are Python's own: `as_plain` has converted others.
fn from_python(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if value.is_none() {
        return Ok(Value::None);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Value::Flag(flag.is_true()));
    }
    if value.is_instance_of::<PyFloat>() {
        return Ok(Value::Real(value.extract()?));
    }
    if let Some(count) = count(value)? {
        return Ok(Value::Count(count));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Value::Text(text.to_string_lossy().into_owned()));
    }
    if value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyList>() {
        let counts = value.try_iter()?.map(|entry| count(&entry?));
        if let Some(counts) = counts.collect::<PyResult<Option<Vec<_>>>>()? {
            return Ok(Value::Counts(counts.into()));
        }
        if let Some(array) = array(value)? {
            return Ok(array);
        }
    }
    if value.is_instance_of::<PyInt>() {
        return Ok(match attempt(value.py(), value.extract())? {
            Some(Real(real)) => Value::Real(real),
            None => Value::Other(shown(value)? + ", which is no float and would be rounded"),
        });
    }
    Ok(Value::Other(shown(value)?))
}

/// Most axes of an array.
const AXES: usize = 3;

/// Lists in lists of equal lengths, of numbers.
fn array(value: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
    let (mut shape, mut values) = (Vec::new(), Vec::new());
    if !append(value, 0, &mut shape, &mut values)? || shape.len() < 2 {
        return Ok(None);
    }
    let array = Array::new(shape, values).map_err(spec_error)?;
    Ok(Some(Value::Array(Arc::new(array))))
}

/// Adds the numbers of a list; false if it is no part of an array of this shape, of which the first list has set the lengths.
fn append(
    value: &Bound<'_, PyAny>,
    axis: usize,
    shape: &mut Vec<usize>,
    values: &mut Vec<f64>,
) -> PyResult<bool> {
    if !(value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyList>()) {
        let number = value.is_instance_of::<PyFloat>() || value.is_exact_instance_of::<PyInt>();
        if axis != shape.len() || !number {
            return Ok(false);
        }
        let Some(Real(real)) = attempt(value.py(), value.extract())? else {
            return Ok(false);
        };
        values.push(real);
        return Ok(true);
    }
    let length = value.len()?;
    if axis == shape.len() && values.is_empty() && axis < AXES {
        shape.push(length);
    }
    if shape.get(axis) != Some(&length) {
        return Ok(false);
    }
    for item in value.try_iter()? {
        if !append(&item?, axis + 1, shape, values)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A whole number from 0, also as a float; a bool is none.
fn count(value: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    if value.is_instance_of::<PyBool>() {
        return Ok(None);
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(whole(float.value()));
    }
    attempt(value.py(), value.extract())
}

/// The `repr` of a value. Some values have none, such as numbers of too many digits.
fn shown(value: &Bound<'_, PyAny>) -> PyResult<String> {
    match attempt(value.py(), value.repr())? {
        Some(text) => Ok(text.to_string_lossy().into_owned()),
        None => Ok(format!("{} that cannot be shown", value.get_type().name()?)),
    }
}

/// A real number. Other values give a `TypeError`, also complex ones, whose real part NumPy would take, and
/// whole numbers that no float holds.
pub(crate) struct Real(pub(crate) f64);

impl<'py> FromPyObject<'_, 'py> for Real {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let py = value.py();
        let refused = || PyTypeError::new_err("not a real number");
        if value.is_instance_of::<PyComplex>() {
            return Err(refused());
        }
        let real: f64 = attempt(py, value.extract())?.ok_or_else(refused)?;
        if real.abs() < EXACT || value.is_instance_of::<PyFloat>() {
            return Ok(Self(real));
        }
        // Python compares whole numbers with floats exactly; NumPy rounds them first.
        let kept = match attempt(py, value.call_method0("__index__"))? {
            Some(whole) => whole.eq(real),
            None => value.eq(real),
        };
        match attempt(py, kept)? {
            Some(true) => Ok(Self(real)),
            _ => Err(refused()),
        }
    }
}

/// The Python value of a parameter.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::None => py.None().into_bound(py),
        Value::Flag(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Value::Count(count) => count.into_pyobject(py)?.into_any(),
        Value::Real(real) => PyFloat::new(py, *real).into_any(),
        Value::Counts(counts) => PyTuple::new(py, counts.iter())?.into_any(),
        Value::Array(array) => nested(py, array.shape(), array.values())?.into_any(),
        Value::Text(text) | Value::Other(text) => text.into_pyobject(py)?.into_any(),
        Value::Learner(config) => match config.entry() {
            Some(_) => to_dict(py, config.args().iter().cloned())?.into_any(),
            // Of a learner of the caller's, the parameters are not known.
            None => py.None().into_bound(py),
        },
    })
}

/// An array as tuples in tuples.
fn nested<'py>(py: Python<'py>, shape: &[usize], values: &[f64]) -> PyResult<Bound<'py, PyTuple>> {
    let Some((&length, inner)) = shape.split_first().filter(|(_, inner)| !inner.is_empty()) else {
        return PyTuple::new(py, values);
    };
    let size = values.len() / length.max(1);
    let items = (0..length).map(|i| nested(py, inner, &values[i * size..(i + 1) * size]));
    PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)
}
