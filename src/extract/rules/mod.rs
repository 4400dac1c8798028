//! The catalogue of rules, in the order of the manual. The order never decides anything.

use super::rule::Rule;

pub mod action;
pub mod cause;
pub mod detection;
pub mod duration;
pub mod id;
pub mod impact;
pub mod kind;
mod memo;
pub mod milestone;
pub mod org;
pub mod provider;
pub mod service;
pub mod severity;
pub mod title;

pub use memo::Memo;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &id::own::RULE,
    &milestone::labelled::RULE,
    &milestone::timeline_entry::RULE,
    &milestone::timeline_echo::RULE,
    &milestone::timeline_remedy::RULE,
    &milestone::prose_range::RULE,
    &milestone::day::RULE,
    &milestone::prose_cue::RULE,
    &milestone::prose_order::RULE,
    &milestone::posted::RULE,
    &milestone::titled::RULE,
    &duration::labelled::RULE,
    &duration::told::RULE,
    &kind::template::RULE,
    &kind::index::RULE,
    &kind::process::RULE,
    &kind::maintenance::RULE,
    &kind::drill::RULE,
    &kind::incident::RULE,
    &kind::data::RULE,
    &kind::timeless::RULE,
    &kind::other::RULE,
    &kind::about::RULE,
    &title::field::RULE,
    &title::heading::RULE,
    &title::labelled::RULE,
    &title::first_line::RULE,
    &title::file_name::RULE,
    &org::field::RULE,
    &org::own_words::RULE,
    &org::page_line::RULE,
    &org::page_title::RULE,
    &provider::blamed::RULE,
    &provider::unnamed::RULE,
    &provider::depended::RULE,
    &provider::introduced::RULE,
    &provider::related::RULE,
    &cause::trigger::RULE,
    &cause::component::RULE,
    &cause::labelled::RULE,
    &cause::explained::RULE,
    &detection::labelled::RULE,
    &detection::noticed::RULE,
    &action::listed::RULE,
    &action::told::RULE,
    &action::labelled::RULE,
    &service::labelled::RULE,
    &service::titled::RULE,
    &service::listed::RULE,
    &service::placed::RULE,
    &impact::told::RULE,
    &severity::labelled::RULE,
    &severity::named::RULE,
    &severity::aligned::RULE,
];
