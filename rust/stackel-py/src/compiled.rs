//! Learners whose code is at an address: functions compiled by numba, by a C compiler or otherwise.
//!
//! This is the only file that calls functions which cannot be checked. Their signatures are documented at
//! `stackel.CompiledLearner`.

use std::ffi::c_void;
use std::panic::resume_unwind;
use std::sync::Arc;

use pyo3::prelude::*;
use stackel_core::SpecError;
use stackel_core::learners::{Algorithm, RoundByRound, Seat};
use stackel_core::rng::{Role, Stream};

type Choose = unsafe extern "C" fn(*mut c_void, u64) -> i64;
type Observe = unsafe extern "C" fn(*mut c_void, i64, f64);
type ObserveBoth = unsafe extern "C" fn(*mut c_void, i64, f64, i64);
type Reset = unsafe extern "C" fn(*mut c_void, i64, i64, i64, *const f64);

/// Time that a decision may take, in units of a round drawn by itself.
const EFFORT: u64 = 1 << 8;

/// Compiled functions, with the sizes and parameters that they need.
#[pyclass(frozen, skip_from_py_object, module = "stackel._core")]
#[derive(Clone)]
pub(crate) struct Code {
    name: String,
    choose: Choose,
    observe: Feedback,
    reset: Option<Reset>,
    state_bytes: usize,
    state_bytes_per_arm: usize,
    parameters: Arc<[f64]>,
    /// The Python objects that own the functions.
    _owners: Arc<Py<PyAny>>,
}

/// The function that is told the rewards, by its signature.
#[derive(Clone, Copy)]
enum Feedback {
    Nothing,
    Own(Observe),
    WithResponse(ObserveBoth),
}

#[pymethods]
impl Code {
    /// Functions at the addresses of choose, observe and reset. Only choose is required; 0 stands for none.
    #[new]
    fn new(
        name: String,
        addresses: [usize; 3],
        state_bytes: usize,
        state_bytes_per_arm: usize,
        parameters: Vec<f64>,
        sees_response: bool,
        owners: Py<PyAny>,
    ) -> PyResult<Self> {
        let [choose, observe, reset] = addresses;
        let null = || pyo3::exceptions::PyValueError::new_err("choose is a null pointer");
        // SAFETY: the caller vouches for the functions and their signatures. A null pointer is `None` in an
        // `Option` of a function.
        let code = unsafe {
            Self {
                name,
                choose: std::mem::transmute::<usize, Option<Choose>>(choose).ok_or_else(null)?,
                observe: match observe {
                    0 => Feedback::Nothing,
                    both if sees_response => {
                        Feedback::WithResponse(std::mem::transmute::<usize, ObserveBoth>(both))
                    }
                    own => Feedback::Own(std::mem::transmute::<usize, Observe>(own)),
                },
                reset: std::mem::transmute::<usize, Option<Reset>>(reset),
                state_bytes,
                state_bytes_per_arm,
                parameters: parameters.into(),
                _owners: Arc::new(owners),
            }
        };
        Ok(code)
    }
}

impl Code {
    /// Size of the state of an instance, in units of 16 bytes, to which it is aligned.
    fn words(&self, n_arms: usize) -> usize {
        let per_arm = self.state_bytes_per_arm.saturating_mul(n_arms);
        let bytes = self.state_bytes.saturating_add(per_arm);
        bytes.div_ceil(size_of::<u128>())
    }
}

impl Algorithm for Code {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self, seat: &Seat) -> Result<(), SpecError> {
        let n_instances = match seat.role {
            Role::Leader => 1,
            Role::Follower => seat.n_leader,
        };
        let words = self.words(seat.n_arms()).saturating_mul(n_instances);
        if Vec::<u128>::new().try_reserve_exact(words).is_ok() {
            return Ok(());
        }
        let gib = words as f64 * size_of::<u128>() as f64 / f64::from(1 << 30);
        let given = format!("{:?}, whose states need {gib:.1} GiB", self.name);
        let allowed = "a learner whose states fit in memory";
        Err(SpecError::new(seat.role.name(), allowed, given))
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        Box::new(Instance::new(self, seat))
    }

    fn effort(&self) -> u64 {
        EFFORT
    }
}

/// One learner: its functions and its state.
struct Instance {
    choose: Choose,
    observe: Feedback,
    /// The state, zero at first and aligned to 16 bytes.
    state: Box<[u128]>,
    n_arms: usize,
    /// Number of decisions asked for.
    asked: u64,
    role: Role,
    /// The owner of the functions and parameters, kept alive.
    code: Code,
}

impl Instance {
    fn new(code: &Code, seat: &Seat) -> Self {
        let n_arms = seat.n_arms();
        let mut state = vec![0; code.words(n_arms)].into_boxed_slice();
        if let Some(reset) = code.reset {
            // SAFETY: as in `choose`; there are as many parameters as the caller gave.
            unsafe {
                reset(
                    state.as_mut_ptr().cast(),
                    n_arms.cast_signed() as i64,
                    seat.horizon.cast_signed(),
                    seat.role as i64,
                    code.parameters.as_ptr(),
                );
            }
        }
        Self {
            choose: code.choose,
            observe: code.observe,
            state,
            n_arms,
            asked: 0,
            role: seat.role,
            code: code.clone(),
        }
    }

    /// Ends the run: the function named an arm that does not exist.
    #[cold]
    fn refuse(&self, arm: i64) -> ! {
        let allowed = format!(
            "a compiled learner whose choose returns an arm from 0 to {}",
            self.n_arms - 1
        );
        let given = format!(
            "{arm} from {:?} in its round {}",
            self.code.name, self.asked
        );
        resume_unwind(Box::new(SpecError::new(self.role.name(), allowed, given)))
    }
}

impl RoundByRound for Instance {
    #[inline]
    fn choose(&mut self, choice: &mut Stream) -> usize {
        self.asked += 1;
        // SAFETY: the function has the documented signature, and its state as much memory as the
        // caller asked for, for as long as the learner lives.
        let arm = unsafe { (self.choose)(self.state.as_mut_ptr().cast(), choice.next_u64()) };
        match usize::try_from(arm) {
            Ok(arm) if arm < self.n_arms => arm,
            _ => self.refuse(arm),
        }
    }

    #[inline]
    fn observe(&mut self, arm: usize, response: usize, reward: f64) {
        let state = self.state.as_mut_ptr().cast();
        let (arm, response) = (arm.cast_signed() as i64, response.cast_signed() as i64);
        // SAFETY: as in `choose`.
        unsafe {
            match self.observe {
                Feedback::Nothing => (),
                Feedback::Own(observe) => observe(state, arm, reward),
                Feedback::WithResponse(observe) => observe(state, arm, reward, response),
            }
        }
    }
}
