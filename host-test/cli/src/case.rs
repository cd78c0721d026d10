//! `psa-host case`: the skeleton of a case, from a recording.

use psa_recording::case_skeleton;

use crate::arguments::Case;
use crate::failure::Failure;
use crate::output::Output;
use crate::private_file;
use crate::text::{self, visible};

pub(crate) fn run(command: Case) -> Result<Output, Failure> {
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
