//! The front desk: command line, settings, wiring and exit codes.
//!
//! The whole program is readable in the one `match` of [`run`].

mod arguments;
mod commands;
mod output;

use anyhow::Result;
use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

/// A post makes dozens of small allocations on one thread that another frees.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Everything went well.
const EXIT_OK: u8 = 0;
/// An error; the message says what to do.
const EXIT_ERROR: u8 = 1;
// 2 is clap's: the arguments are wrong.
/// The file was imported, and some of its items were rejected.
const EXIT_SOME_REJECTED: u8 = 3;
/// Interrupted; the same command goes on where it stopped.
const EXIT_INTERRUPTED: u8 = 4;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(&arguments);
    match run(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_closed_pipe(&error) => ExitCode::from(EXIT_OK),
        Err(error) => {
            eprintln!("atalaya: {error:#}");
            let interrupted =
                matches!(error.downcast_ref::<app::AppError>(), Some(app::AppError::Interrupted));
            ExitCode::from(if interrupted { EXIT_INTERRUPTED } else { EXIT_ERROR })
        }
    }
}

fn run(arguments: Arguments) -> Result<u8> {
    let desk = commands::Desk::new(&arguments);
    match arguments.command {
        Command::Serve(options) => commands::serve::serve(&desk, &options),
        Command::Demo(options) => commands::demo::demo(&desk, &options),
        Command::Import(options) => commands::import::import(&desk, &options),
        Command::Search(options) => commands::listening::search(&desk, &options),
        Command::Alerts(options) => commands::alerts::alerts(&desk, &options),
        Command::Export(options) => commands::listening::export(&desk, &options),
        Command::Query { command } => commands::listening::query(&desk, &command),
        Command::Source { command } => commands::listening::source(&desk, &command),
        Command::User { command } => commands::access::user(&desk, &command),
        Command::Workspace { command } => commands::access::workspace(&desk, &command),
        Command::Backup { to } => commands::data::backup(&desk, &to),
        Command::Restore { from } => commands::data::restore(&desk, &from),
        Command::Rebuild => commands::data::rebuild(&desk),
        Command::Erase(options) => commands::data::erase(&desk, &options),
        Command::Config { command } => commands::config::config(&desk, &command),
        Command::Text { command } => commands::text::text(&command),
        Command::Copies(options) => commands::copies::copies(&options),
        Command::Images(options) => commands::images::images(&options),
        Command::Coordination { command } => commands::coordination::coordination(&desk, &command),
        Command::Completions { shell } => commands::config::completions(shell),
        Command::Manual { to } => commands::config::manual(&to),
    }
}

/// Log lines go to standard error, so that standard output stays data.
fn start_log(arguments: &Arguments) {
    let filter = tracing_subscriber::EnvFilter::try_new(&arguments.log)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if arguments.log_json { log.json().init() } else { log.with_target(false).init() }
}

/// True when the reader of our output went away, as `head` does.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
