//! Named, believable bugs of the bundled switch: the proof that the suite can fail.
