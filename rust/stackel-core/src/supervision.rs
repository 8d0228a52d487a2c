//! Work on several threads, with a supervisor that sees the progress and may stop the work.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::error::RunError;

/// Rounds of work between two checks whether to go on: a few milliseconds at most.
pub(crate) const CHUNK: u64 = 1 << 15;
/// Time between two calls of the supervisor.
const TICK: Duration = Duration::from_millis(50);
/// Least number of rounds for which threads are started: shorter runs end before threads would start.
const WORTH_THREADS: u64 = 1 << 17;

/// Progress of a run, shared by its workers and its supervisor.
#[derive(Default)]
pub(crate) struct Progress {
    done: AtomicU64,
    stop: AtomicBool,
}

/// A function that is called at most every 50 ms with the fraction of rounds done. If it returns false,
/// the run stops.
pub type Supervisor<'s> = &'s mut dyn FnMut(f64) -> bool;

impl Progress {
    /// Adds rounds done. Returns false when the run is to stop.
    fn note(&self, rounds: u64) -> bool {
        self.done.fetch_add(rounds, Ordering::Relaxed);
        !self.stop.load(Ordering::Relaxed)
    }

    fn fraction(&self, work: u64) -> f64 {
        self.done.load(Ordering::Relaxed) as f64 / work as f64
    }
}

/// Stops the other replications when one panics, so that the caller learns of the panic soon.
struct StopOnPanic<'a>(&'a Progress);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// Calls the supervisor from the thread that does the work.
pub(crate) struct Watchman<'a> {
    progress: &'a Progress,
    supervisor: Supervisor<'a>,
    work: u64,
    last: Instant,
}

impl<'a> Watchman<'a> {
    pub(crate) fn new(progress: &'a Progress, supervisor: Supervisor<'a>, work: u64) -> Self {
        Self {
            progress,
            supervisor,
            work,
            last: Instant::now(),
        }
    }

    pub(crate) fn note(&mut self, rounds: u64) -> bool {
        let go_on = self.progress.note(rounds);
        if self.last.elapsed() < TICK {
            return go_on;
        }
        self.last = Instant::now();
        (self.supervisor)(self.progress.fraction(self.work))
    }
}

/// Does every job on up to `threads` threads, about `work` rounds in all. Results are in the order of
/// the jobs.
pub(crate) fn perform<J: Send, T: Send>(
    jobs: Vec<J>,
    threads: usize,
    work: u64,
    supervisor: Supervisor,
    job: impl Fn(J, &mut dyn FnMut(u64) -> bool) -> Result<T, RunError> + Sync,
) -> Result<Vec<T>, RunError> {
    let progress = Progress::default();
    let threads = threads.min(jobs.len());
    if threads <= 1 || work < WORTH_THREADS {
        let mut watch = Watchman::new(&progress, supervisor, work);
        let mut go_on = |rounds| watch.note(rounds);
        return jobs.into_iter().map(|each| job(each, &mut go_on)).collect();
    }
    let each = |each| {
        let _guard = StopOnPanic(&progress);
        job(each, &mut |rounds| progress.note(rounds))
    };
    let jobs = jobs.into_par_iter().with_max_len(1);
    supervised(threads, &progress, work, supervisor, || {
        jobs.map(each).collect()
    })
}

/// Runs `job` on a new pool of threads while this thread supervises. The pool ends with the call, so
/// that no thread is left when the process forks.
fn supervised<T: Send>(
    threads: usize,
    progress: &Progress,
    work: u64,
    supervisor: Supervisor,
    job: impl FnOnce() -> Result<T, RunError> + Send,
) -> Result<T, RunError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| RunError::Threads(error.to_string()))?;
    let (sender, receiver) = channel();
    pool.in_place_scope(|scope| {
        scope.spawn(move |_| {
            // The receiver waits for this result, or until a panic drops the sender.
            let _ = sender.send(job());
        });
        loop {
            match receiver.recv_timeout(TICK) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Disconnected) => return Err(RunError::Cancelled),
                Err(RecvTimeoutError::Timeout) => {
                    if !supervisor(progress.fraction(work)) {
                        progress.stop.store(true, Ordering::Relaxed);
                    }
                }
            }
        }
    })
}
