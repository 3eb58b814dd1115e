//! Where a step panicked: the payload alone does not say.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::FutureExt;

thread_local! {
    static IN_STEP: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Puts our hook in place: it keeps the place of a panic within a step and lets all others be seen.
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        if IN_STEP.get() {
            let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
            PLACE.with_borrow_mut(|kept| *kept = place);
        } else {
            eprintln!("{info}");
        }
    }));
}

/// Runs a step; a panic becomes its text with its place.
pub(super) async fn caught<T>(step: impl Future<Output = T>) -> Result<T, String> {
    let marked = Marked { step: Box::pin(step) };
    std::panic::AssertUnwindSafe(marked).catch_unwind().await.map_err(|payload| {
        IN_STEP.set(false);
        let text = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("a payload that is not text");
        match PLACE.take() {
            Some(place) => format!("panicked at {place}: {text}"),
            None => format!("panicked: {text}"),
        }
    })
}

/// Marks the thread as being within a step, poll by poll.
struct Marked<F> {
    step: Pin<Box<F>>,
}

impl<F: Future> Future for Marked<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        IN_STEP.set(true);
        let poll = self.step.as_mut().poll(context);
        IN_STEP.set(false);
        poll
    }
}
