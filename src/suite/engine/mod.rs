//! The run: the only room that knows `cucumber`.
