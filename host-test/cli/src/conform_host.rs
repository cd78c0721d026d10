//! `psa-host conform-host`: starts the server of the kit, runs the host's program against it, and shows what the kit makes of
//! it. What a host owes, and how that is found out, is in `psa-host-conformance`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use psa_host_conformance::{DUTIES, Printed, Server, judge};
use tempfile::TempDir;

use crate::arguments::ConformHost;
use crate::conform_host::program::run_program;
use crate::failure::Failure;
use crate::output::Output;
use crate::{connector_file, csv, exit};

mod program; // The host's program: started, waited for, ended.
mod shown; // The report for people.

/// What the host's program is told, as environment variables.
struct Told {
    variables: Vec<(String, String)>,
    /// Deletes the certificate at the end.
    _folder: TempDir,
}

pub(crate) async fn run(command: ConformHost) -> Result<Output, Failure> {
    // It waits for a program, and nothing else goes on meanwhile.
    tokio::task::spawn_blocking(move || test(&command))
        .await
        .map_err(|error| Failure::defect(format!("the conformance kit failed: {error}")))?
}

fn test(command: &ConformHost) -> Result<Output, Failure> {
    let only = command.only.as_deref();
    if let Some(only) = only.filter(|only| DUTIES.iter().all(|duty| duty.id != *only)) {
        let names: Vec<&str> = DUTIES.iter().map(|duty| duty.id).collect();
        return Err(Failure::usage(
            format!("--only: there is no duty `{only}`"),
            format!("The duties are {}.", names.join(", ")),
        ));
    }
    let probe = connector_file::of(&command.probe)?;
    let server = Server::start(Duration::from_secs(command.patience)).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "Close programs that use many ports, then repeat.",
        )
    })?;
    let told = told(&server, &probe, only)?;
    let printed = if command.serve {
        from_standard_input(&told)?
    } else {
        run_program(
            &command.program,
            &told.variables,
            Duration::from_secs(command.timeout),
        )?
    };
    let report = judge(&server, &server.seen(), &printed, only);
    Output::new(
        command.shown.format(),
        &report,
        |width| shown::report(&report, &printed, width),
        || csv::duties(&report),
        exit::of_conformance(report.is_conformant()),
    )
}

fn told(server: &Server, probe: &std::path::Path, only: Option<&str>) -> Result<Told, Failure> {
    let not_written = |error: std::io::Error| {
        Failure::usage(
            format!("cannot write the server's certificate: {error}"),
            "Set TMPDIR to a folder that you can write to.",
        )
    };
    let folder = TempDir::new().map_err(not_written)?;
    let certificate = folder.path().join("authority.pem");
    fs::write(&certificate, &server.certificate_pem).map_err(not_written)?;
    let (mut settings, mut other) = (server.settings(), server.other_settings());
    if let Some(only) = only {
        settings.insert("only", only.to_owned());
        other.insert("only", only.to_owned());
    }
    let path = |path: PathBuf| path.display().to_string();
    let probe = fs::canonicalize(probe).unwrap_or_else(|_| probe.to_owned());
    let json = |settings| serde_json::to_string(settings).unwrap_or_default();
    let variables = [
        ("PSA_PROBE", path(probe)),
        ("PSA_CERTIFICATE", path(certificate)),
        ("PSA_SETTINGS", json(&settings)),
        ("PSA_OTHER_SETTINGS", json(&other)),
    ];
    Ok(Told {
        variables: variables
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec(),
        _folder: folder,
    })
}

/// Says what to tell the host, and takes what its program printed, until the input ends.
fn from_standard_input(told: &Told) -> Result<Printed, Failure> {
    let mut lines: Vec<String> = told
        .variables
        .iter()
        .map(|(name, value)| format!("export {name}='{value}'"))
        .collect();
    lines.push(
        "# Run your program with these, give its output to this one, and end it with Ctrl-D."
            .to_owned(),
    );
    let read = || -> std::io::Result<Vec<u8>> {
        let mut errors = anstream::stderr().lock();
        writeln!(errors, "{}", lines.join("\n"))?;
        let mut input = Vec::new();
        std::io::stdin().lock().read_to_end(&mut input)?;
        Ok(input)
    };
    let input = read().map_err(|error| {
        Failure::usage(
            format!("cannot read what the program printed: {error}"),
            "Give its output to standard input, such as `psa-host conform-host --serve <output`.",
        )
    })?;
    Ok(Printed {
        output: text_of(&input),
        ..Printed::default()
    })
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
