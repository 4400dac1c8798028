//! The numbers that ranking goes by, each with what it weighs.
//!
//! Knows nothing of how they are used.

/// Weights of the ranking. All are relative to an exact word found anywhere in a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// A word in the title, in names, in symptoms, in causes: added to what it tells anywhere.
    pub title: f32,
    pub names: f32,
    pub symptom: f32,
    pub cause: f32,
    /// The words of one synonym group, together.
    pub synonym: f32,
    /// A word that was probably meant, one slip away; squared for two.
    pub correction: f32,
    /// Two known words found where the query has them as one.
    pub split: f32,
    /// A part of a compound whose whole is looked for too.
    pub part: f32,
    /// Numbers other than statuses, and ids and hashes: they rarely come back.
    pub number: f32,
    pub hash: f32,
    /// Each further time a word stands in the query.
    pub repeated: f32,
    /// Neighbours in the query that are close in the record.
    pub pair: f32,
    /// A quoted phrase, found as it stands.
    pub phrase: f32,
    /// A word that no one asked for but that the best hits share; the most telling of them weighs this, the rest less.
    pub feedback: f32,
    /// Hits that such words come from, and how many words.
    pub feedback_hits: usize,
    pub feedback_words: usize,
    /// Everyday words, which tell little however rare they are in a small store.
    pub plain: f32,
    /// Documents that report no incident: runbooks, templates, indexes.
    pub no_incident: f32,
}

impl Tuning {
    pub const DEFAULT: Tuning = Tuning {
        title: 0.5,
        names: 0.2,
        symptom: 0.3,
        cause: 0.2,
        synonym: 0.45,
        correction: 0.8,
        split: 0.8,
        part: 0.6,
        number: 0.3,
        hash: 0.3,
        repeated: 0.2,
        pair: 0.6,
        phrase: 2.0,
        feedback: 0.15,
        feedback_hits: 3,
        feedback_words: 15,
        plain: 0.5,
        no_incident: 0.9,
    };
}
