//! The command that makes one check again. Reports show it beside each failure; it is run nowhere.

use super::Check;

/// How the kit was called, which is how it is called again.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// `psa-host`, or the path that it was started by.
    pub program: String,
    /// The component's path, as it was typed.
    pub component: String,
    /// The path of the cases, as it was typed.
    pub cases: String,
}

impl Repeat {
    /// A line for a POSIX shell, quoted where it has to be.
    #[must_use]
    pub fn command(&self, check: &Check) -> String {
        let words: [&str; 7] = [
            &self.program,
            "conform",
            &self.component,
            &self.cases,
            "--exact",
            "--filter",
            &check.name,
        ];
        // No argument of a program can hold a NUL, so nothing is lost by allowing it.
        let quoted = shlex::Quoter::new().allow_nul(true).join(words);
        quoted.unwrap_or_else(|_| words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn a_shell_reads_the_command_as_it_was_meant() {
        let mut repeat = sample::repeat();
        repeat.component = "my connector's.wasm".to_owned();
        let mut check = sample::passed("faults/verify/$(id)/0/status-502", Some("status-502"));
        check.name.push('\n');
        let words = shlex::split(&repeat.command(&check)).expect("words of a shell");
        let expected = [
            "psa-host",
            "conform",
            "my connector's.wasm",
            "cases",
            "--exact",
            "--filter",
            "faults/verify/$(id)/0/status-502\n",
        ];
        assert_eq!(words, expected);
    }
}
