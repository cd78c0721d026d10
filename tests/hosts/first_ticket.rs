//! Opens a ticket against a recorded tenant. The argument is the folder of the clone of psa-connector.

use psa_host::contract::{Detail, Rating, Setting, TicketDraft};
use psa_host::{Connector, Limits};
use psa_recording::{Recording, Replay};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clone = std::env::args().nth(1).ok_or("name the clone")?;
    let connector = Connector::from_file(format!("{clone}/target/connectwise-psa.wasm"))?;
    let settings = [
        ("site", "na.myconnectwise.net"),
        ("company-id", "examplemsp"),
        ("public-key", "ExamplePublicKey"),
        ("private-key", "ExamplePrivateKey"),
        ("client-id", "3e1c5a70-94d2-4b86-a0f7-5d6c2b8e9a41"),
    ];
    let settings = settings.map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    });
    let recording = format!("{clone}/tests/recordings/connectwise/tenant.json");
    let http = Replay::new(&Recording::from_file(recording)?, &settings)?;
    let draft = TicketDraft {
        company_id: "250".to_owned(),
        board_id: Some("5".to_owned()),
        type_id: Some("61".to_owned()),
        priority_id: Some("6".to_owned()),
        severity: Some(Rating::High),
        summary: "Blocked domain".to_owned(),
        details: vec![Detail {
            label: "Domain".to_owned(),
            value: "example.com".to_owned(),
        }],
        reference: Some("alert-4711".to_owned()),
        ..TicketDraft::default()
    };
    let call = connector.call(http, Limits::default());
    let created = call.create_ticket(settings.to_vec(), draft).await?;
    println!("{} {:?}", created.ticket.number, created.creation);
    Ok(())
}
