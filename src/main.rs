//! The command line of `msrpspec`.

fn main() -> std::process::ExitCode {
    msrpspec::cli::main()
}
