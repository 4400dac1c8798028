//! Words as data: cue words by what they tell, and the names of third parties. Loaded once from TOML.
//!
//! Knows nothing of documents: it is asked about a piece of text and answers with what stands where.

/// Declares the lists of a TOML file, so that a list that is missing there or unknown here cannot be overlooked: those
/// of cues, and then those of endings of words.
macro_rules! lists {
    (
        $(#[$of:meta])* $lists:ident = $vocabulary:ident;
        $($(#[$doc:meta])* $name:ident;)+
        $([endings] $($(#[$end_doc:meta])* $ending:ident;)+)?
    ) => {
        $(#[$of])*
        pub struct $lists {
            $($(#[$doc])* pub $name: Cues<()>,)+
            $($($(#[$end_doc])* pub $ending: &'static [&'static str],)+)?
        }

        static SHIPPED: $lists = $lists {
            $($name: Cues::listed(crate::text::listed_list!($vocabulary::$name)),)+
            $($($ending: *crate::text::listed_list!($vocabulary::$ending),)+)?
        };
    };
}

mod actions;
mod cues;
mod deeds;
mod forms;
mod kinds;
mod noticing;
mod places;
mod provider_names;
mod providers;
mod third_parties;
mod words;

pub use actions::{ActionWords, action_words, is_named};
pub use cues::{Cue, Cues};
pub use deeds::{Deed, bit, deeds};
pub use forms::{
    Asked, asks_cause, asks_for_part, asks_title, asks_who_noticed, is_blank, is_frame_word, is_no_org, is_unexplained,
    sentence_goes_on,
};
pub use kinds::{KindWords, kind_words};
pub use noticing::{Noticing, NoticingVerb, noticing};
pub use places::places;
pub use providers::{ExtraProvider, Mention, Provider, ProviderKind, ProviderVocabulary, providers};
pub use third_parties::{ThirdParties, is_one, third_parties};
pub use words::{
    Causes, Lists, Names, causes, explaining, is_ordinary_abroad, is_ordinary_word, lists, names, severity_levels,
};
