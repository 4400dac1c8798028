//! Average linkage: the most alike first, and two groups join while their pairs are alike on average, so that no chain
//! of half-likes makes a group.

use super::sparse::Sparse;
use super::vectors::{LIKENESS_MIN, Pair};

/// More members than this are not joined: it would be a topic, not a repeat.
const MEMBERS_MAX: usize = 50;

/// Members by their places, and the mean likeness of their pairs.
pub type Group = (Vec<usize>, f32);

/// The groups of two and more among `count` incidents, in order of their first members.
pub fn joined(count: usize, pairs: &[Pair]) -> Vec<Group> {
    let both = |(one, other, likeness): &Pair| [(*one, (*other, *likeness)), (*other, (*one, *likeness))];
    let likes = Sparse::of(count, pairs.iter().flat_map(both));
    // As one number each: the most alike first, then by place. Likeness is above 0, where the bits of a number have its
    // order.
    let key = |(a, b, likeness): &Pair| u128::from(!likeness.to_bits()) << 64 | u128::from(*a) << 32 | u128::from(*b);
    let mut order: Vec<u128> = pairs.iter().map(key).collect();
    order.sort_unstable();
    // What is like nothing joins nothing.
    let alone = |at: usize| if likes.row(at).is_empty() { Vec::new() } else { vec![at] };
    let mut groups: Vec<Vec<usize>> = (0..count).map(alone).collect();
    let mut group_of: Vec<usize> = (0..count).collect();
    for key in order {
        let (a, b) = ((key >> 32) as u32 as usize, key as u32 as usize);
        let (Some(one), Some(other)) = (group_of.get(a).copied(), group_of.get(b).copied()) else { continue };
        let (Some(first), Some(second)) = (groups.get(one), groups.get(other)) else { continue };
        let sizes = (first.len(), second.len());
        if one == other || sizes.0 + sizes.1 > MEMBERS_MAX {
            continue;
        }
        // From the side that has fewer members, which has fewer pairs to look at.
        let (near, far) = if sizes.0 <= sizes.1 { (first, other) } else { (second, one) };
        let sum: f32 = near.iter().flat_map(|at| of_group(&likes, *at, &group_of, far)).map(|(_, l)| l).sum();
        if sum / ((sizes.0 * sizes.1) as f32) < LIKENESS_MIN {
            continue;
        }
        let moved = groups.get_mut(other).map(std::mem::take).unwrap_or_default();
        for at in &moved {
            if let Some(group) = group_of.get_mut(*at) {
                *group = one;
            }
        }
        if let Some(group) = groups.get_mut(one) {
            group.extend(moved);
        }
    }
    let mean = |(at, members): (usize, Vec<usize>)| {
        let count = members.len() * (members.len() - 1) / 2;
        let pairs = members.iter().flat_map(|m| of_group(&likes, *m, &group_of, at).filter(move |(o, _)| o > m));
        let sum: f32 = pairs.map(|(_, likeness)| likeness).sum();
        (members, sum / count.max(1) as f32)
    };
    groups.into_iter().enumerate().filter(|(_, members)| members.len() > 1).map(mean).collect()
}

/// The incidents of a group that one is like.
fn of_group<'a>(
    likes: &'a Sparse<(u32, f32)>,
    at: usize,
    group_of: &'a [usize],
    group: usize,
) -> impl Iterator<Item = (usize, f32)> + 'a {
    let likes = likes.row(at).iter().map(|(other, likeness)| (*other as usize, *likeness));
    likes.filter(move |(other, _)| group_of.get(*other) == Some(&group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_likes_make_no_chain() {
        let pairs = [(0, 1, 0.9), (1, 2, 0.3), (2, 3, 0.31), (4, 5, 0.4)];
        let mut groups: Vec<Vec<usize>> = joined(7, &pairs).into_iter().map(|(m, _)| m).collect();
        groups.iter_mut().for_each(|g| g.sort_unstable());
        groups.sort();
        assert_eq!(groups, [vec![0, 1], vec![2, 3], vec![4, 5]]);
    }

    #[test]
    fn what_would_be_a_topic_is_cut_and_means_are_over_all_pairs() {
        let all: Vec<Pair> = (0..60).flat_map(|a| (a + 1..60).map(move |b| (a, b, 0.5))).collect();
        let sizes: Vec<usize> = joined(60, &all).iter().map(|(members, _)| members.len()).collect();
        assert_eq!(sizes, [50, 10]);
        let (members, mean) = joined(3, &[(0, 1, 0.9), (0, 2, 0.6)]).remove(0);
        assert_eq!(members.len(), 3);
        assert!((mean - 0.5).abs() < 1e-6, "{mean}");
    }
}
