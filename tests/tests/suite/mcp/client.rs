//! A client of `psa-host mcp` that writes lines and reads lines, and knows nothing of the protocol but ids.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

pub(crate) struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    lines: Vec<String>,
    last_id: u64,
}

/// How a session ended.
pub(crate) struct Ended {
    pub(crate) exit_code: i32,
    /// Standard output, by lines.
    pub(crate) lines: Vec<String>,
    /// Standard error.
    pub(crate) errors: String,
}

impl Client {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("psa-host runs");
        let input = child.stdin.take().expect("standard input");
        let output = child.stdout.take().expect("standard output");
        Self {
            child,
            input,
            output: BufReader::new(output),
            lines: Vec::new(),
            last_id: 0,
        }
    }

    /// The same, past the handshake.
    pub(crate) fn connect(command: Command) -> Self {
        let mut client = Self::start(command);
        let who = json!({"name": "suite", "version": "1"});
        let parameters =
            json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": who});
        client.ask("initialize", parameters);
        client.send(r#"{"jsonrpc": "2.0", "method": "notifications/initialized"}"#);
        client
    }

    pub(crate) fn send(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("it reads");
    }

    /// The next message, whatever it answers.
    pub(crate) fn receive(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("UTF-8");
        assert!(!line.is_empty(), "it ended: {}", self.errors());
        let message: Value = serde_json::from_str(&line).expect("standard output is the protocol");
        assert_eq!(message["jsonrpc"], "2.0", "{line}");
        self.lines.push(line);
        message
    }

    /// Sends a request, and does not wait for its answer.
    pub(crate) fn request(&mut self, method: &str, parameters: Value) -> u64 {
        self.last_id += 1;
        let request =
            json!({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": parameters});
        self.send(&request.to_string());
        self.last_id
    }

    /// The answer to one request.
    pub(crate) fn ask(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.request(method, parameters);
        let answer = self.receive();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    /// The result of a tool.
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.ask("tools/call", json!({"name": tool, "arguments": arguments}))["result"].take()
    }

    /// Waits until it ends by itself.
    pub(crate) fn see_the_end(mut self) -> Ended {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("UTF-8");
        self.lines.extend(rest.lines().map(str::to_owned));
        self.end()
    }

    /// Closes standard input, and waits for the end.
    pub(crate) fn end(self) -> Ended {
        let Self {
            child,
            input,
            output,
            mut lines,
            ..
        } = self;
        drop(input);
        lines.extend(output.lines().map(|line| line.expect("UTF-8")));
        let output = child.wait_with_output().expect("it ends");
        Ended {
            exit_code: output.status.code().expect("an exit code"),
            lines,
            errors: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    fn errors(&mut self) -> String {
        let mut errors = String::new();
        let stream = self.child.stderr.as_mut().expect("standard error");
        stream.read_to_string(&mut errors).expect("UTF-8");
        errors
    }
}
