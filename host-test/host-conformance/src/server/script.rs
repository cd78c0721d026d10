//! What a URL of the probe says: `/ARRIVAL/DUTY/TRIAL?HOW`. It is the counterpart of `component/probe/src/ask.rs`.

/// What a request is for, and how it is to be answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    /// `any`, `once` or `never`.
    pub(crate) arrival: String,
    /// The duty that it is about.
    pub(crate) duty: String,
    /// What it tries.
    pub(crate) trial: String,
    how: Vec<(String, String)>,
}

impl Script {
    pub(crate) fn of(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut parts = path.splitn(4, '/').skip(1).map(str::to_owned);
        Self {
            arrival: parts.next().unwrap_or_default(),
            duty: parts.next().unwrap_or_default(),
            trial: parts.next().unwrap_or_default(),
            how: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        }
    }

    /// The path, by which requests are counted.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.duty, self.trial)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.how.iter().filter(move |(it, _)| it == name);
        named.map(|(_, value)| value.as_str())
    }

    /// A number that it gives.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }
}
