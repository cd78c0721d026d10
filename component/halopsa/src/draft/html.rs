//! Plain text as HTML that shows it and nothing else.

use psa_toolkit::text::plain_lines;

/// A text in which Halo finds no markup.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in plain_lines(text).chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
    html
}

/// A label and a value of which nothing makes a link: whatever looks for addresses in the text of an element finds the parts
/// of one in several.
pub(crate) fn detail_line(label: &str, value: &str) -> String {
    let mut html = String::new();
    for letter in escaped(value).chars() {
        match letter {
            '.' | ':' | '@' => html.push_str(&format!("<span>{letter}</span>")),
            letter => html.push(letter),
        }
    }
    format!("{}: {html}", escaped(label))
}

/// An escaped text with its line ends.
pub(crate) fn as_html(escaped: &str) -> String {
    escaped.replace('\n', "<br>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (text, expected) in [
            ("a < b & \"c\" > d", "a &lt; b &amp; &quot;c&quot; &gt; d"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("one\r\ntwo\rthree", "one<br>two<br>three"),
            ("a\u{0}b\tc", "a\u{fffd}b\tc"),
        ] {
            assert_eq!(as_html(&escaped(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn a_value_is_no_address() {
        for (value, expected) in [
            ("bad.example", "Domain: bad<span>.</span>example"),
            ("a@b", "Domain: a<span>@</span>b"),
            ("http://a", "Domain: http<span>:</span>//a"),
            ("<b>", "Domain: &lt;b&gt;"),
        ] {
            assert_eq!(detail_line("Domain", value), expected);
        }
    }
}
