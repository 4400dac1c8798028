//! Charts as inline SVG, drawn by hand: no script, no font, no reference outside the page. Colours are classes that
//! the page's style sheet fills for light and dark; every mark has its words, and the numbers stand in a table beside.

use crate::render::cell::{Spelling, duration};
use crate::render::{sanitise, truncate};
use crate::report::{Chart, ChartData, DotGroup};
use std::collections::BTreeMap;

/// Units of the view box; the page scales it.
const WIDTH: f64 = 720.0;
/// The same of bars, which are to be seen whole on a small screen too.
const BARS_WIDTH: f64 = 480.0;
const TOP: f64 = 16.0;

/// A chart; `link` gives the address of an incident's details, where there are any. `key` makes ids unique.
pub fn chart(chart: &Chart, key: &str, link: &dyn Fn(&str) -> Option<String>) -> String {
    let (height, body) = match &chart.data {
        ChartData::Stacked { categories, parts } => stacked(categories, parts),
        ChartData::Dots { groups } => dots(groups, link),
        ChartData::Bars { bars } => bars_chart(bars),
    };
    let width = if matches!(chart.data, ChartData::Bars { .. }) { BARS_WIDTH } else { WIDTH };
    // Links inside must stay reachable, which they are not in an image.
    let role = if matches!(chart.data, ChartData::Dots { .. }) { "group" } else { "img" };
    format!(
        "<svg viewBox=\"0 0 {width} {height:.0}\" role=\"{role}\" aria-labelledby=\"{key}-t {key}-d\">\
         <title id=\"{key}-t\">{}</title><desc id=\"{key}-d\">{}</desc>{body}</svg>",
        sanitise::html(&chart.title),
        sanitise::html(&chart.description),
    )
}

fn text(x: f64, y: f64, class: &str, anchor: &str, words: &str) -> String {
    let words = sanitise::html(words);
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\" text-anchor=\"{anchor}\">{words}</text>")
}

fn line(x1: f64, y1: f64, x2: f64, y2: f64, class: &str) -> String {
    format!("<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>")
}

/// The label of a line once more, at its other end: all that a small screen shows of it.
fn far(y: f64, words: &str) -> String {
    let words = sanitise::html(words);
    let (x, y) = (WIDTH - 2.0, y - 3.0);
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"tick far\" text-anchor=\"end\" aria-hidden=\"true\">{words}</text>"
    )
}

/// The class of a part: severities by their digit, the unknown apart.
fn part_class(name: &str) -> String {
    match name.chars().find(char::is_ascii_digit) {
        Some(level) => format!("s{level}"),
        None => "s0".to_owned(),
    }
}

/// A step of 1, 2 or 5 times a power of ten that gives at most five lines.
fn step(largest: usize) -> usize {
    let mut scale = 1;
    loop {
        for factor in [1, 2, 5] {
            if largest <= scale * factor * 5 {
                return scale * factor;
            }
        }
        scale *= 10;
    }
}

fn stacked(categories: &[String], parts: &[(String, Vec<usize>)]) -> (f64, String) {
    let (left, right, bottom) = (44.0, 8.0, TOP + 220.0);
    let total = |i: usize| parts.iter().map(|(_, n)| n.get(i).copied().unwrap_or(0)).sum::<usize>();
    let largest = (0..categories.len()).map(total).max().unwrap_or(0).max(1);
    let step = step(largest);
    let top_value = largest.div_ceil(step) * step;
    let y = |n: usize| bottom - n as f64 / top_value as f64 * (bottom - TOP);
    let mut body = String::new();
    for n in (0..=top_value).step_by(step) {
        body.push_str(&line(left, y(n), WIDTH - right, y(n), if n == 0 { "axis" } else { "grid" }));
        body.push_str(&text(left - 8.0, y(n) + 4.0, "tick", "end", &n.to_string()));
        body.push_str(&far(y(n), &n.to_string()));
    }
    let slot = (WIDTH - left - right) / categories.len().max(1) as f64;
    let bar = (slot * 0.66).min(56.0);
    // Labels that would touch are thinned out.
    let every = (56.0 / slot).ceil().max(1.0) as usize;
    for (i, category) in categories.iter().enumerate() {
        let middle = left + slot * (i as f64 + 0.5);
        let mut below = 0;
        for (name, counts) in parts {
            let n = counts.get(i).copied().unwrap_or(0);
            if n > 0 {
                let (top, height) = (y(below + n), y(below) - y(below + n));
                let words = sanitise::html(&format!("{category}, {name}: {n}"));
                body.push_str(&format!(
                    "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{bar:.1}\" height=\"{height:.1}\" class=\"{}\">\
                     <title>{words}</title></rect>",
                    middle - bar / 2.0,
                    part_class(name)
                ));
                below += n;
            }
        }
        if below > 0 {
            body.push_str(&text(middle, y(below) - 5.0, "value", "middle", &below.to_string()));
        }
        if (categories.len() - 1 - i).is_multiple_of(every) {
            body.push_str(&text(middle, bottom + 18.0, "tick", "middle", category));
        }
    }
    let (height, legend) = legend(parts, left, bottom + 44.0);
    (height, body + &legend)
}

fn legend(parts: &[(String, Vec<usize>)], left: f64, top: f64) -> (f64, String) {
    let (mut x, mut y, mut body) = (left, top, String::new());
    for (name, _) in parts {
        let width = 30.0 + name.chars().count() as f64 * 7.0;
        if x + width > WIDTH && x > left {
            x = left;
            y += 22.0;
        }
        body.push_str(&format!(
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"12\" height=\"12\" class=\"{}\"/>",
            y - 10.0,
            part_class(name)
        ));
        body.push_str(&text(x + 18.0, y, "tick", "start", name));
        x += width;
    }
    (y + 12.0, body)
}

