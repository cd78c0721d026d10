//! The documents as Markdown: their blocks of code, headings and links.

use std::fs;
use std::path::PathBuf;

use psa_tests::workspace;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A document, by its path in the workspace.
pub(super) struct Document {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// A fenced block of code.
pub(super) struct Block {
    /// After the fence: `console`, `toml my.toml`.
    pub(super) info: String,
    pub(super) text: String,
    /// The line of the document that the fence is on, from 1.
    pub(super) line: usize,
}

impl Document {
    pub(super) fn read(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let text = fs::read_to_string(workspace().join(&path));
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path, text }
    }

    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (event, range) in self.parser().into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    open = Some(Block {
                        info: info.to_string(),
                        text: String::new(),
                        line: self.text[..range.start].lines().count() + 1,
                    });
                }
                Event::Text(text) => {
                    if let Some(block) = &mut open {
                        block.text.push_str(&text);
                    }
                }
                Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
                _ => {}
            }
        }
        blocks
    }

    /// Where links and images lead, as written.
    pub(super) fn destinations(&self) -> Vec<String> {
        self.parser()
            .filter_map(|event| match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    Some(dest_url.to_string())
                }
                _ => None,
            })
            .collect()
    }

    /// The anchors that GitHub gives to the headings. Two equal headings are one anchor here: nothing links to the second.
    pub(super) fn anchors(&self) -> Vec<String> {
        let mut anchors = Vec::new();
        let mut heading: Option<String> = None;
        for event in self.parser() {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::End(TagEnd::Heading(_)) => {
                    anchors.extend(heading.take().as_deref().map(anchor));
                }
                _ => {}
            }
        }
        anchors
    }

    fn parser(&self) -> Parser<'_> {
        Parser::new_ext(&self.text, Options::ENABLE_TABLES)
    }
}

/// The README and everything in `docs/`.
pub(super) fn manuals() -> Vec<Document> {
    let folder = fs::read_dir(workspace().join("docs")).expect("docs");
    let mut names: Vec<String> = folder
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("UTF-8"))
        .filter(|name| name.ends_with(".md"))
        .collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    let manuals = names.iter().map(|name| format!("docs/{name}"));
    std::iter::once("README.md".to_owned())
        .chain(manuals)
        .map(Document::read)
        .collect()
}

fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}
