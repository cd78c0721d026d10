//! The terminal: its width, and the meaning of its colors. Text always has colors; `anstream` removes them when it is printed
//! to a pipe, or if `--color` or `NO_COLOR` says so.

use anstyle::{AnsiColor, Style};
use clap::ColorChoice;
use terminal_size::{Height, Width as Columns, terminal_size_of};

use crate::layout::Width;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default();
pub(crate) const HEADING: Style = Style::new().bold();

/// Text is not easier to read if it is wrapped to less than this.
const NARROWEST: usize = 20;

/// Applies to everything that is printed from now on.
pub(crate) fn choose_color(choice: ColorChoice) {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The width for results.
pub(crate) fn output_width() -> Width {
    width(terminal_size_of(std::io::stdout()))
}

/// The width for errors.
pub(crate) fn error_width() -> Width {
    width(terminal_size_of(std::io::stderr()))
}

/// `COLUMNS`, if it is exported, wins over the terminal.
fn width(size: Option<(Columns, Height)>) -> Width {
    let exported = std::env::var("COLUMNS").ok();
    let exported = exported.and_then(|columns| columns.parse().ok());
    let columns = exported.or(size.map(|(Columns(columns), _)| usize::from(columns)));
    columns.map(|columns| columns.max(NARROWEST))
}
