//! The names of an expression's groups.

use regex_syntax::hir::{Capture, Hir, HirKind};
use std::borrow::Cow;

/// By number, the whole first; empty where they have none.
pub fn groups(hir: &Hir) -> Vec<Cow<'static, str>> {
    let mut names = vec![Cow::default()];
    name(hir, &mut names);
    names
}

fn name(hir: &Hir, names: &mut Vec<Cow<'static, str>>) {
    match hir.kind() {
        HirKind::Capture(Capture { index, name: own, sub }) => {
            let nth = *index as usize;
            names.resize(names.len().max(nth + 1), Cow::default());
            if let (Some(known), Some(own)) = (names.get_mut(nth), own) {
                *known = Cow::Owned(own.to_string());
            }
            name(sub, names);
        }
        HirKind::Repetition(repetition) => name(&repetition.sub, names),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|p| name(p, names)),
        _ => {}
    }
}
