//! The `conditions` language, as far as the connector uses it: comparisons of a number, a text or a flag, `in`, `like`, and
//! `and`, `or` and parentheses. Whatever else is asked is refused as the PSA refuses what it does not recognise.

mod words;

use words::{Word, not_understood, words};

/// What a member of a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Flag,
}

/// A value to compare.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Number(i64),
    Text(String),
    Flag(bool),
}

/// A condition that has been read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Compare {
        name: String,
        operator: Operator,
        values: Vec<Operand>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    In,
}

/// Reads a condition on records whose members are of these kinds; None: not a member that can be compared.
///
/// The error is the message of the PSA.
pub(super) fn parse(text: &str, kind: impl Fn(&str) -> Option<Kind>) -> Result<Condition, String> {
    let mut parser = Parser {
        words: words(text)?,
        next: 0,
        kind: &kind,
    };
    let condition = parser.any()?;
    match parser.take() {
        None => Ok(condition),
        Some(word) => Err(not_understood(&word)),
    }
}

impl Condition {
    /// Whether a record meets it. `operands` tells the values of a member: one, none where it is not set, several of a
    /// child array.
    pub(super) fn holds(&self, operands: &dyn Fn(&str) -> Vec<Operand>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(operands)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(operands)),
            Self::Compare {
                name,
                operator,
                values,
            } => operands(name)
                .iter()
                .any(|found| values.iter().any(|value| compare(found, *operator, value))),
        }
    }

    /// The text that this member has to equal, where the condition comes to no more than that: for an index.
    pub(super) fn text_due(&self, member: &str) -> Option<&str> {
        match self {
            Self::Compare {
                name,
                operator: Operator::Equal,
                values,
            } if name == member => match values.as_slice() {
                [Operand::Text(text)] => Some(text),
                _ => None,
            },
            Self::All(parts) => parts.iter().find_map(|part| part.text_due(member)),
            _ => None,
        }
    }
}

/// Texts compare without case, as the PSA's database does.
fn compare(found: &Operand, operator: Operator, value: &Operand) -> bool {
    use Operand::{Flag, Number, Text};
    match (found, value) {
        (Number(found), Number(value)) => match operator {
            Operator::Equal | Operator::In => found == value,
            Operator::Less => found < value,
            Operator::LessOrEqual => found <= value,
            Operator::Greater => found > value,
            Operator::GreaterOrEqual => found >= value,
            Operator::Like => false,
        },
        (Text(found), Text(value)) => match operator {
            Operator::Like => is_like(&found.to_lowercase(), &value.to_lowercase()),
            _ => found.to_lowercase() == value.to_lowercase(),
        },
        (Flag(found), Flag(value)) => found == value,
        _ => false,
    }
}

/// `*` and `%` stand for any text.
fn is_like(text: &str, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split(['*', '%']).collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return text == pattern;
    };
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    for part in middle {
        let Some(place) = rest.find(part) else {
            return false;
        };
        rest = &rest[place + part.len()..];
    }
    rest.ends_with(last)
}

struct Parser<'a> {
    words: Vec<Word>,
    next: usize,
    kind: &'a dyn Fn(&str) -> Option<Kind>,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.all()?];
        while self.is_keyword("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.single()?];
        while self.is_keyword("and") {
            parts.push(self.single()?);
        }
        Ok(one_or(parts, Condition::All))
    }

    fn single(&mut self) -> Result<Condition, String> {
        if self.is_sign("(") {
            let inner = self.any()?;
            return self.closed(inner);
        }
        let name = match self.take() {
            Some(Word::Name(name)) => name,
            Some(other) => return Err(not_understood(&other)),
            None => return Err("the condition ends too early".to_owned()),
        };
        let kind = (self.kind)(&name).ok_or_else(|| format!("{name} is not a recognized name."))?;
        let operator = self.operator(kind)?;
        let mut values = Vec::new();
        if operator == Operator::In {
            if !self.is_sign("(") {
                return Err("in wants a list".to_owned());
            }
            values.push(self.value(kind)?);
            while self.is_sign(",") {
                values.push(self.value(kind)?);
            }
            return self.closed(Condition::Compare {
                name,
                operator,
                values,
            });
        }
        values.push(self.value(kind)?);
        Ok(Condition::Compare {
            name,
            operator,
            values,
        })
    }

    fn closed(&mut self, inner: Condition) -> Result<Condition, String> {
        if self.is_sign(")") {
            Ok(inner)
        } else {
            Err("a parenthesis is not closed".to_owned())
        }
    }

    fn operator(&mut self, kind: Kind) -> Result<Operator, String> {
        let operator = match self.take() {
            Some(Word::Sign("=")) => Operator::Equal,
            Some(Word::Sign("<")) if kind == Kind::Number => Operator::Less,
            Some(Word::Sign("<=")) if kind == Kind::Number => Operator::LessOrEqual,
            Some(Word::Sign(">")) if kind == Kind::Number => Operator::Greater,
            Some(Word::Sign(">=")) if kind == Kind::Number => Operator::GreaterOrEqual,
            Some(Word::Name(word)) if word.eq_ignore_ascii_case("in") => Operator::In,
            Some(Word::Name(word)) if word.eq_ignore_ascii_case("like") && kind == Kind::Text => {
                Operator::Like
            }
            Some(other) => return Err(not_understood(&other)),
            None => return Err("an operator is missing".to_owned()),
        };
        Ok(operator)
    }

    fn value(&mut self, kind: Kind) -> Result<Operand, String> {
        match (kind, self.take()) {
            (Kind::Number, Some(Word::Number(number))) => Ok(Operand::Number(number)),
            (Kind::Text, Some(Word::Text(text))) => Ok(Operand::Text(text)),
            (Kind::Flag, Some(Word::Name(word))) if word.eq_ignore_ascii_case("true") => {
                Ok(Operand::Flag(true))
            }
            (Kind::Flag, Some(Word::Name(word))) if word.eq_ignore_ascii_case("false") => {
                Ok(Operand::Flag(false))
            }
            (_, Some(other)) => Err(not_understood(&other)),
            (_, None) => Err("a value is missing".to_owned()),
        }
    }

    fn take(&mut self) -> Option<Word> {
        let word = self.words.get(self.next).cloned();
        self.next += 1;
        word
    }

    fn is_sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.words.get(self.next), Some(Word::Sign(found)) if *found == sign);
        self.next += usize::from(is);
        is
    }

    fn is_keyword(&mut self, keyword: &str) -> bool {
        let word = self.words.get(self.next);
        let is = matches!(word, Some(Word::Name(name)) if name.eq_ignore_ascii_case(keyword));
        self.next += usize::from(is);
        is
    }
}

fn one_or(mut parts: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(one) if parts.is_empty() => one,
        last => {
            parts.extend(last);
            several(parts)
        }
    }
}
