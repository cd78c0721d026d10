//! `psa-host scrub`: cleans a HAR that was made elsewhere.

use psa_recording::{Scrubber, scrub_har};

use crate::arguments::Scrub;
use crate::failure::Failure;
use crate::output::Output;
use crate::sources::{HINT_OF_SETTINGS, settings_text};
use crate::tenant::load;
use crate::text::visible;
use crate::warning::warn;
use crate::{private_file, secret_file, settings};

pub(crate) async fn run(command: &Scrub) -> Result<Output, Failure> {
    let scrubber = scrubber(command).await?;
    let input = command.input.display();
    let text = std::fs::read_to_string(&command.input).map_err(|error| {
        Failure::usage(format!("cannot read {input}: {error}"), "Name a HAR file.")
    })?;
    let cleaned = scrub_har(&text, &scrubber).map_err(|error| {
        Failure::usage(
            format!("{input}: {error}"),
            "Only HAR files can be cleaned: browsers and proxies export them.",
        )
    })?;
    let output = command.output.display();
    private_file::write(&command.output, &cleaned).map_err(|error| {
        Failure::usage(
            format!("cannot write {output}: {error}"),
            "Name a file in a folder that you can write to.",
        )
    })?;
    let rest = "It still contains names, addresses and other data of the tenant.";
    Ok(Output::of_text(visible(&format!(
        "Wrote {output} without credentials. {rest}"
    ))))
}

async fn scrubber(command: &Scrub) -> Result<Scrubber, Failure> {
    let Some(path) = &command.settings else {
        return Ok(Scrubber::default());
    };
    warn(secret_file::warning(path));
    let text = settings_text(path)?;
    let name = path.display().to_string();
    let file = settings::File {
        name: &name,
        text: &text,
        tenant: command.tenant.as_deref(),
    };
    let usage = |message| Failure::usage(message, HINT_OF_SETTINGS);
    let Some(component) = &command.component else {
        return Ok(Scrubber::of_secrets(&settings::all(&file).map_err(usage)?));
    };
    let (_, description) = load(component, false).await?;
    let known = settings::merge(&description.settings, Some(file), &[], |_| None).map_err(usage)?;
    let mut scrubber = Scrubber::new(&description, &known);
    for name in &command.keep_in_urls {
        scrubber = scrubber.keep_in_urls(name).map_err(usage)?;
    }
    Ok(scrubber)
}
