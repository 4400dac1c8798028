//! Opening the store for a verb, and telling its errors with what can be done.

use super::{Settings, hinted};
use crate::store::{Store, StoreError};

/// The generation that counts.
pub fn open(settings: &Settings) -> anyhow::Result<Store> {
    Store::open(&settings.store).map_err(told)
}

/// The error with its hint.
pub fn told(error: StoreError) -> anyhow::Error {
    match error.hint() {
        Some(hint) => hinted(error, hint),
        None => error.into(),
    }
}
