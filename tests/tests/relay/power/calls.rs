//! The log that `strace -f -y -xx` writes: when each call began, when it ended, and what it did.

use std::collections::HashMap;

/// What happened, in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A call with this number began.
    Began(usize, Call),
    /// It ended, and succeeded.
    Ended(usize, Call),
}

/// What a call does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// A file is there that was not.
    Made { path: String },
    /// A file is no longer there.
    Removed { path: String },
    /// Bytes are written at an offset. None: at the end.
    Written {
        path: String,
        offset: Option<usize>,
        bytes: Vec<u8>,
    },
    /// A file has this length.
    Cut { path: String, length: usize },
    /// Everything of a file, or of a folder, is on disk.
    Sync { path: String },
    /// Text goes to a connection.
    Sent(String),
}

/// The moments of a log.
pub(crate) fn moments(log: &str) -> Vec<Moment> {
    let mut moments = Vec::new();
    let mut unfinished: HashMap<&str, (usize, String)> = HashMap::new();
    for (number, line) in log.lines().enumerate() {
        let Some((process, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(start) = rest.strip_suffix(" <unfinished ...>") {
            if let Some(call) = call(start) {
                moments.push(Moment::Began(number, call));
            }
            unfinished.insert(process, (number, start.to_owned()));
        } else if let Some(resumed) = rest.strip_prefix("<... ") {
            let began = unfinished.remove(process);
            let end = resumed.split_once(" resumed>").map(|(_, end)| end);
            if let (Some((number, start)), Some(end)) = (began, end) {
                let whole = format!("{start}{end}");
                moments.extend(succeeded(&whole).map(|call| Moment::Ended(number, call)));
            }
        } else if let Some(call) = succeeded(rest) {
            moments.push(Moment::Began(number, call.clone()));
            moments.push(Moment::Ended(number, call));
        }
    }
    moments
}

/// The call of a line that has its result, if that is no failure.
fn succeeded(line: &str) -> Option<Call> {
    let (call_text, result) = line.rsplit_once(" = ")?;
    (!result.starts_with('-')).then_some(())?;
    let call = call(call_text.trim_end())?;
    Some(match call {
        // Less than was asked for may be written.
        Call::Written {
            path,
            offset,
            mut bytes,
        } => {
            let written = result.split(' ').next()?.parse().ok()?;
            bytes.truncate(written);
            Call::Written {
                path,
                offset,
                bytes,
            }
        }
        other => other,
    })
}

/// What a call does that is of interest.
fn call(text: &str) -> Option<Call> {
    let (name, arguments) = text.split_once('(')?;
    let path = || of_descriptor(arguments);
    let strings: Vec<Vec<u8>> = quoted(arguments);
    let is_socket = || path().is_none_or(|path| path.contains(':'));
    match name {
        "openat" if arguments.contains("O_CREAT") => Some(Call::Made {
            path: String::from_utf8(strings.into_iter().next()?).ok()?,
        }),
        "unlink" | "unlinkat" => Some(Call::Removed {
            path: String::from_utf8(strings.into_iter().next()?).ok()?,
        }),
        "fsync" | "fdatasync" => Some(Call::Sync { path: path()? }),
        "ftruncate" => {
            let length = arguments.trim_end_matches(')').rsplit(", ").next()?;
            Some(Call::Cut {
                path: path()?,
                length: length.parse().ok()?,
            })
        }
        "pwrite64" => {
            let offset = arguments.trim_end_matches(')').rsplit(", ").next()?;
            Some(Call::Written {
                path: path()?,
                offset: offset.parse().ok(),
                bytes: strings.concat(),
            })
        }
        "write" | "writev" | "sendto" | "sendmsg" => {
            let bytes = strings.concat();
            if is_socket() {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                return Some(Call::Sent(text));
            }
            Some(Call::Written {
                path: path()?,
                offset: None,
                bytes,
            })
        }
        _ => None,
    }
}

/// The path in `9</data/relay.db>, …`.
fn of_descriptor(arguments: &str) -> Option<String> {
    let (descriptor, rest) = arguments.split_once('<')?;
    descriptor.parse::<u32>().ok()?;
    let path = rest.split_once('>')?.0;
    String::from_utf8(unescaped(path)).ok()
}

/// Every text in quotation marks, with its escapes undone.
fn quoted(arguments: &str) -> Vec<Vec<u8>> {
    let parts = arguments.split('"');
    parts.skip(1).step_by(2).map(unescaped).collect()
}

/// `\x41` is `A`; what is not escaped stays.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let code = others.strip_prefix(b"x").and_then(|it| it.get(..2));
        let code = code.and_then(|it| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok());
        match code {
            Some(code) if *first == b'\\' => {
                bytes.push(code);
                rest = &others[3..];
            }
            _ => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    bytes
}

#[test]
fn a_log_is_read() {
    let log = r#"7 openat(AT_FDCWD, "\x2f\x61\x2d\x77\x61\x6c", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 9</a-wal>
7 pwrite64(9</a-wal>, "\x41\x42\x43", 3, 4096 <unfinished ...>
8 fdatasync(9<\x2f\x61-wal>)      = 0
7 <... pwrite64 resumed>)           = 2
8 fsync(3</b>)      = -1 EIO (Input/output error)
9 sendto(5<TCP:[127.0.0.1:1->127.0.0.1:2]>, "\x48\x69", 2, MSG_NOSIGNAL, NULL, 0) = 2
9 +++ exited with 0 +++"#;
    let path = || "/a-wal".to_owned();
    let made = Call::Made { path: path() };
    let sync = Call::Sync { path: path() };
    let sent = Call::Sent("Hi".to_owned());
    let write = |bytes: &[u8]| Call::Written {
        path: path(),
        offset: Some(4096),
        bytes: bytes.to_vec(),
    };
    let expected = [
        Moment::Began(0, made.clone()),
        Moment::Ended(0, made),
        Moment::Began(1, write(b"ABC")),
        Moment::Began(2, sync.clone()),
        Moment::Ended(2, sync),
        Moment::Ended(1, write(b"AB")),
        Moment::Began(5, sent.clone()),
        Moment::Ended(5, sent),
    ];
    assert_eq!(moments(log), expected);
}
