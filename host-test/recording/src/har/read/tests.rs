use super::*;

fn read(text: &str) -> Result<Vec<Exchange>, String> {
    let settings = [Setting {
        name: "private-key".to_owned(),
        value: "s3cret".to_owned(),
    }];
    har_exchanges("a.har", text, &settings).map_err(|error| error.to_string())
}

/// As mitmproxy writes it: everything there, bodies that are no text in base64, a body for every POST.
const OF_A_PROXY: &str = r#"{"log": {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12", "comment": ""}, "pages": [], "entries": [
 {"startedDateTime": "2026-05-04T10:00:00.1+00:00", "time": 12.5, "_webSocketMessages": null, "serverIPAddress": "192.0.2.1", "cache": {}, "timings": {"connect": 1, "ssl": 2, "send": 0, "receive": 3, "wait": 4},
  "request": {"method": "POST", "url": "https://psa.example/tickets?a=1&b=x%20y", "httpVersion": "HTTP/2.0", "cookies": [], "headers": [{"name": ":authority", "value": "psa.example"}, {"name": "user-agent", "value": "curl/8"}], "queryString": [{"name": "a", "value": "1"}, {"name": "b", "value": "x y"}], "headersSize": 120, "bodySize": 9, "postData": {"mimeType": "application/json", "text": "{\"a\": 1}", "params": []}},
  "response": {"status": 201, "statusText": "Created", "httpVersion": "HTTP/2.0", "cookies": [], "headers": [{"name": "Content-Type", "value": "application/json"}, {"name": "content-encoding", "value": "gzip"}], "content": {"size": 8, "compression": 0, "mimeType": "application/json", "text": "{\"id\":1}"}, "redirectURL": "", "headersSize": 40, "bodySize": 8}},
 {"request": {"method": "POST", "url": "https://psa.example/empty", "postData": {"mimeType": "", "text": ""}}, "response": {"status": 200, "content": {"text": "/wA=", "encoding": "base64"}}},
 {"request": {"method": "POST", "url": "https://psa.example/form", "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "x y"}]}}, "response": {"status": 204, "content": {}}}
]}}"#;

/// As a browser exports it: a byte order mark, private fields, nulls, failures, and entries that are no HTTP.
const OF_A_BROWSER: &str = "\u{feff}{\"log\": {\"version\": \"1.2\", \"creator\": {\"name\": \"WebInspector\", \"version\": \"537.36\"}, \"pages\": [{\"id\": \"page_1\"}], \"entries\": [
 {\"_connectionId\": \"7\", \"_initiator\": {\"type\": \"script\"}, \"_resourceType\": \"fetch\", \"pageref\": \"page_1\", \"request\": {\"method\": \"GET\", \"url\": \"https://psa.example/boards#top\", \"headers\": [], \"queryString\": [], \"postData\": null}, \"response\": {\"status\": 200, \"headers\": [], \"content\": {\"size\": 2, \"mimeType\": \"application/json\", \"text\": \"[{{x}}]\"}, \"_transferSize\": 300, \"_error\": null}, \"time\": null},
 {\"request\": {\"method\": \"GET\", \"url\": \"https://psa.example/cut\"}, \"response\": {\"status\": 0, \"content\": {\"text\": null}}, \"_error\": \"net::ERR_CONNECTION_RESET\"},
 {\"request\": {\"method\": \"GET\", \"url\": \"data:image/png;base64,AA==\"}, \"response\": {\"status\": 200}},
 {\"request\": {\"method\": \"GET\", \"url\": \"wss://psa.example/socket\"}, \"response\": {\"status\": 101}},
 {\"request\": {\"method\": \"GET\", \"url\": \"https://psa.example/socket\"}, \"response\": {\"status\": 101}}
]}}";

const MINIMAL: &str = r#"{"log": {"entries": [{"request": {"method": "get", "url": "https://psa.example/x", "queryString": [{"name": "a", "value": "1"}]}, "response": {"status": 200}}]}}"#;

const SCRUBBED: &str = r#"{"log": {"creator": {"name": "psa-host"}, "_scrubbedBy": "psa-host 0.1.0", "entries": [
 {"request": {"method": "GET", "url": "https://psa.example/{{private-key}}?k={{percent:{{private-key}}}}", "headers": [{"name": "authorization", "value": "Basic {{base64:a:{{private-key}}}}"}, {"name": "cookie", "value": "{{removed}}"}]}, "response": {"status": 200, "headers": [{"name": "set-cookie", "value": "{{removed}}"}, {"name": "x", "value": "{{private-key}}"}], "content": {"text": "{{open-brace}}{{open-brace}}{{removed}}"}}},
 {"request": {"method": "GET", "url": "https://psa.example/late"}, "response": {"status": 0}, "_failure": {"kind": "timed-out", "message": "no answer", "may-have-acted": false}}
]}}"#;

