//! How much of a query stands close together in a record: everything that it asks for once, in whichever words.
//!
//! Knows nothing of where words come from and of what they are worth elsewhere.

/// Which terms of a query say the same.
pub struct Speakers {
    /// By term: those that it speaks for. A synonym speaks for the terms that it stands for, any other for itself.
    speaks_for: Vec<Vec<usize>>,
    /// By term: those that speak for it.
    said_by: Vec<Vec<usize>>,
}

impl Speakers {
    /// Of so many terms, given the synonyms among them, each with the terms that it stands for.
    pub fn new(terms: usize, synonyms: &[(usize, Vec<usize>)]) -> Self {
        let mut speaks_for: Vec<Vec<usize>> = (0..terms).map(|term| vec![term]).collect();
        for (synonym, members) in synonyms.iter().filter(|(_, members)| !members.is_empty()) {
            if let Some(own) = speaks_for.get_mut(*synonym) {
                own.clone_from(members);
            }
        }
        let mut said_by = vec![Vec::new(); terms];
        for (term, members) in speaks_for.iter().enumerate() {
            for member in members {
                if let Some(said_by) = said_by.get_mut(*member) {
                    said_by.push(term);
                }
            }
        }
        Speakers { speaks_for, said_by }
    }

    /// The most that is said within so many words: of each term, by whichever says it best. `told` has what each term
    /// is worth to a record, and its places there, ascending.
    pub fn best_window<'a>(&self, told: impl Iterator<Item = (f32, &'a [u32])>, words: usize) -> f32 {
        let told: Vec<(f32, &[u32])> = told.collect();
        // As one number each, place and term, which sorts soonest.
        let mut places = Vec::with_capacity(told.iter().map(|(_, at)| at.len()).sum());
        for (term, (_, at)) in (0_u64..).zip(&told) {
            places.extend(at.iter().map(|at| u64::from(*at) << 32 | term));
        }
        places.sort_unstable();
        let shares = told.iter().zip(&self.speaks_for).map(|((worth, _), speaks_for)| worth / speaks_for.len() as f32);
        let mut window = Window {
            speakers: self,
            shares: shares.collect(),
            inside: vec![0; told.len()],
            said: vec![0.0; told.len()],
            sum: 0.0,
        };
        let (mut best, mut first) = (0.0_f32, 0);
        for place in &places {
            window.enter(term_of(*place));
            while let Some(left) = places.get(first).filter(|first| (place >> 32) - (**first >> 32) > words as u64) {
                window.leave(term_of(*left));
                first += 1;
            }
            best = best.max(window.sum);
        }
        best
    }
}

fn term_of(place: u64) -> usize {
    place as u32 as usize
}

/// Some words of a record that follow each other.
struct Window<'a> {
    speakers: &'a Speakers,
    /// By term: what it is worth to each of those that it speaks for.
    shares: Vec<f32>,
    /// How often each term stands inside.
    inside: Vec<u32>,
    /// By term: what is said of it inside.
    said: Vec<f32>,
    sum: f32,
}

impl Window<'_> {
    fn enter(&mut self, term: usize) {
        let Some(count) = self.inside.get_mut(term) else { return };
        *count += 1;
        if *count > 1 {
            return;
        }
        let share = self.share(term);
        for member in self.speakers.speaks_for.get(term).into_iter().flatten() {
            if let Some(said) = self.said.get_mut(*member).filter(|said| **said < share) {
                self.sum += share - *said;
                *said = share;
            }
        }
    }

    fn leave(&mut self, term: usize) {
        let Some(count) = self.inside.get_mut(term) else { return };
        *count -= 1;
        if *count > 0 {
            return;
        }
        let share = self.share(term);
        for member in self.speakers.speaks_for.get(term).into_iter().flatten() {
            // What another says as well stays said.
            if self.said.get(*member).is_none_or(|said| *said > share) {
                continue;
            }
            let left = self.left(*member);
            if let Some(said) = self.said.get_mut(*member) {
                self.sum += left - *said;
                *said = left;
            }
        }
    }

    /// What those terms still say of one that stand inside.
    fn left(&self, member: usize) -> f32 {
        let said_by = self.speakers.said_by.get(member).into_iter().flatten();
        let inside = said_by.filter(|term| self.inside.get(**term).is_some_and(|count| *count > 0));
        inside.map(|term| self.share(*term)).fold(0.0, f32::max)
    }

    fn share(&self, term: usize) -> f32 {
        self.shares.get(term).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the terms 0 and 1, a synonym of both and one of the second.
    fn best(told: &[(f32, &[u32])]) -> f32 {
        Speakers::new(4, &[(2, vec![0, 1]), (3, vec![1])]).best_window(told.iter().copied(), 10)
    }

    #[test]
    fn everything_counts_once_where_it_is_said_best() {
        let none: (f32, &[u32]) = (0.0, &[]);
        assert_eq!(best(&[(2.0, &[5]), (3.0, &[9]), none, none]), 5.0);
        assert_eq!(best(&[(2.0, &[5]), (3.0, &[90]), none, none]), 3.0);
        // A synonym near by stands in for a word that is far away, and does not add to one near by.
        assert_eq!(best(&[(2.0, &[5]), (3.0, &[90]), none, (1.5, &[7])]), 3.5);
        assert_eq!(best(&[(2.0, &[5]), (3.0, &[9]), none, (1.5, &[7])]), 5.0);
        // Of two words it is worth half to each.
        assert_eq!(best(&[none, none, (3.0, &[4, 80]), none]), 3.0);
        assert_eq!(best(&[(2.0, &[5, 60]), none, (3.0, &[4, 80]), (1.0, &[81])]), 3.5);
        assert_eq!(best(&[none; 4]), 0.0);
    }

    #[test]
    fn what_has_left_is_no_longer_said() {
        assert_eq!(best(&[(2.0, &[1, 2]), (3.0, &[30]), (1.0, &[31]), (2.0, &[29])]), 3.5);
    }
}
