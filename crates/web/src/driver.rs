//! The queue and the pump: the only place where the phone is mutated.

use crate::clock::Clock;
use gloo_timers::callback::Timeout;
use ringlet_phone::Instant;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

/// A machine of the kind the driver runs: inputs in, effects and a deadline out.
pub trait Machine {
    /// What can happen to it.
    type Input;
    /// What it can want done.
    type Effect;

    /// The input that says the deadline has been reached.
    fn timeout() -> Self::Input;
    /// Takes one input.
    fn handle(&mut self, now: Instant, input: Self::Input);
    /// The next thing to do, until `None`.
    fn poll(&mut self) -> Option<Self::Effect>;
    /// When [`Machine::timeout`] is due, if nothing happens before.
    fn poll_timeout(&self) -> Option<Instant>;
}

/// Does what the machine wants done.
pub trait Shell<M: Machine> {
    /// Does one thing. Whatever it brings about comes back through the [`Inbox`], even at once.
    fn perform(&mut self, effect: M::Effect);
    /// Everything is drained, and the machine is at rest.
    fn settled(&mut self, machine: &M);
}

/// Where the adapters put what happened.
pub struct Inbox<I>(Rc<dyn Fn(I)>);

impl<I> Inbox<I> {
    /// An inbox that hands every input to `take`.
    pub fn new(take: impl Fn(I) + 'static) -> Self {
        Self(Rc::new(take))
    }

    /// Puts an input in the queue. It is handled before this returns, unless the driver is at
    /// work already: then right after what it is doing.
    pub fn push(&self, input: I) {
        (self.0)(input);
    }
}

impl<I> Clone for Inbox<I> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Runs a machine in a page, with one timer.
pub struct Driver<M: Machine, S>(Rc<Inner<M, S>>);

impl<M: Machine, S> Clone for Driver<M, S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

struct Inner<M: Machine, S> {
    queue: RefCell<VecDeque<M::Input>>,
    /// Borrowed by [`Driver::pump`] alone, which never runs inside itself.
    at_work: RefCell<(M, S)>,
    state: Cell<State>,
    timer: RefCell<Option<Timer>>,
    clock: Clock,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Everything is drained.
    Idle,
    /// [`Driver::pump`] runs.
    AtWork,
    /// The machine or its shell failed in the middle of its work: every input is ignored.
    Poisoned,
}

/// The browser's timer, and the deadline it was set for.
struct Timer {
    at: Instant,
    _timeout: Timeout,
}

impl<M: Machine + 'static, S: Shell<M> + 'static> Driver<M, S> {
    /// Takes the machine, and makes the shell around the inbox it will answer to.
    pub fn new(machine: M, clock: Clock, shell: impl FnOnce(Inbox<M::Input>) -> S) -> Self {
        Self(Rc::new_cyclic(|weak: &Weak<Inner<M, S>>| Inner {
            queue: RefCell::default(),
            at_work: RefCell::new((machine, shell(inbox(weak.clone())))),
            state: Cell::new(State::Idle),
            timer: RefCell::default(),
            clock,
        }))
    }

    /// Where to put inputs. Once the driver is dropped they go nowhere.
    pub fn inbox(&self) -> Inbox<M::Input> {
        inbox(Rc::downgrade(&self.0))
    }

    /// Says the deadline is reached if it is: browsers delay the timers of hidden pages, so this
    /// is also to be called when the page is seen again.
    pub fn wake(&self) {
        if self.is_poisoned() {
            return;
        }
        let due = match &*self.0.timer.borrow() {
            Some(timer) => timer.at <= self.0.clock.now(),
            None => false,
        };
        if due {
            self.0.queue.borrow_mut().push_back(M::timeout());
        }
        self.pump();
    }

    /// Handles everything in the queue, and everything that comes into it meanwhile.
    pub fn pump(&self) {
        match self.0.state.get() {
            State::Idle => self.0.state.set(State::AtWork),
            State::AtWork => return,
            State::Poisoned => return,
        }
        let mut at_work = self.0.at_work.borrow_mut();
        let (machine, shell) = &mut *at_work;
        loop {
            while let Some(input) = self.next() {
                machine.handle(self.0.clock.now(), input);
                while let Some(effect) = machine.poll() {
                    shell.perform(effect);
                    if self.is_poisoned() {
                        return;
                    }
                }
            }
            shell.settled(machine);
            if self.is_poisoned() {
                return;
            }
            if self.0.queue.borrow().is_empty() {
                break;
            }
        }
        self.set_timer(machine.poll_timeout());
        self.0.state.set(State::Idle);
    }

    /// Ignores every input from now on. To be called when the machine or its shell has failed; it
    /// touches neither.
    pub fn poison(&self) {
        self.0.state.set(State::Poisoned);
    }

    /// Whether [`Driver::pump`] has begun and not ended.
    pub(crate) fn is_at_work(&self) -> bool {
        self.0.state.get() == State::AtWork
    }

    fn is_poisoned(&self) -> bool {
        self.0.state.get() == State::Poisoned
    }

    fn push(&self, input: M::Input) {
        if !self.is_poisoned() {
            self.0.queue.borrow_mut().push_back(input);
            self.pump();
        }
    }

    fn next(&self) -> Option<M::Input> {
        self.0.queue.borrow_mut().pop_front()
    }

    fn set_timer(&self, deadline: Option<Instant>) {
        let mut timer = self.0.timer.borrow_mut();
        if timer.as_ref().map(|timer| timer.at) == deadline {
            return;
        }
        *timer = deadline.map(|at| Timer { at, _timeout: self.timeout(at) });
    }

    fn timeout(&self, at: Instant) -> Timeout {
        // `setTimeout` takes 31 bits; a longer wait goes on when the timer fires too early.
        let ms = at.since(self.0.clock.now()).as_millis().min(i32::MAX as u128) as u32;
        let driver = Rc::downgrade(&self.0);
        Timeout::new(ms, move || {
            if let Some(inner) = driver.upgrade() {
                Self(inner).timer_fired();
            }
        })
    }

    fn timer_fired(&self) {
        if self.is_poisoned() {
            return;
        }
        let Some(Timer { at, _timeout }) = self.0.timer.take() else { return };
        if at <= self.0.clock.now() {
            self.0.queue.borrow_mut().push_back(M::timeout());
        }
        self.pump();
    }
}

fn inbox<M: Machine + 'static, S: Shell<M> + 'static>(
    driver: Weak<Inner<M, S>>,
) -> Inbox<M::Input> {
    Inbox::new(move |input| {
        if let Some(inner) = driver.upgrade() {
            Driver(inner).push(input);
        }
    })
}
