//! The numbers that ranking goes by, each with what it weighs.
//!
//! Knows nothing of how they are used.

/// Weights of the ranking. All are relative to an exact word found anywhere in a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// How soon repetition stops to count (k1 of BM25), and how much long records are held to their length (b): all of
    /// a record, and its parts.
    pub saturation: f32,
    pub length: f32,
    pub part_length: f32,
    /// How much more a rare word tells: the power of its inverse document frequency.
    pub rarity: f32,
    /// A word in the title, in names, in symptoms, in causes: added to what it tells anywhere.
    pub title: f32,
    pub names: f32,
    pub symptom: f32,
    pub cause: f32,
    /// A synonym instead of the words it stands for, what only goes with them, and either beside them.
    pub synonym: f32,
    pub related: f32,
    pub synonym_beside: f32,
    /// How much more a synonym of several words is worth than one of one: the power of their number.
    pub synonym_several: f32,
    /// How far a synonym tells only what all ways to say it tell together: a power. What most records say in one way or
    /// another tells little, however rare one of the ways is.
    pub alternatives: f32,
    /// Words stand together in this share of the records that hold the rarest of them.
    pub together: f32,
    /// A word that was probably meant, one slip away; squared for two.
    pub correction: f32,
    /// Two known words found where the query has them as one.
    pub split: f32,
    /// A part of a compound whose whole is looked for too.
    pub part: f32,
    /// Numbers other than statuses, and ids and hashes: they rarely come back.
    pub number: f32,
    pub hash: f32,
    /// The names of values in an alert.
    pub key: f32,
    /// Each further time a word stands in the query.
    pub repeated: f32,
    /// Neighbours in the query that are close in the record.
    pub pair: f32,
    /// Words of the query within so many words of the record.
    pub window: f32,
    pub window_words: usize,
    /// A title that is all about the query; the first so many words of a record.
    pub title_share: f32,
    pub lead: f32,
    pub lead_words: usize,
    /// How much a record loses that holds only some of the query: the power of the share it holds.
    pub coverage: f32,
    /// A quoted phrase, found as it stands.
    pub phrase: f32,
    /// A word that no one asked for but that the best hits share; the most telling of them weighs this, the rest less.
    pub feedback: f32,
    /// Hits that such words come from, and how many words.
    pub feedback_hits: usize,
    /// How much of such a word counts for the hit that it comes from.
    pub feedback_own: f32,
    /// What such words can add at most, as a share of what a record holds of the query itself. The more they are, the
    /// less each adds: best hits that share another subject would carry the ranking off to it ("query drift").
    pub feedback_most: f32,
    pub feedback_words: usize,
    /// The share of the query that the best hits hold with which such words begin to count, and from which they count
    /// in full: hits that hold little of it are chance.
    pub feedback_held: f32,
    pub feedback_sure: f32,
    /// A record whose trigger or component is one that the query speaks of: added to its score, of which it is a share.
    pub trigger: f32,
    pub component: f32,
    /// A record of the time that the query says: as a word that so few of the candidates hold.
    pub when: f32,
    /// What is left of the score of a record of another time, or of none.
    pub untimely: f32,
    /// Everyday words, which tell little however rare they are in a small store.
    pub plain: f32,
    /// Documents that report no incident: runbooks, templates, indexes; incidents, where such a page is asked for.
    pub no_incident: f32,
    /// Each further incident of one document.
    pub same_document: f32,
}

impl Tuning {
    pub const DEFAULT: Tuning = Tuning {
        saturation: 1.8,
        length: 0.7,
        part_length: 0.6,
        rarity: 1.0,
        title: 0.5,
        names: 0.3,
        symptom: 0.3,
        cause: 0.3,
        synonym: 0.7,
        related: 0.33,
        synonym_beside: 0.55,
        synonym_several: 0.7,
        alternatives: 0.45,
        together: 0.3,
        correction: 0.9,
        split: 0.8,
        part: 0.57,
        number: 0.3,
        hash: 0.3,
        key: 0.45,
        repeated: 0.25,
        pair: 0.45,
        window: 1.9,
        window_words: 40,
        title_share: 0.5,
        lead: 0.2,
        lead_words: 150,
        coverage: 0.0,
        phrase: 1.0,
        feedback: 0.27,
        feedback_hits: 3,
        feedback_own: 0.5,
        feedback_most: 0.75,
        feedback_words: 15,
        feedback_held: 0.2,
        feedback_sure: 0.5,
        trigger: 0.2,
        component: 0.065,
        when: 2.0,
        untimely: 0.6,
        plain: 0.5,
        no_incident: 0.9,
        same_document: 0.85,
    };
}