/// Lengths of time that people think in, in minutes.
const TICKS: [f64; 14] = [
    1.0,
    5.0,
    15.0,
    60.0,
    240.0,
    720.0,
    1_440.0,
    4_320.0,
    10_080.0,
    43_200.0,
    129_600.0,
    525_600.0,
    2_628_000.0,
    5_256_000.0,
];

fn dots(groups: &[DotGroup], link: &dyn Fn(&str) -> Option<String>) -> (f64, String) {
    let (left, right, bottom) = (72.0, 8.0, TOP + 260.0);
    let values = groups.iter().flat_map(|g| &g.dots).map(|(m, _)| m.max(1.0));
    let low = values.clone().fold(f64::INFINITY, f64::min).min(30.0);
    let high = values.fold(0.0, f64::max).max(240.0);
    let from = TICKS.iter().copied().rev().find(|t| *t <= low).unwrap_or(1.0);
    let to = TICKS.iter().copied().find(|t| *t >= high).unwrap_or(high);
    let y = |m: f64| bottom - (m.max(1.0).ln() - from.ln()) / (to.ln() - from.ln()) * (bottom - TOP);
    let mut body = String::new();
    for tick in TICKS.iter().copied().filter(|t| (from..=to).contains(t)) {
        body.push_str(&line(left, y(tick), WIDTH - right, y(tick), if tick == from { "axis" } else { "grid" }));
        let words = duration(tick, Spelling::Roomy);
        body.push_str(&text(left - 8.0, y(tick) + 4.0, "tick", "end", &words));
        body.push_str(&far(y(tick), &words));
    }
    let slot = (WIDTH - left - right) / groups.len().max(1) as f64;
    for (i, group) in groups.iter().enumerate() {
        let middle = left + slot * (i as f64 + 0.5);
        for ((minutes, id), x) in group.dots.iter().zip(spread(&group.dots, middle, slot, &y)) {
            let words = sanitise::html(&format!("{id}: {}", duration(*minutes, Spelling::Roomy)));
            let dot = format!(
                "<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"4.5\" class=\"dot\"><title>{words}</title></circle>",
                y(*minutes)
            );
            match link(id) {
                Some(href) => body.push_str(&format!("<a href=\"{}\">{dot}</a>", sanitise::html(&href))),
                None => body.push_str(&dot),
            }
        }
        if let Some(median) = group.median {
            let half = (slot * 0.36).min(40.0);
            body.push_str(&line(middle - half, y(median), middle + half, y(median), "median"));
            let words = duration(median, Spelling::Tight);
            body.push_str(&text(middle, bottom + 50.0, "median-value", "middle", &words));
        }
        body.push_str(&text(middle, bottom + 18.0, "tick", "middle", &group.label));
        body.push_str(&text(middle, bottom + 34.0, "tick", "middle", &format!("n = {}", group.n)));
    }
    let key = bottom + 76.0;
    body.push_str(&format!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4.5\" class=\"dot\"/>", left + 5.0, key - 4.0));
    body.push_str(&text(left + 16.0, key, "tick", "start", "one incident"));
    body.push_str(&line(left + 112.0, key - 4.0, left + 140.0, key - 4.0, "median"));
    body.push_str(&text(left + 148.0, key, "tick", "start", "median"));
    (key + 12.0, body)
}

/// Where dots of nearly the same height stand: side by side, as far as there is room.
fn spread(dots: &[(f64, String)], middle: f64, slot: f64, y: &dyn Fn(f64) -> f64) -> Vec<f64> {
    const APART: f64 = 10.0;
    let reach = ((slot * 0.4 / APART) as usize).max(1);
    // By place and band of heights: only dots of the same and the neighbouring bands can touch.
    let mut taken: BTreeMap<(usize, i64), Vec<f64>> = BTreeMap::new();
    dots.iter()
        .enumerate()
        .map(|(nth, (minutes, _))| {
            let height = y(*minutes);
            let band = (height / APART).floor() as i64;
            let near = |place: usize| {
                let bands = (band - 1..=band + 1).filter_map(|b| taken.get(&(place, b)));
                bands.flatten().any(|h| (h - height).abs() < APART)
            };
            let place = (0..=2 * reach).find(|p| !near(*p)).unwrap_or(nth % (2 * reach + 1));
            taken.entry((place, band)).or_default().push(height);
            // 0, +1, −1, +2, −2 …
            let side = if place % 2 == 1 { 1.0 } else { -1.0 };
            middle + side * place.div_ceil(2) as f64 * APART
        })
        .collect()
}

fn bars_chart(bars: &[(String, usize)]) -> (f64, String) {
    const ROW: f64 = 26.0;
    const LABEL_COLUMNS: usize = 20;
    let left = 160.0;
    let largest = bars.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1) as f64;
    let mut body = String::new();
    for (i, (label, n)) in bars.iter().enumerate() {
        let top = TOP + ROW * i as f64;
        let width = *n as f64 / largest * (BARS_WIDTH - left - 40.0);
        let class = if label == "not known" || label == "none blamed" { "s0" } else { "bar" };
        let words = sanitise::html(&format!("{label}: {n}"));
        body.push_str(&text(left - 10.0, top + 14.0, "tick", "end", &truncate(&sanitise::line(label), LABEL_COLUMNS)));
        body.push_str(&format!(
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"18\" class=\"{class}\">\
             <title>{words}</title></rect>"
        ));
        body.push_str(&text(left + width + 8.0, top + 14.0, "value", "start", &n.to_string()));
    }
    let bottom = TOP + ROW * bars.len() as f64;
    body.push_str(&line(left, TOP - 6.0, left, bottom, "axis"));
    (bottom + 8.0, body)
}
