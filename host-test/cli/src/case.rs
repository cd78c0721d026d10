//! `psa-host case`: the skeleton of a case, from a recording, or cases for programs in other languages.

use std::path::Path;

use psa_recording::{Case as RecordedCase, case_files, case_skeleton};

use crate::arguments::Case;
use crate::failure::Failure;
use crate::output::Output;
use crate::private_file;
use crate::text::{self, visible};

pub(crate) fn run(command: Case) -> Result<Output, Failure> {
    if let Some(folder) = &command.export {
        return export(&command.input_file, folder);
    }
    let recording = command.input_file.display().to_string();
    let archive = std::fs::read_to_string(&command.input_file).map_err(|error| {
        Failure::usage(
            format!("cannot read {recording}: {error}"),
            "Name a HAR file.",
        )
    })?;
    let skeleton = case_skeleton(&recording, &archive, command.operation, command.input).map_err(
        |error| {
            Failure::usage(
                error.to_string(),
                "Name a HAR file that --record wrote or that `psa-host scrub` cleaned, and arguments that the operation takes.",
            )
        },
    )?;
    let json = text::json(&skeleton).map_err(|error| Failure::defect(error.to_string()))?;
    let Some(path) = &command.output else {
        return Ok(Output::of_text(json));
    };
    let output = path.display();
    let not_written = |problem: String| {
        Failure::usage(
            format!("cannot write {output}: {problem}"),
            "Name a file that does not exist yet, in a folder that you can write to.",
        )
    };
    if path.exists() {
        return Err(not_written("it already exists".to_owned()));
    }
    private_file::write(path, &format!("{json}\n"))
        .map_err(|error| not_written(error.to_string()))?;
    Ok(Output::of_text(visible(&format!(
        "Wrote {output}. Fill in what it asks for, and check the role of each exchange."
    ))))
}

/// Each case in a file of the same name, in folders of the same names.
fn export(cases: &Path, folder: &Path) -> Result<Output, Failure> {
    let name_cases = "Name a case, or a folder of cases such as tests/cases/connectwise.";
    let shown = folder.display();
    let not_written = |problem: String| {
        Failure::usage(
            format!("cannot write {shown}: {problem}"),
            "Name a folder that does not exist yet, in one that you can write to.",
        )
    };
    let files = case_files(cases).map_err(|error| {
        Failure::usage(
            format!("cannot read {}: {error}", cases.display()),
            name_cases,
        )
    })?;
    if folder.exists() {
        return Err(not_written("it already exists".to_owned()));
    }
    let root = if cases.is_dir() {
        cases
    } else {
        cases.parent().unwrap_or(cases)
    };
    for file in &files {
        let case = RecordedCase::from_file(file)
            .map_err(|error| Failure::usage(error.to_string(), name_cases))?;
        let json =
            text::json(&case.exported()).map_err(|error| Failure::defect(error.to_string()))?;
        let path = folder.join(file.strip_prefix(root).unwrap_or(file));
        std::fs::create_dir_all(path.parent().unwrap_or(folder))
            .and_then(|()| private_file::write(&path, &format!("{json}\n")))
            .map_err(|error| not_written(error.to_string()))?;
    }
    let count = match files.len() {
        1 => "1 case".to_owned(),
        count => format!("{count} cases"),
    };
    Ok(Output::of_text(visible(&format!(
        "Wrote {count} to {shown}."
    ))))
}
