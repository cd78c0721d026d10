//! Notes of a ticket with a plain client.

use psa_tests::mock::connectwise::{Access, Function, Level, Role, Server};
use reqwest::Method;
use serde_json::{Value, json};

use super::plain::{get, ids, post, refusal, write};
use super::{COMPANY, server};

const NOTES: &str = "/service/tickets/7001/notes";

async fn with_a_ticket() -> Server {
    let server = server();
    post(&server, &json!({"summary": "x", "company": {"id": 2}})).await;
    server
}

async fn add(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    write(server, Method::POST, path, body).await
}

#[tokio::test]
async fn a_note_is_written_and_read() {
    let server = with_a_ticket().await;
    let note = json!({"text": "Seen again.\n[ref: a:1]", "internalAnalysisFlag": true, "processNotifications": false});
    let (status, written) = add(&server, NOTES, &note).await;
    assert_eq!(status, 201, "{written}");
    assert_eq!(
        (&written["ticketId"], &written["createdBy"]),
        (&json!(7001), &json!("ApiMemberOf-examplemsp"))
    );
    let fields = [(
        "fields",
        "id,text,detailDescriptionFlag,internalAnalysisFlag,resolutionFlag",
    )];
    let (_, rows) = get(&server, NOTES, &fields).await;
    let row = json!({
        "id": written["id"], "text": "Seen again.\n[ref: a:1]", "detailDescriptionFlag": false,
        "internalAnalysisFlag": true, "resolutionFlag": false,
    });
    assert_eq!(rows, json!([row]));
    server.tenant(COMPANY, |tenant| {
        let notes = &tenant.ticket(7001).expect("it was opened").notes;
        assert_eq!((notes.len(), notes[0].is_mailed), (1, false));
    });
}

#[tokio::test]
async fn notes_are_refused_as_the_server_refuses_them() {
    let server = with_a_ticket().await;
    for (path, body, status, code, field, message) in [
        (
            NOTES,
            json!({"text": "x", "processNotifications": false}),
            400,
            "ServiceNote",
            "detailDescriptionFlag, internalAnalysisFlag, resolutionFlag",
            "Please choose where to display",
        ),
        (
            NOTES,
            json!({"text": "x", "resolutionFlag": true, "emailContactFlag": false}),
            400,
            "ConnectWiseApi",
            "",
            "Could not find member 'emailContactFlag' on object of type 'ServiceNote'",
        ),
        (
            NOTES,
            json!({"text": 1, "resolutionFlag": true}),
            500,
            "ConnectWiseApi",
            "",
            "Error converting value",
        ),
        (
            NOTES,
            json!("x"),
            400,
            "InvalidObject",
            "",
            "not a JSON object",
        ),
        (
            "/service/tickets/9/notes",
            json!({"text": "x", "resolutionFlag": true}),
            404,
            "NotFound",
            "",
            "Service Ticket 9 not found",
        ),
    ] {
        let (found, answer) = add(&server, path, &body).await;
        let refused = refusal(&answer);
        assert_eq!(
            (found, &*refused.0, &*refused.1),
            (status, code, field),
            "{body}"
        );
        assert!(refused.2.contains(message), "{body}: {answer}");
    }
    assert_eq!(ids(&get(&server, NOTES, &[]).await.1).len(), 0);
    assert_eq!(write(&server, Method::PUT, NOTES, &json!({})).await.0, 405);
}

/// By date, as it is asked: the one that was written last need not have the highest id.
#[tokio::test]
async fn the_newest_notes_come_first_if_so_ordered() {
    let server = with_a_ticket().await;
    server.tenant(COMPANY, |tenant| {
        for text in ["first", "second", "third"] {
            tenant.write_note(7001, text, false);
        }
        tenant.change_ticket(7001, |ticket| {
            "2026-06-01T00:00:00Z".clone_into(&mut ticket.notes[0].created_at);
        });
    });
    let texts = async |query: &[(&str, &str)]| {
        let (status, rows) = get(&server, NOTES, query).await;
        assert_eq!(status, 200, "{query:?}: {rows}");
        let rows = rows.as_array().expect("rows").clone();
        let texts = rows
            .iter()
            .map(|row| row["text"].as_str().map(str::to_owned));
        texts.collect::<Option<Vec<_>>>().expect("texts")
    };
    assert_eq!(texts(&[]).await, ["first", "second", "third"]);
    let newest = [("orderBy", "dateCreated desc"), ("pageSize", "2")];
    assert_eq!(texts(&newest).await, ["first", "third"]);
    let shown = [("conditions", "detailDescriptionFlag=true")];
    assert_eq!(texts(&shown).await, Vec::<String>::new());
    for query in [
        ("orderBy", "dateEntered desc"),
        ("conditions", "noteType=\"TicketNote\""),
    ] {
        assert_eq!(get(&server, NOTES, &[query]).await.0, 400, "{query:?}");
    }
}

#[tokio::test]
async fn time_entries_are_among_all_notes_only() {
    let server = with_a_ticket().await;
    server.tenant(COMPANY, |tenant| {
        tenant.write_note(7001, "a note", false);
        tenant.write_note(7001, "an hour", true);
    });
    assert_eq!(ids(&get(&server, NOTES, &[]).await.1).len(), 1);
    for spelling in ["allNotes", "allnotes"] {
        let path = format!("/service/tickets/7001/{spelling}");
        let (_, rows) = get(&server, &path, &[("fields", "noteType,text,dateCreated")]).await;
        let expected = json!([
            {"noteType": "TicketNote", "text": "a note"}, {"noteType": "TimeEntryNote", "text": "an hour"}
        ]);
        assert_eq!(rows, expected);
        let own = [("conditions", "noteType=\"TicketNote\"")];
        assert_eq!(ids(&get(&server, &path, &own).await.1).len(), 1);
    }
}

#[tokio::test]
async fn notes_need_the_right_to_change_tickets() {
    let server = with_a_ticket().await;
    let note = json!({"text": "x", "internalAnalysisFlag": true});
    for (level, entered_by, expected) in [
        (Level::None, "ApiMemberOf-examplemsp", 403),
        (Level::My, "Technician1", 403),
        (Level::My, "ApiMemberOf-examplemsp", 201),
        (Level::All, "Technician1", 201),
    ] {
        server.tenant(COMPANY, |tenant| {
            tenant.role = Role::sufficient().with(Function::ServiceTickets, Access::Edit, level);
            tenant.change_ticket(7001, |ticket| entered_by.clone_into(&mut ticket.entered_by));
        });
        let (status, _) = add(&server, NOTES, &note).await;
        assert_eq!(status, expected, "{level:?} {entered_by}");
    }
}
