//! Plain text as HTML that shows it and nothing else, for a PSA whose texts are HTML.

use psa_contract::Link;

use crate::text::plain_lines;

/// A text in which nothing is markup.
#[must_use]
pub fn escaped(text: &str) -> String {
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
#[must_use]
pub fn detail_line(label: &str, value: &str) -> String {
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
#[must_use]
pub fn as_html(escaped: &str) -> String {
    escaped.replace('\n', "<br>")
}

/// Links whose URLs are escaped: `&copy=1` would become a sign.
#[must_use]
pub fn escaped_links(links: &[Link]) -> Vec<Link> {
    let links = links.iter().map(|link| Link {
        label: link.label.clone(),
        url: escaped(&link.url),
    });
    links.collect()
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

    #[test]
    fn a_url_keeps_its_signs() {
        let link = Link {
            label: "Alert & more".to_owned(),
            url: "https://a.example/?a=1&copy=2".to_owned(),
        };
        let links = escaped_links(&[link]);
        assert_eq!(links[0].url, "https://a.example/?a=1&amp;copy=2");
        assert_eq!(links[0].label, "Alert & more");
    }
}
