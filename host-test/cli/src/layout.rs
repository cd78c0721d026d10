//! Text laid out for people: tables and paragraphs that fit the terminal. Everything that is given to this file is made
//! safe for a terminal here.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width as CellWidth, presets};
use textwrap::core::display_width;
use textwrap::{Options, WordSplitter};

use crate::text::visible;

/// Spaces between two columns of a table.
const COLUMN_GAP: u16 = 2;

/// How many columns there are. None: no terminal, so nothing is wrapped, and the text can be searched and cut.
pub(crate) type Width = Option<usize>;

/// Aligned columns without lines. An empty header is left out.
pub(crate) fn table<Row: IntoIterator<Item = String>>(
    header: &[&str],
    rows: impl IntoIterator<Item = Row>,
    width: Width,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if !header.is_empty() {
        table.set_header(header);
    }
    for row in rows {
        table.add_row(row.into_iter().map(|cell| visible(&cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, COLUMN_GAP));
    }
    match width {
        Some(width) => {
            keep_words_whole(&mut table, width);
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        }
        None => {
            for column in table.column_iter_mut() {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
    let lines: Vec<_> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.join("\n")
}

/// If there is room for it, no word, such as an identifier, is cut in two.
fn keep_words_whole(table: &mut Table, width: usize) {
    let longest_words: Vec<usize> = (0..table.column_count())
        .map(|column| {
            let rows = table.header().into_iter().chain(table.row_iter());
            let cells = rows.filter_map(|row| row.cell_iter().nth(column));
            cells
                .map(|cell| longest_word(&cell.content()))
                .max()
                .unwrap_or(0)
        })
        .map(|longest| longest + usize::from(COLUMN_GAP))
        .collect();
    if longest_words.iter().sum::<usize>() <= width {
        for (column, least) in table.column_iter_mut().zip(longest_words) {
            let least = CellWidth::Fixed(u16::try_from(least).unwrap_or(u16::MAX));
            column.set_constraint(ColumnConstraint::LowerBoundary(least));
        }
    }
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace()
        .map(display_width)
        .max()
        .unwrap_or(0)
}

/// The same, moved to the right.
pub(crate) fn indented_table<Row: IntoIterator<Item = String>>(
    indent: usize,
    header: &[&str],
    rows: impl IntoIterator<Item = Row>,
    width: Width,
) -> String {
    let width = width.map(|width| width.saturating_sub(indent));
    textwrap::indent(&table(header, rows, width), &" ".repeat(indent))
}

/// Wrapped at words, every line indented.
pub(crate) fn paragraph(indent: usize, text: &str, width: Width) -> String {
    let indent = " ".repeat(indent);
    wrapped(&visible(text), &indent, &indent, width)
}

/// The same; the lines after the first are indented further.
pub(crate) fn entry(indent: usize, text: &str, width: Width) -> String {
    let (first, others) = (" ".repeat(indent), " ".repeat(indent + 2));
    wrapped(&visible(text), &first, &others, width)
}

/// `name: text`, wrapped at words; the lines after the first are indented further.
pub(crate) fn labelled(indent: usize, name: &str, text: &str, width: Width) -> String {
    let text = format!("{name}: {}", visible(text));
    wrapped(&text, &" ".repeat(indent), &" ".repeat(indent + 2), width)
}

/// A long word, such as a URL, is not cut: it stays whole when it is copied.
fn wrapped(text: &str, first: &str, others: &str, width: Width) -> String {
    let options = Options::new(width.unwrap_or(usize::MAX))
        .initial_indent(first)
        .subsequent_indent(others)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_the_terminal_and_is_never_wrapped_without_one() {
        let rows = || [["1".to_owned(), "one two three four five".to_owned()]];
        let cases = [
            (None, "ID  NAME\n1   one two three four five"),
            (Some(80), "ID  NAME\n1   one two three four five"),
            (Some(20), "ID  NAME\n1   one two three\n    four five"),
            (
                Some(12),
                "ID  NAME\n1   one\n    two\n    three\n    four\n    five",
            ),
        ];
        for (width, expected) in cases {
            assert_eq!(table(&["ID", "NAME"], rows(), width), expected, "{width:?}");
        }
    }

    #[test]
    fn text_is_wrapped_at_words_and_made_safe() {
        let text = "one two https://example.com/a-long-address three\u{1b}";
        let cases = [
            (
                None,
                "  hint: one two https://example.com/a-long-address three\\u{1b}",
            ),
            (
                Some(20),
                "  hint: one two\n    https://example.com/a-long-address\n    three\\u{1b}",
            ),
        ];
        for (width, expected) in cases {
            assert_eq!(labelled(2, "hint", text, width), expected, "{width:?}");
        }
        assert_eq!(paragraph(2, "a b c", Some(5)), "  a b\n  c");
    }
}