/// Method, URL, query, headers, body, and the answer: status and body, or kind of failure.
fn shown(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}={}", value.as_deref().unwrap_or_default()));
    let headers: Vec<String> = headers.collect();
    let query: Vec<_> = request
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let body = match &request.body {
        RecordedBody::Absent => String::new(),
        RecordedBody::Json(json) => format!("json {json}"),
        RecordedBody::Form(fields) => format!("form {fields:?}"),
        RecordedBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    };
    let answer = match &exchange.answer {
        Ok(response) => format!(
            "{} {:?} {:?}",
            response.status,
            response.headers,
            response.body.to_text()
        ),
        Err(failure) => format!(
            "{} {} {}",
            failure.kind.name(),
            failure.may_have_acted,
            failure.message
        ),
    };
    format!(
        "{} {} [{}] [{}] {body} -> {answer}",
        request.method,
        request.url,
        query.join("&"),
        headers.join("&")
    )
}

#[test]
fn archives_of_all_kinds_are_read() {
    let cases: &[(&str, &[&str])] = &[
        (
            OF_A_PROXY,
            &[
                r#"POST https://psa.example/tickets [a=1&b=x y] [] json {"a":1} -> 201 [("content-type", "application/json")] "{\"id\":1}""#,
                r#"POST https://psa.example/empty [] []  -> 200 [] "�\0""#,
                r#"POST https://psa.example/form [] [] form [("a", "x y")] -> 204 [] """#,
            ],
        ),
        (
            OF_A_BROWSER,
            &[
                r#"GET https://psa.example/boards [] []  -> 200 [] "[{{x}}]""#,
                "GET https://psa.example/cut [] []  -> interrupted true the recording holds no response: net::ERR_CONNECTION_RESET",
            ],
        ),
        (
            MINIMAL,
            &[r#"GET https://psa.example/x [a=1] []  -> 200 [] """#],
        ),
        (
            SCRUBBED,
            &[
                concat!(
                    r#"GET https://psa.example/s3cret [k=s3cret] [authorization=Basic "#,
                    r#"YTpzM2NyZXQ=]  -> 200 [("x", "s3cret")] "{{{{removed}}""#
                ),
                "GET https://psa.example/late [] []  -> timed-out false no answer",
            ],
        ),
    ];
    for (text, expected) in cases {
        let exchanges = read(text).expect("an archive");
        let found: Vec<_> = exchanges.iter().map(shown).collect();
        assert_eq!(found, *expected);
    }
}

#[test]
fn what_is_no_archive_is_refused_with_the_place() {
    let cases = [
        ("{", "a.har: "),
        ("{}", "log"),
        (
            r#"{"log": {"entries": [{"request": 5}]}}"#,
            "log.entries[0].request",
        ),
        (r#"{"log": {"entries": []}}"#, "no request over https"),
        (
            r#"{"log": {"_scrubbedBy": "x", "entries": [{"request": {"url": "https://a.example/{{key}}"}, "response": {"status": 200}}]}}"#,
            "log.entries[0]: the placeholder `{{key}}` stands for a setting that has no value",
        ),
        (
            r#"{"log": {"entries": [{"request": {"url": "https://a.example/"}, "response": {"status": 200, "content": {"text": "?", "encoding": "base64"}}}]}}"#,
            "marked as base64",
        ),
    ];
    for (text, part) in cases {
        let problem = read(text).err().unwrap_or_default();
        assert!(problem.contains(part), "{text}: {problem}");
    }
}
