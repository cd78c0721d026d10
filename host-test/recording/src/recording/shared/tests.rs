//! Where a shared exchange is found, what a file may change of it, and what is refused.

use std::fs;

use psa_contract::Setting;

use crate::case_files;
use crate::placeholder::Placeholders;
use crate::recording::Recording;

const TOKEN: &str = r#"{"docs": "d", "provenance": "p", "base-url": "https://id.example", "exchanges": [
    {"role": "credential", "required": ["access_token"],
     "request": {"method": "POST", "path": "/token", "form": {"client_secret": "{{key}}"}},
     "response": {"status": 200, "json": {"access_token": "{{key}}-token"}}}]}"#;

/// A recording whose list holds this.
fn recording(listed: &str) -> String {
    format!(r#"{{"docs": "d", "provenance": "p", "exchanges": [{listed}]}}"#)
}

/// Each exchange as its request's URL, its answer's status and the members that it requires.
fn read(folder: &std::path::Path, listed: &str) -> Result<Vec<String>, String> {
    let file = folder.join("below/cases/a.json");
    fs::write(&file, recording(listed)).expect("a file");
    let key = Setting {
        name: "key".to_owned(),
        value: "s3cret".to_owned(),
    };
    let exchanges = Recording::from_file(&file)
        .and_then(|recording| recording.exchanges(&Placeholders::new(&[key])))
        .map_err(|error| error.to_string())?;
    Ok(exchanges
        .iter()
        .map(|exchange| {
            let answer = match &exchange.answer {
                Ok(response) => format!("{} {}", response.status, response.body.to_text()),
                Err(failure) => failure.kind.name().to_owned(),
            };
            format!("{} {answer} {:?}", exchange.request.url, exchange.required)
        })
        .collect())
}

#[test]
fn a_shared_exchange_is_read_from_the_nearest_folder_or_refused_with_the_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::create_dir_all(folder.join("below/cases")).expect("a folder");
    fs::create_dir_all(folder.join("below/_shared")).expect("a folder");
    fs::create_dir_all(folder.join("_shared")).expect("a folder");
    let nearer = TOKEN.replace("/token", "/nearer");
    let exchange = r#"{"role": "list", "request": {"method": "GET", "path": "https://a.example/"}, "response": {"status": 200}}"#;
    let two = recording(&format!("{exchange}, {exchange}"));
    for (file, text) in [
        ("_shared/token.json", TOKEN),
        ("_shared/far.json", TOKEN),
        ("below/_shared/token.json", nearer.as_str()),
        (
            "_shared/of-a-setting.json",
            &TOKEN.replace("{{key}}", "{{other}}"),
        ),
        ("_shared/no-exchange.json", &recording("")),
        ("_shared/another.json", &recording(r#"{"shared": "token"}"#)),
        ("_shared/two.json", &two),
        ("_shared/not-json.json", "["),
        (
            "_shared/misspelt.json",
            &TOKEN.replace("\"form\"", "\"from\""),
        ),
    ] {
        fs::write(folder.join(file), text).expect("a file");
    }
    let nearer =
        r#"https://id.example/nearer 200 {"access_token":"s3cret-token"} ["access_token"]"#;
    let far = r#"https://id.example/token 200 {"access_token":"s3cret-token"} ["access_token"]"#;
    let accepted: &[(&str, &[&str])] = &[
        (r#"{"shared": "token"}"#, &[nearer]),
        (r#"{"shared": "far"}, {"shared": "token"}"#, &[far, nearer]),
        (
            r#"{"shared": "far", "response": {"status": 401, "text": "{{key}}"}}"#,
            &["https://id.example/token 401 s3cret []"],
        ),
        (
            r#"{"shared": "far", "response": {"status": 200, "json": []}, "required": ["*"]}"#,
            &[r#"https://id.example/token 200 [] ["*"]"#],
        ),
        (
            r#"{"shared": "far", "failure": {"kind": "timed-out", "message": "m", "may-have-acted": true}}"#,
            &["https://id.example/token timed-out []"],
        ),
    ];
    for (listed, expected) in accepted {
        let found = read(folder, listed).expect("exchanges");
        assert_eq!(found, *expected, "{listed}");
    }
    let alone = "a.json: exchanges[0]: beside `shared`, only";
    for (listed, parts) in [
        (
            r#"{"shared": "tokens"}"#,
            &[
                "a.json: exchanges[0].shared: ",
                "nor one above it has `_shared/tokens.json`",
            ][..],
        ),
        (
            r#"{"shared": "../token"}"#,
            &["a.json: exchanges[0].shared: `../token` is not a name"],
        ),
        (
            r#"{"shared": ""}"#,
            &["exchanges[0].shared: `` is not a name"],
        ),
        (r#"{"shared": 1}"#, &["exchanges[0].shared: invalid type"]),
        (r#"{"shared": "far", "role": "list"}"#, &[alone]),
        (
            r#"{"shared": "far", "request": {"method": "GET", "path": "/"}}"#,
            &[alone],
        ),
        (r#"{"shared": "far", "spare": true}"#, &[alone]),
        (
            r#"{"shared": "far", "required": ["*"]}"#,
            &["`required` needs `response`"],
        ),
        (
            r#"{"shared": "far", "response": {"status": 99}}"#,
            &["a.json: exchanges[0].response: `status` is 99"],
        ),
        (
            r#"{"shared": "of-a-setting"}"#,
            &[
                "a.json: exchanges[0]: ",
                "of-a-setting.json: exchanges[0].request: the placeholder `{{other}}`",
            ],
        ),
        (
            r#"{"shared": "no-exchange"}"#,
            &["exchanges[0].shared: ", "no-exchange.json has 0 exchanges"],
        ),
        (
            r#"{"shared": "another"}"#,
            &[
                "a.json: exchanges[0].shared: ",
                "another.json: exchanges[0].shared: only a file that is not",
            ],
        ),
        (
            r#"{"shared": "two"}"#,
            &["two.json has 2 exchanges; a shared file has one"],
        ),
        (
            r#"{"shared": "not-json"}"#,
            &["exchanges[0].shared: ", "not-json.json: EOF"],
        ),
        (
            r#"{"shared": "misspelt"}"#,
            &[
                "exchanges[0].shared: ",
                "misspelt.json: exchanges[0].request.from: unknown field",
            ],
        ),
        (
            r#"{"role": "list"}"#,
            &["a.json: exchanges[0]: missing field `request`"],
        ),
        (
            r#"{"request": {"method": "GET", "path": "/"}}"#,
            &["exchanges[0]: missing field `role`"],
        ),
    ] {
        let problem = read(folder, listed).err().unwrap_or_default();
        for part in parts {
            assert!(problem.contains(part), "{listed}: {problem}");
        }
    }
    let files = case_files(folder).expect("files");
    assert_eq!(files, [folder.join("below/cases/a.json")]);
}
