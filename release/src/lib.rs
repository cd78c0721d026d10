//! What a package of a command line has beside the program: manual pages and completion scripts, both made from its
//! definition. Each program writes its own, by a hidden subcommand.

use std::io;
use std::path::Path;

use clap::Command;
use clap_complete::Shell;

/// Writes below a folder where Linux distributions expect them: a page for the program and for each of its subcommands, and
/// scripts for three shells.
///
/// # Errors
/// A file cannot be written.
pub fn write_share(command: Command, folder: &Path) -> io::Result<()> {
    // `help` would have a page for each of the others.
    let mut command = command.disable_help_subcommand(true);
    let name = command.get_name().to_owned();
    let scripts = [
        (Shell::Bash, "bash-completion/completions", name.clone()),
        (
            Shell::Fish,
            "fish/vendor_completions.d",
            format!("{name}.fish"),
        ),
        (Shell::Zsh, "zsh/site-functions", format!("_{name}")),
    ];
    for (shell, below, file) in scripts {
        let folder = folder.join(below);
        std::fs::create_dir_all(&folder)?;
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command, &name, &mut script);
        std::fs::write(folder.join(file), script)?;
    }
    let pages = folder.join("man/man1");
    std::fs::create_dir_all(&pages)?;
    clap_mangen::generate_to(command, pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_subcommand_has_a_page_and_what_is_hidden_has_none() {
        let command = Command::new("tool").subcommands([
            Command::new("open").about("Opens a ticket"),
            Command::new("share").hide(true),
        ]);
        let folder = tempfile::tempdir().expect("a folder");
        write_share(command, folder.path()).expect("files");
        let text = |name: &str| std::fs::read_to_string(folder.path().join(name));
        assert!(
            text("man/man1/tool.1")
                .expect("a page")
                .contains("tool\\-open(1)")
        );
        assert!(
            text("man/man1/tool-open.1")
                .expect("a page")
                .contains("Opens a ticket")
        );
        for left_out in ["tool-help.1", "tool-share.1"] {
            assert!(text(&format!("man/man1/{left_out}")).is_err(), "{left_out}");
        }
        for script in [
            "bash-completion/completions/tool",
            "fish/vendor_completions.d/tool.fish",
            "zsh/site-functions/_tool",
        ] {
            assert!(text(script).expect("a script").contains("open"), "{script}");
        }
    }
}
