//! The names of an expression's groups.

use regex_syntax::hir::{Capture, Hir, HirKind};

/// By number, the whole first.
pub fn groups(hir: &Hir) -> Vec<Option<Box<str>>> {
    let mut names = vec![None];
    name(hir, &mut names);
    names
}

fn name(hir: &Hir, names: &mut Vec<Option<Box<str>>>) {
    match hir.kind() {
        HirKind::Capture(Capture { index, name: own, sub }) => {
            let nth = *index as usize;
            names.resize(names.len().max(nth + 1), None);
            if let Some(known) = names.get_mut(nth) {
                known.clone_from(own);
            }
            name(sub, names);
        }
        HirKind::Repetition(repetition) => name(&repetition.sub, names),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|p| name(p, names)),
        _ => {}
    }
}
