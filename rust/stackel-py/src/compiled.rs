//! Learners whose code is at an address: functions compiled by numba, by a C compiler or otherwise.
//!
//! This is the only file that calls functions which cannot be checked. Their signatures are documented at
//! `stackel.CompiledLearner`.

use std::ffi::c_void;
use std::sync::Arc;

use pyo3::prelude::*;
use stackel_core::learners::{Algorithm, Information, RoundByRound, Seat};
use stackel_core::rng::{Role, Stream};
use stackel_core::{LearnerFailure, Rewards, SpecError};

use crate::errors::Raised;
use crate::unraisable::{caught, enter, has_caught};

type Choose = unsafe extern "C" fn(*mut c_void, u64) -> i64;
type Observe = unsafe extern "C" fn(*mut c_void, i64, f64);
type ObserveBoth = unsafe extern "C" fn(*mut c_void, i64, f64, i64);
type Reset = unsafe extern "C" fn(*mut c_void, i64, i64, i64, *const f64);
type ResetWithShape = unsafe extern "C" fn(*mut c_void, i64, i64, i64, *const f64, i64, i64, i64);

/// Time that a decision may take, in units of a round drawn by itself.
const EFFORT: u64 = 1 << 8;

/// Compiled functions, with the sizes and parameters that they need.
#[pyclass(frozen, skip_from_py_object, module = "stackel._core")]
#[derive(Clone)]
pub(crate) struct Code(Arc<Functions>);

struct Functions {
    name: String,
    choose: Choose,
    observe: Feedback,
    reset: Start,
    state_bytes: usize,
    state_bytes_per_arm: usize,
    parameters: Box<[f64]>,
    /// The Python objects that own the functions.
    _owners: Py<PyAny>,
}

/// What is told before the first round.
#[derive(Clone, Copy)]
enum Start {
    Nothing,
    Seat(Reset),
    SeatAndShape(ResetWithShape),
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
    #[allow(clippy::too_many_arguments)] // they are what such a learner is
    fn new(
        name: String,
        addresses: [usize; 3],
        state_bytes: usize,
        state_bytes_per_arm: usize,
        parameters: Vec<f64>,
        sees_response: bool,
        reset_takes_shape: bool,
        owners: Py<PyAny>,
    ) -> PyResult<Self> {
        let [choose, observe, reset] = addresses;
        let null = || pyo3::exceptions::PyValueError::new_err("choose is a null pointer");
        // SAFETY: the caller vouches for the functions and their signatures. A null pointer is `None` in an
        // `Option` of a function.
        let code = unsafe {
            Functions {
                name,
                choose: std::mem::transmute::<usize, Option<Choose>>(choose).ok_or_else(null)?,
                observe: match observe {
                    0 => Feedback::Nothing,
                    both if sees_response => {
                        Feedback::WithResponse(std::mem::transmute::<usize, ObserveBoth>(both))
                    }
                    own => Feedback::Own(std::mem::transmute::<usize, Observe>(own)),
                },
                reset: match reset {
                    0 => Start::Nothing,
                    with_shape if reset_takes_shape => {
                        Start::SeatAndShape(std::mem::transmute::<usize, ResetWithShape>(
                            with_shape,
                        ))
                    }
                    without => Start::Seat(std::mem::transmute::<usize, Reset>(without)),
                },
                state_bytes,
                state_bytes_per_arm,
                parameters: parameters.into(),
                _owners: owners,
            }
        };
        Ok(Self(Arc::new(code)))
    }
}

impl Functions {
    /// Size of the state of an instance, in units of 16 bytes, to which it is aligned.
    fn words(&self, n_arms: usize) -> usize {
        let per_arm = self.state_bytes_per_arm.saturating_mul(n_arms);
        let bytes = self.state_bytes.saturating_add(per_arm);
        bytes.div_ceil(size_of::<u128>())
    }
}

impl Algorithm for Code {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn check(&self, seat: &Seat) -> Result<(), SpecError> {
        let n_instances = match seat.role {
            Role::Follower if !seat.blind => seat.n_leader,
            _ => 1,
        };
        let words = self.0.words(seat.n_arms()).saturating_mul(n_instances);
        if Vec::<u128>::new().try_reserve_exact(words).is_ok() {
            return Ok(());
        }
        let gib = words as f64 * size_of::<u128>() as f64 / f64::from(1 << 30);
        let given = format!("{:?}, whose states need {gib:.1} GiB", self.0.name);
        let allowed = "a learner whose states fit in memory";
        Err(SpecError::new(seat.role.name(), allowed, given))
    }

