//! How a command ends that cannot do what it is asked: its exit code, what people read, what programs read.

use psa_tests::mock::connectwise::{Access, Function, Level, Role, Tenant};
use serde_json::Value;

use super::command::with_draft;
use super::operator::Operator;
use super::{COMPANY, server};

#[test]
fn what_goes_wrong_ends_with_its_code_and_says_what_to_do() {
    let server = server();
    let operator = |name: &str| Operator::of(&server, &format!("goes-wrong-{name}"));
    let create = with_draft("create-ticket", &[]);
    let mut of_another_board = create.clone();
    of_another_board[6] = "601";
    /// Who types what, the exit code, the error's code, and a part of the text for people.
    type Wrong<'a> = (Operator, &'a [&'a str], i32, &'a str, &'a str);
    let cases: &[Wrong<'_>] = &[
        (
            operator("key").with("private-key", "PrivKeyOfNobody"),
            &["verify"],
            12,
            "unauthorized",
            "public and private keys",
        ),
        (
            operator("rejected"),
            &of_another_board,
            15,
            "rejected",
            "status-id",
        ),
        (
            operator("private").without("--allow-private-networks"),
            &["companies"],
            18,
            "denied",
            "--allow-private-networks",
        ),
        (
            operator("authority").without("--cacert"),
            &["companies"],
            17,
            "unavailable",
            "--cacert",
        ),
    ];
    for (operator, command, exit_code, code, part) in cases {
        let run = operator.run(command);
        assert_eq!(run.exit_code, *exit_code, "{command:?}: {}", run.errors);
        assert_eq!(run.output, "");
        assert!(
            run.errors.starts_with("error: ") && run.errors.contains(code),
            "{}",
            run.errors
        );
        assert!(
            run.errors.contains(part) && run.errors.contains("  hint: "),
            "{}",
            run.errors
        );
        let as_json = operator.run(&[command, &["--json"][..]].concat());
        assert_eq!(
            (as_json.exit_code, as_json.errors.as_str()),
            (*exit_code, "")
        );
        let printed: Value = serde_json::from_str(&as_json.output).expect("JSON");
        assert_eq!(printed["error"]["code"], *code);
    }
    let no_right = Role::sufficient().with(Function::ServiceTickets, Access::Add, Level::None);
    server.tenant(COMPANY, |tenant| tenant.role = no_right);
    let run = operator("right").run(&["verify"]);
    assert_eq!(run.exit_code, 30, "{}", run.errors);
    assert!(
        run.output
            .contains("1 permission is missing. Ask an administrator"),
        "{}",
        run.output
    );
    let run = operator("right").run(&create);
    assert_eq!(run.exit_code, 13, "{}", run.errors);
    assert!(
        run.errors.contains("Service Tickets: Add to All"),
        "{}",
        run.errors
    );
    assert_eq!(
        server.tenant(COMPANY, |tenant: &mut Tenant| tenant.tickets().count()),
        0
    );
}
