//! The command line of `msrpspec`.

/// A run is made of small pieces, parsed and thrown away by the million: this saves a tenth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    msrpspec::cli::main()
}