    fn sees(&self) -> Information {
        match self.0.observe {
            Feedback::WithResponse(_) => Information::Responses,
            Feedback::Nothing | Feedback::Own(_) => Information::OwnRewards,
        }
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        Box::new(Instance::new(&self.0, seat))
    }

    fn effort(&self) -> u64 {
        EFFORT
    }
}

/// One learner: its functions and its state.
struct Instance {
    choose: Choose,
    /// Zero at first, aligned to 16 bytes.
    state: Box<[u128]>,
    n_arms: usize,
    observe: Feedback,
    role: Role,
    leader_action: Option<usize>,
    /// What the functions may still look at.
    code: Arc<Functions>,
}

impl Instance {
    fn new(code: &Arc<Functions>, seat: &Seat) -> Self {
        let n_arms = seat.n_arms();
        let mut this = Self {
            choose: code.choose,
            observe: code.observe,
            state: vec![0; code.words(n_arms)].into_boxed_slice(),
            n_arms,
            role: seat.role,
            leader_action: seat.leader_action,
            code: Arc::clone(code),
        };
        enter();
        this.reset(seat);
        this.check("reset");
        this
    }

    fn reset(&mut self, seat: &Seat) {
        let state = self.state.as_mut_ptr().cast();
        let [n_arms, n_leader, n_follower] =
            [self.n_arms, seat.n_leader, seat.n_follower].map(number);
        let (horizon, role) = (seat.horizon.cast_signed(), seat.role as i64);
        let parameters = self.code.parameters.as_ptr();
        // SAFETY: as in `choose`; there are as many parameters as the caller gave.
        unsafe {
            match self.code.reset {
                Start::Nothing => (),
                Start::Seat(reset) => reset(state, n_arms, horizon, role, parameters),
                Start::SeatAndShape(reset) => {
                    let action = seat.leader_action.map_or(-1, number);
                    reset(
                        state, n_arms, horizon, role, parameters, n_leader, n_follower, action,
                    );
                }
            }
        }
    }

    /// Ends the run if an exception arose in the call just made.
    #[inline]
    fn check(&self, function: &str) {
        if has_caught() {
            self.check_this_thread(function);
        }
    }

    #[cold]
    #[inline(never)]
    fn check_this_thread(&self, function: &str) {
        if let Some(error) = caught() {
            LearnerFailure::unwind(Raised(error), self.doing(function));
        }
    }

    /// What it does, for messages.
    #[cold]
    fn doing(&self, function: &str) -> String {
        let at = self.leader_action.map_or(String::new(), |action| {
            format!(" at leader action {action}")
        });
        format!(
            "{function} of the {} {:?}{at}",
            self.role.name(),
            self.code.name
        )
    }

    /// Ends the run: there is no such arm.
    #[cold]
    fn refuse(&self, arm: i64) -> ! {
        let allowed = format!(
            "a compiled learner whose choose returns an arm from 0 to {}",
            self.n_arms - 1
        );
        let given = format!("{arm} from {:?}", self.code.name);
        let error = SpecError::new(self.role.name(), allowed, given);
        LearnerFailure::unwind(error, self.doing("choose"))
    }
}

impl RoundByRound for Instance {
    #[inline]
    fn choose(&mut self, choice: &mut Stream) -> usize {
        // SAFETY: the function has the documented signature, and its state as much memory as the
        // caller asked for, for as long as the learner lives.
        let arm = unsafe { (self.choose)(self.state.as_mut_ptr().cast(), choice.next_u64()) };
        self.check("choose");
        match usize::try_from(arm) {
            Ok(arm) if arm < self.n_arms => arm,
            _ => self.refuse(arm),
        }
    }

    #[inline]
    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        let reward = reward.value();
        let state = self.state.as_mut_ptr().cast();
        let (arm, response) = (number(arm), number(response));
        // SAFETY: as in `choose`.
        unsafe {
            match self.observe {
                Feedback::Nothing => (),
                Feedback::Own(observe) => observe(state, arm, reward),
                Feedback::WithResponse(observe) => observe(state, arm, reward, response),
            }
        }
        self.check("observe");
    }
}

/// A count as C has it.
fn number(count: usize) -> i64 {
    count.cast_signed() as i64
}
