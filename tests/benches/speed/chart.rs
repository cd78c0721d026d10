//! The goals as a chart: a bar for each, as long as its measure is of what it may be at most.

use maud::{Markup, html};

use crate::goal::Goal;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 470.0;
const ROW: f64 = 26.0;
const HEAD: f64 = 40.0;
/// A bar that reaches here is exactly what it may be at most.
const MOST: f64 = 300.0;

pub(crate) fn svg(goals: &[Goal]) -> String {
    let with_most: Vec<(&Goal, f64)> = goals
        .iter()
        .filter_map(|goal| Some((goal, goal.most?)))
        .collect();
    let height = HEAD + ROW * with_most.len() as f64 + 10.0;
    let image: Markup = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(WIDTH) height=(height) font-family="sans-serif" font-size="13" {
            rect width="100%" height="100%" fill="white" {}
            text x=(LEFT + MOST) y="22" text-anchor="middle" { "to reach" }
            @for (row, (goal, most)) in with_most.iter().enumerate() {
                (bar(goal, *most, HEAD + ROW * row as f64))
            }
            line x1=(LEFT + MOST) x2=(LEFT + MOST) y1="28" y2=(height - 6.0) stroke="black" stroke-dasharray="4 3" {}
        }
    };
    image.into_string()
}

fn bar(goal: &Goal, most: f64, top: f64) -> Markup {
    // What is far over it ends at the edge.
    let length = (goal.measured / most * MOST).clamp(1.0, WIDTH - LEFT - 100.0);
    let color = if goal.is_reached() == Some(true) {
        "#2a7f4f"
    } else {
        "#b3402a"
    };
    html! {
        text x=(LEFT - 8.0) y=(top + 15.0) text-anchor="end" { (goal.what) }
        rect x=(LEFT) y=(top + 3.0) width=(length) height=(ROW - 8.0) fill=(color) {}
        text x=(LEFT + length + 6.0) y=(top + 15.0) { (goal.shown(goal.measured)) }
    }
}
